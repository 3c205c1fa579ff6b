package dev.heddle.pool.tests.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.tests.ChildJvm;
import dev.heddle.pool.tests.Database;
import dev.heddle.pool.tests.faults.Faults.Call;
import dev.heddle.pool.tests.faults.Faults.Fault;
import dev.heddle.pool.tests.faults.Faults.Kind;
import dev.heddle.pool.tests.faults.Faults.Rule;
import dev.heddle.pool.tests.faults.Ledger.Fate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The WAL fails in the COMMIT that three units share: one of its writes, or its sync, and perhaps
 * what the pool does next. Each is told the same; then the process is killed, and what the next one
 * finds in the WAL is what they were told. With synchronous=FULL, as always.
 *
 * <p>{@code -Dheddle.groupfault.rounds=} says how many of these cases are tried, as they come with
 * {@code -Dheddle.seed=}.
 */
@Tag("slow")
class GroupFaultTest {

  private static final int ROUNDS = Integer.getInteger("heddle.groupfault.rounds", 16);
  private static final long SEED = Long.getLong("heddle.seed", 1);

  private static final Set<Long> GROUP = Set.of(1L, 2L, 3L);
  private static final long LATER = 4;

  /** Written in the end, when there is nothing to come but the kill. */
  private static final String READY = "ready";

  @TempDir(factory = InMemory.class)
  Path folder;

  /**
   * What fails.
   *
   * @param first which call of the COMMIT
   * @param times how many calls, beginning with it
   * @param later whether another unit commits afterwards, when nothing fails any more
   */
  private record Case(Fault fault, int first, int times, boolean later) {}

  @Test
  @Timeout(1200)
  void commit_walFailsAndTheProcessIsKilled_theFileHoldsWhatTheUnitsWereTold() throws Exception {
    FaultyJvm jvm = FaultyJvm.compiled();
    int calls = calls(jvm);
    assertTrue(calls > 1, () -> calls + " calls of a COMMIT");
    List<Case> cases = cases(calls);
    Collections.shuffle(cases, new Random(SEED));
    // The sync comes last, and only then there is a whole transaction in the WAL, to be found.
    cases.sort(Comparator.comparing(what -> what.first != calls));
    List<Case> tried = cases.subList(0, Math.min(ROUNDS, cases.size()));
    FaultyJvm.tryAll(tried, what -> require(jvm, what));
    System.out.println(tried.size() + " cases of " + cases.size());
  }

  private static List<Case> cases(int calls) {
    List<Case> cases = new ArrayList<>();
    for (Fault fault : List.of(Fault.EIO, Fault.TORN, Fault.ENOSPC)) {
      for (int first = 1; first <= calls; first++) {
        for (int times : new int[] {1, 2, 3, Integer.MAX_VALUE}) {
          cases.add(new Case(fault, first, times, false));
          cases.add(new Case(fault, first, times, true));
        }
      }
    }
    return cases;
  }

  /** How often a COMMIT writes to the WAL and syncs it, if nothing fails. */
  private int calls(FaultyJvm jvm) throws Exception {
    Path file = folder.resolve("counted.db");
    try (ChildJvm child = start(jvm, file, new Case(Fault.NONE, 1, 1, false))) {
      return Integer.parseInt(child.said(GROUP.size() + 2).getLast());
    }
  }

  private static ChildJvm start(FaultyJvm jvm, Path file, Case what) throws IOException {
    return jvm.start(Child.class, file, what.fault, what.first, what.times, what.later)
        .killedWhenItHangs();
  }

  private void require(FaultyJvm jvm, Case what) throws Exception {
    Path own = Files.createDirectory(folder.resolve(what.toString()));
    Ledger ledger = new Ledger();
    try {
      liveAndDie(jvm, what, own, ledger);
      requireTold(what, ledger);
      Aftermath.requireLeft(own.resolve("group.db"), ledger);
      requireAllOrNone(own.resolve("group.db"));
    } catch (AssertionError | Exception e) {
      throw new AssertionError(what + ", seed " + SEED + ", told " + ledger, e);
    }
  }

  private static void liveAndDie(FaultyJvm jvm, Case what, Path own, Ledger ledger)
      throws Exception {
    try (ChildJvm child = start(jvm, own.resolve("group.db"), what)) {
      for (String line = next(child); !line.equals(READY); line = next(child)) {
        ledger.read(line);
      }
      child.kill();
      child.awaitEnd();
    }
  }

  private static void requireTold(Case what, Ledger ledger) {
    Set<Long> unknown = ledger.all(Fate.UNKNOWN);
    Set<Long> gone = ledger.all(Fate.GONE);
    assertTrue(GROUP.equals(unknown) || GROUP.equals(gone), "not all alike");
    assertEquals(what.times == 1 ? GROUP : gone, gone, "only one call failed");
  }

  private static String next(ChildJvm child) throws IOException {
    List<String> said = child.said(1);
    assertEquals(1, said.size(), "the child has ended");
    return said.getFirst();
  }

  private static void requireAllOrNone(Path file) throws Exception {
    String count = Database.ask(file, "SELECT count(*) FROM a WHERE id <= " + GROUP.size());
    assertTrue(Set.of("0", Integer.toString(GROUP.size())).contains(count), () -> count + " kept");
  }

  /** The process whose WAL fails. */
  static final class Child {

    private Child() {}

    public static void main(String[] arguments) throws Exception {
      SqlitePool pool =
          SqlitePool.open(
              PoolConfig.builder(Path.of(arguments[0]))
                  .readers(1)
                  .groupMaxAge(Duration.ofSeconds(10))
                  .acquireTimeout(Duration.ofMinutes(1))
                  .build());
      pool.useWriter(lease -> lease.script(Ledger.TABLES));
      Ledger ledger = new Ledger((id, fate) -> ChildJvm.say(fate + " " + id));
      Faults.set(
          Rule.of(Fault.valueOf(arguments[1]), EnumSet.of(Call.WRITE, Call.SYNC))
              .on(Kind.WAL)
              .at(Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3])));
      Units.commitTogether(pool, ledger, 1, 2, 3);
      long calls = Faults.seen();
      if (Boolean.parseBoolean(arguments[4])) {
        Faults.clear();
        commitLater(pool, ledger);
      }
      assertEquals(List.of(), List.copyOf(ledger.surprises()));
      ChildJvm.say(READY);
      ChildJvm.say(Long.toString(calls));
      Thread.sleep(Duration.ofMinutes(1));
    }

    /** The writer that has failed may say so once more before it is replaced. */
    private static void commitLater(SqlitePool pool, Ledger ledger) throws Exception {
      ledger.call(() -> pool.useWriter(lease -> lease.query("SELECT 1 FROM a")));
      ledger.unit(LATER, () -> Units.commit(pool, LATER));
      assertEquals(Set.of(LATER), ledger.all(Fate.KEPT));
    }
  }
}
