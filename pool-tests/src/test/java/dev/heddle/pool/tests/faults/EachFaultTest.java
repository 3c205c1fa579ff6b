package dev.heddle.pool.tests.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.tests.ChildJvm;
import dev.heddle.pool.tests.faults.Faults.Call;
import dev.heddle.pool.tests.faults.Faults.Fault;
import dev.heddle.pool.tests.faults.Faults.Rule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every single system call of a pool's life fails once, in one life after the other, as SQLite
 * itself is tested (<a href="https://sqlite.org/testing.html">sqlite.org/testing.html</a>, 3.2 and
 * 3.3). Each call then ends honestly, the pool goes on as soon as nothing fails any more, and the
 * file holds what everybody was told.
 *
 * <p>{@code -Dheddle.eachfault.step=1} has every call fail, and not only every so many.
 */
@Tag("slow")
class EachFaultTest {

  private static final int STEP = Integer.getInteger("heddle.eachfault.step", 9);

  private static final Duration LIMIT = Duration.ofMinutes(20);

  @TempDir(factory = InMemory.class)
  Path folder;

  /** What strikes the calls that it can strike, each in a life of its own. */
  enum Plague {
    IO_ERROR(Fault.EIO, EnumSet.allOf(Call.class), 1),
    /** Not of locks: SQLite takes it for somebody else's, and waits for seconds. */
    IO_ERRORS_FROM_THEN_ON(
        Fault.EIO, EnumSet.complementOf(EnumSet.of(Call.LOCK)), Integer.MAX_VALUE),
    DISK_FULL(Fault.ENOSPC, EnumSet.of(Call.OPEN, Call.WRITE, Call.TRUNCATE), 1),
    DISK_FULL_FROM_THEN_ON(Fault.ENOSPC, EnumSet.of(Call.OPEN, Call.WRITE), Integer.MAX_VALUE),
    /** Of most calls SQLite makes another one then, and would for ever. */
    INTERRUPTED_CALL(Fault.EINTR, EnumSet.allOf(Call.class), 2),
    HALF_A_CALL(Fault.HALF, EnumSet.of(Call.READ, Call.WRITE), 2),
    DONE_BY_HALF_AND_FAILED(
        Fault.TORN, EnumSet.of(Call.WRITE, Call.SYNC, Call.TRUNCATE, Call.UNLINK), 1),
    LOCKED(Fault.EAGAIN, EnumSet.of(Call.LOCK), 1),
    LOCKED_FOR_A_WHILE(Fault.EAGAIN, EnumSet.of(Call.LOCK), 8),
    OUT_OF_MEMORY(Fault.ENOMEM, EnumSet.of(Call.MAP, Call.OPEN), 1);

    private final Fault fault;

    @SuppressWarnings("ImmutableEnumChecker") // nobody changes it
    private final Set<Call> calls;

    private final int times;

    Plague(Fault fault, Set<Call> calls, int times) {
      this.fault = fault;
      this.calls = calls;
      this.times = times;
    }

    private Rule at(long n) {
      return Rule.of(fault, calls).at(n, times);
    }
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(1300)
  void life_eachCallFails_endsHonestlyAndGoesOn(Plague plague) throws Exception {
    FaultyJvm jvm = FaultyJvm.compiled();
    try (ChildJvm child = jvm.start(Child.class, folder, plague, STEP).killedAfter(LIMIT)) {
      List<String> said = child.said();
      assertEquals(0, child.awaitEnd(), () -> "the child ended badly: " + said);
      assertEquals(1, said.size(), () -> String.join("\n", said));
      System.out.println(plague + ": " + said.getLast());
    }
  }

  /** The process whose calls fail. */
  static final class Child {

    private static final int MOST_SHOWN = 5;

    private final Path folder;
    private final Plague plague;
    private int lives;
    private long struck;
    private int bad;

    private Child(Path folder, Plague plague) {
      this.folder = folder;
      this.plague = plague;
    }

    public static void main(String[] arguments) throws Exception {
      Child child = new Child(Path.of(arguments[0]), Plague.valueOf(arguments[1]));
      ShortLife.leaveWal(child.left());
      for (boolean heir : new boolean[] {false, true}) {
        child.liveAll(heir, Integer.parseInt(arguments[2]));
      }
      assertTrue(child.struck > 0, "no call has failed");
      ChildJvm.say("%d lives, %d calls failed".formatted(child.lives, child.struck));
    }

    private Path left() {
      return folder.resolve("left.db");
    }

    private void liveAll(boolean heir, int step) throws Exception {
      long calls = live(heir, Rule.of(Fault.NONE, plague.calls));
      for (long n = 1; n <= calls && bad < MOST_SHOWN; n += step) {
        live(heir, plague.at(n));
      }
    }

    /** One life; how many calls it made of those that may fail. */
    private long live(boolean heir, Rule rule) throws Exception {
      Path own = Files.createDirectory(folder.resolve("life-" + ++lives));
      Path file = own.resolve("life.db");
      Ledger ledger = new Ledger();
      try {
        ShortLife life = new ShortLife(file, ledger);
        live(life, heir, rule);
        assertEquals(List.of(), List.copyOf(ledger.surprises()));
        assertTrue(rule.fault() != Fault.NONE || ledger.states().isEmpty(), ledger.states() + "");
        Aftermath.requireLeft(file, ledger);
        life.requireWholeBackup();
      } catch (AssertionError | Exception e) {
        bad++;
        e.printStackTrace();
        ChildJvm.say("%s struck %s, heir %s: %s".formatted(rule, Faults.latest(), heir, e));
      }
      struck += Faults.struck();
      remove(own);
      return Faults.seen();
    }

    private void live(ShortLife life, boolean heir, Rule rule) throws Exception {
      if (heir) {
        life.inherit(left());
      }
      Faults.set(rule);
      try {
        life.live();
        if (life.isOpen() && Faults.struck() > 0) {
          Faults.clear();
          life.recover();
        } else if (life.isOpen()) {
          life.end(); // which may be what fails
        }
      } finally {
        Faults.clear();
      }
    }

    private static void remove(Path folder) throws Exception {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    }
  }
}
