package dev.heddle.pool.internal.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.internal.lane.ScriptedTransaction.How;
import dev.heddle.pool.internal.lane.ScriptedTransaction.Mishap;
import dev.heddle.pool.internal.lane.ScriptedTransaction.Step;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A crowd of units on virtual threads, each with another fate; a model says what is right. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class LaneGroupTest {

  private static final int UNITS = 2_000;
  private static final int MAX_UNITS = 8;
  private static final List<Fate> FATES = List.of(Fate.values());
  private static final long LONG = TimeUnit.SECONDS.toNanos(60);
  private static final long SHORT = TimeUnit.MILLISECONDS.toNanos(1);

  private final ScriptedTransaction transaction = new ScriptedTransaction();
  private final GroupTally tally = new GroupTally();
  private final Group<Mishap> group = new Group<>(MAX_UNITS, SHORT, tally, Parking.SYSTEM);
  private final Custody custody = new Custody();
  private final Lane<ScriptedTransaction> lane =
      new Lane<>(
          "test",
          List.of(transaction),
          Lane.UNLIMITED,
          Terms.FOR_EVER,
          new WatchedTurnover(new UnitTurnover(group), custody),
          new Tally<>(),
          Parking.SYSTEM);

  /** Units that were begun; each of them is told to the outside, one way or the other. */
  private final AtomicInteger begun = new AtomicInteger();

  private final List<Unit> units = new ArrayList<>();
  private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();
  private final CountDownLatch half = new CountDownLatch(UNITS / 2);

  /** What a unit does, or what is done to it; for most it is the first. */
  private enum Fate {
    COMMIT,
    COMMIT_AND_LET_NOBODY_IN,
    COMMIT_APART,
    COMMIT_WHAT_IS_UNWELCOME,
    COMMIT_INTERRUPTED,
    COMMIT_AS_IT_IS_REVOKED,
    COMMIT_AS_IT_IS_ENDED,
    COMMIT_IN_VAIN,
    FAIL_TO_BEGIN,
    FAIL_TO_MARK,
    FAIL_TO_KEEP,
    LOSE_AS_IT_KEEPS,
    UNDO,
    FAIL_TO_UNDO,
    LOSE,
    CALL_AND_DO_NOTHING,
    DO_NOTHING
  }

  /** Notices a second user. */
  private static final class Custody {

    private final AtomicBoolean taken = new AtomicBoolean();
    private final AtomicInteger intrusions = new AtomicInteger();

    void take() {
      if (taken.getAndSet(true)) {
        intrusions.incrementAndGet();
      }
    }

    void leave() {
      if (!taken.getAndSet(false)) {
        intrusions.incrementAndGet();
      }
    }
  }

  private record WatchedTurnover(Turnover<ScriptedTransaction> turnover, Custody custody)
      implements Turnover<ScriptedTransaction> {

    @Override
    public ScriptedTransaction clean(ScriptedTransaction resource) {
      custody.take();
      ScriptedTransaction clean = turnover.clean(resource);
      custody.leave();
      return clean;
    }

    @Override
    public boolean mayGoOn(ScriptedTransaction resource) {
      custody.take();
      boolean may = turnover.mayGoOn(resource);
      custody.leave();
      return may;
    }

    @Override
    public Runnable settle(ScriptedTransaction resource) {
      custody.take();
      Runnable afterwards = turnover.settle(resource);
      custody.leave();
      return afterwards;
    }
  }

  /** One unit, as a writer's lease goes about it. */
  private final class Unit implements Runnable {

    private final int number;
    private final Fate fate;
    private final long patience;

    // Read by the test when the thread has ended.
    private @Nullable Outcome outcome;
    private @Nullable Throwable unexpected;

    /** What was committed just after this unit was, each time that it was. */
    private final List<BitSet> atCommit = new ArrayList<>();

    Unit(int number, Random random) {
      this.number = number;
      int fates = FATES.size();
      this.fate = FATES.get(Math.max(0, random.nextInt(4 * fates) - 3 * fates));
      this.patience = random.nextInt(10) == 0 ? SHORT : LONG;
    }

    @Override
    public void run() {
      try {
        live();
      } catch (Refusal | Mishap e) {
        // It has no outcome then.
      } catch (Throwable t) {
        unexpected = t;
      } finally {
        half.countDown();
      }
    }

    private void live() throws Refusal, Mishap {
      Hold<ScriptedTransaction> hold = new Hold<>(Terms.labelled(null));
      lane.acquire(hold, patience);
      startMeddler(hold);
      try {
        letOthersCome();
        use(hold);
        letOthersCome();
        finish(hold);
      } finally {
        end(hold);
      }
    }

    /** Another thread that does something to this one. */
    private void startMeddler(Hold<ScriptedTransaction> hold) {
      Thread unit = Thread.currentThread();
      switch (fate) {
        case COMMIT_INTERRUPTED -> start(unit::interrupt);
        case COMMIT_AS_IT_IS_ENDED -> start(() -> end(hold));
        case COMMIT_AS_IT_IS_REVOKED -> start(() -> revoke(hold));
        default -> {}
      }
    }

    private void end(Hold<ScriptedTransaction> hold) {
      if (hold.end()) {
        lane.handBack(hold);
      }
    }

    private void revoke(Hold<ScriptedTransaction> hold) {
      if (hold.revoke(Revocation.OVERDUE) == Hold.Taken.NOW) {
        lane.handBack(hold);
      }
    }

    private void use(Hold<ScriptedTransaction> hold) throws Mishap {
      if (fate == Fate.DO_NOTHING || !lane.enter(hold)) {
        return;
      }
      custody.take();
      try {
        if (fate != Fate.CALL_AND_DO_NOTHING) {
          begin(hold);
          write();
        }
      } finally {
        custody.leave();
        if (!hold.exit()) {
          lane.handBack(hold);
        }
      }
    }

    private void begin(Hold<ScriptedTransaction> hold) throws Mishap {
      if (fate == Fate.FAIL_TO_BEGIN) {
        transaction.fails(Step.BEGIN, How.REFUSED);
      } else if (fate == Fate.FAIL_TO_MARK) {
        transaction.fails(Step.MARK, How.REFUSED);
      }
      if (fate == Fate.COMMIT_APART) {
        group.settle().run();
      }
      group.begin(transaction);
      hold.use();
      begun.incrementAndGet();
    }

    /** What fails later may fail for another unit: the script does not tell them apart. */
    private void write() {
      transaction.write(number);
      switch (fate) {
        case COMMIT_AND_LET_NOBODY_IN -> group.complete();
        case COMMIT_WHAT_IS_UNWELCOME -> {
          group.complete();
          transaction.writeUnwelcome(number);
        }
        case COMMIT_IN_VAIN -> transaction.fails(Step.COMMIT, How.LOST);
        case FAIL_TO_KEEP -> transaction.fails(Step.KEEP, How.REFUSED);
        case LOSE_AS_IT_KEEPS -> transaction.fails(Step.KEEP, How.LOST);
        case FAIL_TO_UNDO -> transaction.fails(Step.UNDO, How.REFUSED);
        case LOSE -> {
          transaction.lose();
          group.takenDown(new IllegalStateException("lost by " + number));
        }
        default -> {}
      }
    }

    private boolean isToBeKept() {
      return switch (fate) {
        case UNDO, FAIL_TO_UNDO, LOSE, CALL_AND_DO_NOTHING, DO_NOTHING -> false;
        default -> true;
      };
    }

    private void finish(Hold<ScriptedTransaction> hold) throws Mishap {
      if (!isToBeKept() || !lane.enter(hold)) {
        return;
      }
      Seat seat;
      custody.take();
      try {
        seat = group.keep(() -> atCommit.add((BitSet) transaction.committed().clone()));
      } finally {
        custody.leave();
        hold.endInCall();
        lane.handBack(hold);
      }
      outcome = seat == null ? null : group.await(seat, lane);
    }

    boolean isToldCommitted() {
      return Outcome.COMMITTED.equals(outcome);
    }
  }

  /** And queue up. Without it the crowd would come one after the other. */
  @SuppressWarnings("ThreadPriorityCheck") // nothing relies on it
  private static void letOthersCome() {
    Thread.yield();
  }

  private void startCrowd(long seed) {
    for (int i = 0; i < UNITS; i++) {
      Unit unit = new Unit(i, new Random(seed + i));
      units.add(unit);
      start(unit);
    }
  }

  private void start(Runnable body) {
    threads.add(Thread.startVirtualThread(body));
  }

  /** Those who are started by others are in the queue before these end. */
  private void joinCrowd() throws InterruptedException {
    for (Thread thread = threads.poll(); thread != null; thread = threads.poll()) {
      thread.join();
    }
  }

  /** Once it was committed, each saw the commits up to its own, and none after that. */
  private void assertEachSawItsCommitAsTheNewest() {
    List<BitSet> commits =
        units.stream().flatMap(unit -> unit.atCommit.stream()).distinct().toList();
    for (Unit unit : units) {
      assertEquals(unit.isToldCommitted() ? 1 : 0, unit.atCommit.size());
      for (BitSet seen : unit.atCommit) {
        assertTrue(seen.get(unit.number));
        assertEquals(smallestWith(unit.number, commits), seen.cardinality());
      }
    }
  }

  private static int smallestWith(int number, List<BitSet> commits) {
    return commits.stream()
        .filter(commit -> commit.get(number))
        .mapToInt(BitSet::cardinality)
        .min()
        .orElseThrow();
  }

  private void assertModelHolds() {
    BitSet told = new BitSet();
    for (Unit unit : units) {
      assertNull(unit.unexpected, () -> unit.fate + " of " + unit.number);
      told.set(unit.number, unit.isToldCommitted());
    }
    assertEquals(transaction.committed(), told);
    assertEachSawItsCommitAsTheNewest();
    assertEquals(told.cardinality(), tally.units());
    assertEquals(begun.get(), tally.units() + tally.undone());
    assertEquals(List.of(), transaction.nonsense());
    assertEquals(0, custody.intrusions.get());
    assertTrue(tally.mostUnits() <= MAX_UNITS);
    LaneView<?> view = lane.view();
    assertEquals(1, view.idle(), view::toString);
    assertEquals(0, view.waiting(), view::toString);
  }

  @Test
  void crowd_everyFate_isToldWhatBecameOfIt() throws InterruptedException {
    startCrowd(1);
    joinCrowd();
    assertModelHolds();
    assertTrue(tally.mostUnits() > 1, "no commit was shared");
  }

  @Test
  void crowd_closedMeanwhile_isToldWhatBecameOfIt() throws InterruptedException {
    startCrowd(2);
    half.await();
    lane.close();
    assertTrue(lane.awaitAllBack(LONG));
    AtomicInteger retired = new AtomicInteger();
    lane.retire(resource -> retired.incrementAndGet());
    joinCrowd();
    assertModelHolds();
    assertEquals(1, retired.get());
  }

  @Test
  void crowd_closedAndTakenAwayMeanwhile_isToldWhatBecameOfIt() throws InterruptedException {
    startCrowd(3);
    half.await();
    lane.close();
    lane.revokeAll();
    AtomicInteger retired = new AtomicInteger();
    lane.retire(resource -> retired.incrementAndGet());
    joinCrowd();
    assertModelHolds();
    assertEquals(1, retired.get());
  }

  @Test
  void crowd_holdsRevokedAllTheTime_isToldWhatBecameOfIt() throws InterruptedException {
    startCrowd(4);
    while (half.getCount() > 0) {
      lane.revokeAll();
      letOthersCome();
    }
    joinCrowd();
    assertModelHolds();
  }
}
