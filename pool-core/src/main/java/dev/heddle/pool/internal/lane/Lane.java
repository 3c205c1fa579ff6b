package dev.heddle.pool.internal.lane;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Slots, and the threads that want one. A slot that comes back is offered to the longest waiter,
 * which is woken. Until that one runs, somebody who runs already may overtake it, and is done, as a
 * rule, before the other one could have begun; how often, {@link Waiter} says.
 *
 * <p>One lock guards the queue, the offers and who holds what. It is held for a few field accesses
 * only: never while parked, never over user code or a resource. Invariants under the lock: if a
 * slot is idle, nobody is in the queue; each slot is idle, or on offer to one waiter, or has a
 * hold, or is on its way between these in exactly one thread's hands. The interleavings are argued
 * in {@code docs/concurrency.md}.
 *
 * @param <R> the resource
 */
public final class Lane<R> {

  /** A queue limit that is none. */
  public static final int UNLIMITED = Integer.MAX_VALUE;

  private final String name;
  private final int queueLimit;
  private final Turnover<R> turnover;
  private final LaneEvents<R> events;
  private final Parking parking;
  private final List<Slot<R>> slots;
  private final Caretaker<R> caretaker;

  /** Held while somebody has the resource of a holder who has not used it, see {@link Hold}. */
  private final ReentrantLock loans = new ReentrantLock();

  private final ReentrantLock lock = new ReentrantLock();

  // All guarded by lock.

  /** Last in, first out: the connection used last has the warmest cache. */
  private final ArrayDeque<Slot<R>> idle;

  private final WaiterQueue<R> queue = new WaiterQueue<>();
  private final Offers<R> offers = new Offers<>(queue);
  private final Alarm<R> alarm;
  private boolean closed;
  private @Nullable Thread drainer;
  private @Nullable Consumer<R> retirement;

  /**
   * Makes a lane whose slots are idle.
   *
   * @param name for views
   * @param resources one for each slot
   * @param queueLimit how many may wait, or {@link #UNLIMITED}
   * @param reportNanos how long a slot is held until that is said; {@link Terms#FOR_EVER} for never
   * @param turnover what happens to a resource between two holders
   * @param events is told what happens
   * @param parking time and parking
   */
  public Lane(
      String name,
      List<? extends R> resources,
      int queueLimit,
      long reportNanos,
      Turnover<R> turnover,
      LaneEvents<R> events,
      Parking parking) {
    this.name = name;
    this.queueLimit = queueLimit;
    this.turnover = turnover;
    this.events = events;
    this.parking = parking;
    this.slots = resources.stream().map(r -> new Slot<R>(r)).toList();
    this.idle = new ArrayDeque<>(slots);
    this.caretaker = new Caretaker<>(events, parking, this::handBack);
    this.alarm = new Alarm<>(queue, slots, reportNanos, lock, parking, caretaker::attend);
  }

  /**
   * Grants the hold a slot, waiting for one at most so long.
   *
   * @param hold a new hold of the calling thread
   * @param maxWaitNanos the longest wait; zero or less for none
   * @return how long it waited; zero if a slot was to be had at once
   * @throws Refusal if it gets none
   */
  public long acquire(Hold<R> hold, long maxWaitNanos) throws Refusal {
    long start = parking.nanoTime();
    boolean waited;
    try {
      waited = acquire(hold, start, maxWaitNanos, queueLimit);
    } catch (Refusal refusal) {
      events.refused(refusal.reason(), refusal.waitedNanos());
      throw refusal;
    }
    long waitedNanos = waited ? hold.sinceNanos() - start : 0;
    events.granted(waitedNanos);
    hold.isGranted(waitedNanos);
    return waitedNanos;
  }

  /** Hands back what {@link #acquire} may have granted before it threw something unexpected. */
  public void giveUp(Hold<R> hold) {
    if (hold.hasSlot() && hold.end()) {
      handBack(hold);
    }
  }

  /**
   * As {@link #acquire}, for the pool itself: it may wait however long the queue is, and nobody is
   * told.
   */
  public void acquireUncounted(Hold<R> hold, long maxWaitNanos) throws Refusal {
    acquire(hold, parking.nanoTime(), maxWaitNanos, UNLIMITED);
  }

  /** True if it had to wait. */
  private boolean acquire(Hold<R> hold, long start, long maxWaitNanos, int limit) throws Refusal {
    Waiter<R> waiter = grantOrQueue(hold, start, maxWaitNanos, limit);
    if (waiter != null) {
      await(waiter, start);
    }
    return waiter != null;
  }

  /** Null if a slot was to be had, and is granted. */
  private @Nullable Waiter<R> grantOrQueue(Hold<R> hold, long now, long maxWaitNanos, int limit)
      throws Refusal {
    if (Thread.currentThread().isInterrupted()) {
      throw new Refusal(Refusal.Reason.INTERRUPTED, 0);
    }
    lock.lock();
    try {
      if (closed) {
        throw new Refusal(Refusal.Reason.CLOSED, 0);
      }
      Slot<R> slot = idle.pollFirst();
      if (slot == null) {
        slot = overtake(now);
      }
      if (slot != null) {
        grant(slot, hold, now);
        return null;
      }
      return queue(hold, now, maxWaitNanos, limit);
    } finally {
      lock.unlock();
    }
  }

  /** Called with the lock. */
  private @Nullable Slot<R> overtake(long now) {
    Slot<R> slot = offers.overtake(now);
    if (slot != null) {
      ringForFirst(now);
    }
    return slot;
  }

  /** Called with the lock, when a waiter was put back into the queue. */
  private void ringForFirst(long now) {
    Waiter<R> waiter = queue.first();
    if (waiter != null) {
      alarm.ringFor(waiter.deadlineNanos, now);
    }
  }

  private void grant(Slot<R> slot, Hold<R> hold, long now) {
    slot.hold = hold;
    slot.ownerWaits = false;
    hold.granted(slot, now);
    alarm.ringForHold(hold, now);
  }

  /** Called with the lock. */
  private Waiter<R> queue(Hold<R> hold, long now, long maxWaitNanos, int limit) throws Refusal {
    int own = slotsOf(Thread.currentThread());
    refuseOwn(own);
    if (maxWaitNanos <= 0) {
      throw new Refusal(Refusal.Reason.TIMED_OUT, 0);
    }
    if (queue.size() + offers.size() >= limit) {
      throw new Refusal(Refusal.Reason.QUEUE_FULL, 0);
    }
    Waiter<R> waiter = new Waiter<>(hold, now, now + maxWaitNanos, own > 0);
    alarm.ringFor(waiter.deadlineNanos, now);
    queue.add(waiter);
    markSlots(waiter, true);
    return waiter;
  }

  /** Called with the lock. */
  private void refuseOwn(int own) throws Refusal {
    if (wouldWaitForever(own)) {
      throw new Refusal(Refusal.Reason.OWN_HOLD, 0);
    }
  }

  /**
   * Refuses the calling thread, as {@link #acquire} would, if its own holds keep it from ever
   * getting a slot: for one that is going to take something else first.
   */
  public void refuseOwn() throws Refusal {
    try {
      refuseOwnIfNoneIsIdle();
    } catch (Refusal refusal) {
      events.refused(refusal.reason(), refusal.waitedNanos());
      throw refusal;
    }
  }

  private void refuseOwnIfNoneIsIdle() throws Refusal {
    lock.lock();
    try {
      if (idle.isEmpty()) {
        refuseOwn(slotsOf(Thread.currentThread()));
      }
    } finally {
      lock.unlock();
    }
  }

  private void await(Waiter<R> waiter, long start) throws Refusal {
    boolean interrupted = false;
    try {
      waiter.hold.waits();
      do {
        parking.park(this); // until it is offered a slot, interrupted, or the alarm rings
        // Clears the flag: parking with it set would return at once, again and again.
        interrupted = Thread.interrupted();
      } while (!isGranted(waiter, interrupted, start));
    } catch (RuntimeException | Error failure) {
      leave(waiter); // no memory to park, say: nobody else can say that it does not wait any more
      throw failure;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** By the waiter, which runs; false if it must wait on. An offer comes before a refusal. */
  private boolean isGranted(Waiter<R> waiter, boolean interrupted, long start) throws Refusal {
    long now = parking.nanoTime();
    lock.lock();
    try {
      Slot<R> slot = offers.takeUp(waiter);
      if (slot != null) {
        grant(slot, waiter.hold, now);
        return true;
      }
      if (waiter.turnedAway) {
        throw new Refusal(Refusal.Reason.CLOSED, now - start);
      }
      if (interrupted || waiter.deadlineNanos - now <= 0) {
        queue.remove(waiter);
        markSlots(waiter, false);
        throw new Refusal(
            interrupted ? Refusal.Reason.INTERRUPTED : Refusal.Reason.TIMED_OUT, now - start);
      }
      waiter.runsInVain();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** The waiter is not going to take what it may have been offered. */
  private void leave(Waiter<R> waiter) {
    Slot<R> slot;
    lock.lock();
    try {
      slot = offers.takeUp(waiter);
      queue.remove(waiter);
      markSlots(waiter, false);
    } finally {
      lock.unlock();
    }
    if (slot != null) {
      settleAndPassOn(slot);
    }
  }

  /**
   * Begins a call of the hold. If its resource is lent, waits until it is back, whatever the
   * interrupt flag says.
   *
   * @return false if another call is running, or the hold is over
   */
  public boolean enter(Hold<R> hold) {
    boolean entered = hold.enter();
    while (!entered && (hold.isLent() || hold.isFree())) {
      entered = enterAfterLoan(hold);
    }
    return entered;
  }

  private boolean enterAfterLoan(Hold<R> hold) {
    loans.lock();
    try {
      return hold.enter();
    } finally {
      loans.unlock();
    }
  }

  /**
   * Settles what is unsettled in the only slot's resource, if the slot is on offer, or its holder
   * has not used it yet.
   */
  void settleUnused() {
    if (!loans.tryLock()) {
      return; // somebody does so now
    }
    Runnable afterwards = Turnover.NOTHING;
    Hold<R> ended = null;
    try {
      Slot<R> offered = withdrawOffer();
      if (offered != null) {
        afterwards = () -> settleAndPassOn(offered); // it is nobody else's, and needs no loan
        return;
      }
      Hold<R> hold = onlyHold();
      if (hold != null && hold.lend()) {
        try {
          afterwards = turnover.settle(hold.resource());
        } finally {
          ended = hold.giveBack() ? null : hold;
        }
      }
    } finally {
      loans.unlock();
      runAndHandBack(afterwards, ended);
    }
  }

  /** First those who wait are told. A hold that was ended while it was lent is handed back here. */
  private void runAndHandBack(Runnable afterwards, @Nullable Hold<R> ended) {
    try {
      afterwards.run();
    } finally {
      if (ended != null) {
        handBack(ended);
      }
    }
  }

  private @Nullable Slot<R> withdrawOffer() {
    lock.lock();
    try {
      Slot<R> slot = offers.withdraw();
      if (slot != null) {
        ringForFirst(parking.nanoTime());
      }
      return slot;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Hold<R> onlyHold() {
    lock.lock();
    try {
      return slots.getFirst().hold;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes back what an ended or revoked hold held: makes the resource fit for the next holder, and
   * passes the slot on. Only for the thread that took the hold's last edge, see {@link Hold}.
   */
  public void handBack(Hold<R> hold) {
    try {
      handBack(hold.slot());
    } finally {
      hold.isBack();
    }
  }

  private void handBack(Slot<R> slot) {
    Thread next = null;
    try {
      slot.replace(turnover.clean(slot.resource()));
      next = turnover.mayGoOn(slot.resource()) ? offerUnsettled(slot) : null;
    } finally {
      if (next == null) {
        settleAndPassOn(slot);
      } else {
        parking.unpark(next);
      }
    }
  }

  private @Nullable Thread offerUnsettled(Slot<R> slot) {
    lock.lock();
    try {
      return offer(slot);
    } finally {
      lock.unlock();
    }
  }

  private void settleAndPassOn(Slot<R> slot) {
    Runnable afterwards = Turnover.NOTHING;
    try {
      afterwards = turnover.settle(slot.resource());
      slot.replace(turnover.renew(slot.resource()));
    } finally {
      try {
        passOn(slot);
      } finally {
        afterwards.run();
      }
    }
  }

  private void passOn(Slot<R> slot) {
    Thread wake;
    Consumer<R> retire = null;
    lock.lock();
    try {
      wake = offer(slot);
      if (wake == null) {
        idle.addFirst(slot);
        retire = retirement;
        if (retire != null) {
          stopIfAllAreBack();
        }
        wake = closed && idle.size() == slots.size() ? drainer : null;
      }
    } finally {
      lock.unlock();
    }
    if (wake != null) {
      parking.unpark(wake);
    }
    if (retire != null) {
      retire.accept(slot.resource());
    }
  }

  /** Called with the lock, when nobody can come any more. */
  private void stopIfAllAreBack() {
    if (idle.size() == slots.size()) {
      alarm.stop();
    }
  }

  /** Called with the lock; the thread to wake, or null if nobody waits. */
  private @Nullable Thread offer(Slot<R> slot) {
    Waiter<R> first = queue.first();
    if (first == null) {
      slot.hold = null;
      slot.before = null;
      return null;
    }
    long now = parking.nanoTime();
    slot.vacate(first.sinceNanos, now);
    Waiter<R> waiter = offers.make(slot, now);
    if (waiter == null) {
      return null;
    }
    markSlots(waiter, false);
    return waiter.thread();
  }

  private int slotsOf(Thread owner) {
    int count = 0;
    for (Slot<R> slot : slots) {
      if (slot.isHeldBy(owner)) {
        count++;
      }
    }
    return count;
  }

  /**
   * If every slot is held by somebody who waits for this lane, nobody will ever hand one back.
   * Called with the lock, by a thread that holds {@code own} slots.
   */
  private boolean wouldWaitForever(int own) {
    int waiting = 0;
    for (Slot<R> slot : slots) {
      if (slot.isHeldByWaiter()) {
        waiting++;
      }
    }
    return own > 0 && own + waiting == slots.size();
  }

  /** Called with the lock: the waiter came, or it left. */
  private void markSlots(Waiter<R> waiter, boolean waits) {
    if (waiter.holdsSlots) {
      for (Slot<R> slot : slots) {
        if (slot.hold != null && waiter.thread().equals(slot.hold.thread())) {
          slot.ownerWaits = waits;
        }
      }
    }
  }

  /** A hold of the thread; null if it has none. */
  public @Nullable Hold<R> heldBy(Thread thread) {
    lock.lock();
    try {
      for (Slot<R> slot : slots) {
        if (slot.isHeldBy(thread)) {
          return slot.hold;
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Refuses new acquisitions and turns every waiter away. What is held stays held; what was on
   * offer is settled here.
   */
  public void close() {
    List<Thread> turnedAway = new ArrayList<>();
    List<Slot<R>> back = new ArrayList<>();
    lock.lock();
    try {
      closed = true;
      for (Slot<R> slot = offers.withdraw(); slot != null; slot = offers.withdraw()) {
        back.add(slot);
      }
      for (Waiter<R> waiter = queue.poll(); waiter != null; waiter = queue.poll()) {
        markSlots(waiter, false);
        waiter.turnedAway = true;
        turnedAway.add(waiter.thread());
      }
    } finally {
      lock.unlock();
    }
    turnedAway.forEach(parking::unpark);
    settleAndPassOn(back.iterator());
  }

  /** All of them, whatever comes of the first. */
  private void settleAndPassOn(Iterator<Slot<R>> back) {
    if (back.hasNext()) {
      try {
        settleAndPassOn(back.next());
      } finally {
        settleAndPassOn(back);
      }
    }
  }

  /**
   * Waits until every slot is back, at most so long, whatever the interrupt flag says (it is kept).
   * For one thread, after {@link #close}.
   *
   * @return true if all are back
   */
  public boolean awaitAllBack(long maxWaitNanos) {
    long start = parking.nanoTime();
    boolean interrupted = false;
    boolean back = allBack(Thread.currentThread());
    long left = maxWaitNanos;
    while (!back && left > 0) {
      parking.parkNanos(this, left);
      interrupted |= Thread.interrupted();
      back = allBack(Thread.currentThread());
      left = maxWaitNanos - (parking.nanoTime() - start);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return back;
  }

  private boolean allBack(Thread asking) {
    lock.lock();
    try {
      drainer = asking;
      return idle.size() == slots.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Revokes every hold. Those that are between two calls are handed back here; those inside one, by
   * that call when it ends.
   *
   * @return who lost a hold
   */
  public List<Hold<R>> revokeAll() {
    List<Hold<R>> holds = holds();
    holds.forEach(hold -> caretaker.revoke(hold, Revocation.CLOSING));
    return holds;
  }

  /** The resources there are now, whoever has them: only for what any thread may read. */
  public List<R> resources() {
    return slots.stream().map(Slot::resource).toList();
  }

  /** The holds there are now. */
  public List<Hold<R>> holds() {
    List<Hold<R>> holds = new ArrayList<>();
    lock.lock();
    try {
      for (Slot<R> slot : slots) {
        if (slot.hold != null) {
          holds.add(slot.hold);
        }
      }
    } finally {
      lock.unlock();
    }
    return holds;
  }

  /**
   * Has it told that the holder of the only slot keeps others waiting, who have no place in the
   * queue.
   *
   * @return false if there is nobody to tell of
   */
  boolean noticeDelay(long waitedNanos) {
    Hold<R> hold = onlyHold();
    return hold != null && caretaker.noticeDelay(hold, waitedNanos);
  }

  /**
   * Gives every resource to its end: those that are back now, the others when they come back. For
   * one thread, after {@link #close}.
   *
   * @param retirement called once for each resource, without the lock; must not throw
   */
  public void retire(Consumer<R> retirement) {
    List<Slot<R>> back;
    lock.lock();
    try {
      this.retirement = retirement;
      stopIfAllAreBack();
      back = List.copyOf(idle);
    } finally {
      lock.unlock();
    }
    back.forEach(slot -> retirement.accept(slot.resource()));
  }

  /**
   * Of those whom this holder has waited for, the one who had its slot for longest.
   *
   * @param waitedNanos for how long it has waited
   * @return null if none had it for long, or the hold is over
   */
  public @Nullable Before before(Hold<R> hold, long waitedNanos) {
    lock.lock();
    try {
      Slot<R> slot = hold.slot();
      Before before = hold.equals(slot.hold) ? slot.before : null;
      long asked = hold.sinceNanos() - waitedNanos;
      return before != null && before.untilNanos() - asked >= 0 ? before : null;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Has every resource that is idle made fit again, one after the other, as if it had been held.
   */
  public void renewIdle() {
    for (Slot<R> slot : slots) {
      if (takeOut(slot)) {
        try {
          slot.replace(turnover.clean(slot.resource()));
        } finally {
          settleAndPassOn(slot);
        }
      }
    }
  }

  private boolean takeOut(Slot<R> slot) {
    lock.lock();
    try {
      return !closed && idle.remove(slot);
    } finally {
      lock.unlock();
    }
  }

  /** The lane at this moment, and the one who has waited longest. */
  public LaneView<R> view() {
    return view(1);
  }

  /** The lane at this moment, and so many of those who wait. */
  public LaneView<R> view(int mostWaiters) {
    lock.lock();
    try {
      // The time is taken here and not before: nothing that is shown is to begin after it.
      return LaneView.of(name, slots, idle, offers, queue, mostWaiters, parking.nanoTime());
    } finally {
      lock.unlock();
    }
  }
}
