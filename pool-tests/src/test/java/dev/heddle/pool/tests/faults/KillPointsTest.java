package dev.heddle.pool.tests.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.tests.ChildJvm;
import dev.heddle.pool.tests.faults.Faults.Call;
import dev.heddle.pool.tests.faults.Faults.Fault;
import dev.heddle.pool.tests.faults.Faults.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process is killed before, in the middle of, and after each system call of a pool's life that
 * changes a file: while it opens, commits, moves the WAL, copies, compacts, closes. Whoever opens
 * the file next finds what was acknowledged, nothing that was rolled back, and no unit by half.
 *
 * <p>{@code -Dheddle.killpoints.rounds=} says how many of these points are tried, as they come with
 * {@code -Dheddle.seed=}; there are about a thousand.
 */
@Tag("slow")
class KillPointsTest {

  private static final int ROUNDS = Integer.getInteger("heddle.killpoints.rounds", 40);
  private static final long SEED = Long.getLong("heddle.seed", 1);

  /** How a process ends that was sent SIGKILL. */
  private static final int KILLED = 128 + 9;

  @TempDir(factory = InMemory.class)
  Path folder;

  /**
   * Where a process ends.
   *
   * @param heir whether it opens what another one left that was killed, or a new file
   * @param number which call it is, of those that change a file
   */
  private record Point(boolean heir, Fault kill, long number) {}

  @Test
  @Timeout(1200)
  void life_endsAtACall_theNextOneFindsWhatWasAcknowledged() throws Exception {
    FaultyJvm jvm = FaultyJvm.compiled();
    ShortLife.leaveWal(left(folder));
    List<Point> points = points(jvm);
    Collections.shuffle(points, new Random(SEED));
    List<Point> tried = points.subList(0, Math.min(ROUNDS, points.size()));
    AtomicInteger kills = new AtomicInteger();
    FaultyJvm.tryAll(tried, point -> kills.addAndGet(isKilled(jvm, point) ? 1 : 0));
    int killed = kills.get();
    // What upkeep does meanwhile may be a call more or less, so that some live to their end.
    assertTrue(killed > tried.size() * 3 / 4, killed + " were killed of " + tried.size());
    System.out.println("%d points of %d, %d kills".formatted(tried.size(), points.size(), killed));
  }

  private static Path left(Path folder) {
    return folder.resolve("left.db");
  }

  private List<Point> points(FaultyJvm jvm) throws Exception {
    List<Point> points = new ArrayList<>();
    for (boolean heir : new boolean[] {false, true}) {
      try (ChildJvm child = start(jvm, new Point(heir, Fault.NONE, 1), "counted-" + heir)) {
        long calls = Long.parseLong(child.said().getLast());
        for (long number = 1; number <= calls; number++) {
          for (Fault kill :
              List.of(Fault.KILL_BEFORE, Fault.KILL_IN_THE_MIDDLE, Fault.KILL_AFTER)) {
            points.add(new Point(heir, kill, number));
          }
        }
      }
    }
    return points;
  }

  private ChildJvm start(FaultyJvm jvm, Point point, String name) throws IOException {
    Path own = Files.createDirectory(folder.resolve(name));
    return jvm.start(
        Child.class, own.resolve("life.db"), left(folder), point.heir, point.kill, point.number);
  }

  /** True if it was; what it left is right in any case. */
  private boolean isKilled(FaultyJvm jvm, Point point) throws Exception {
    String name = point.kill + "-" + point.heir + "-" + point.number;
    Ledger ledger = new Ledger();
    try (ChildJvm child = start(jvm, point, name).killedWhenItHangs()) {
      child.said().stream().filter(line -> line.contains(" ")).forEach(ledger::read);
      int end = child.awaitEnd();
      assertTrue(end == KILLED || end == 0, () -> point + ", the child ended badly: " + end);
      Path file = folder.resolve(name).resolve("life.db");
      new ShortLife(file, ledger).requireWholeBackup();
      Aftermath.requireLeft(file, ledger);
      return end == KILLED;
    } catch (AssertionError | Exception e) {
      throw new AssertionError(point + ", seed " + SEED + ", told " + ledger, e);
    }
  }

  /** The process that is killed. */
  static final class Child {

    private Child() {}

    public static void main(String[] arguments) throws Exception {
      Ledger ledger = new Ledger((id, fate) -> ChildJvm.say(fate + " " + id));
      ShortLife life = new ShortLife(Path.of(arguments[0]), ledger);
      if (Boolean.parseBoolean(arguments[2])) {
        life.inherit(Path.of(arguments[1]));
      }
      Rule rule = Rule.of(Fault.valueOf(arguments[3]), Call.CHANGING);
      Faults.set(rule.at(Long.parseLong(arguments[4]), 1));
      life.live();
      life.end();
      assertEquals(List.of(), List.copyOf(ledger.surprises()));
      ChildJvm.say(Long.toString(Faults.seen()));
    }
  }
}
