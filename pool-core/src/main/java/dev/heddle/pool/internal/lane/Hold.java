package dev.heddle.pool.internal.lane;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One holder's custody of one slot, from grant to hand-back. Its mark says whether a call is
 * running in it, and settles who hands the slot back when the holder, a second thread and a revoker
 * meet:
 *
 * <pre>
 *            enter              end, revoke
 *   IN_CALL &lt;------- OPEN -----------------------&gt; ENDED, REVOKED
 *      |    -------&gt;       (that caller hands back)      ^
 *      |      exit                                       |
 *      | end, revoke                                     |
 *      +-----------&gt; ENDING, REVOKING ------ exit -------+
 *                                     (the call hands back)
 * </pre>
 *
 * <p>It begins as UNUSED, which is OPEN but for one thing: until {@link #use}, somebody else may
 * {@linkplain #lend borrow} the resource for a moment. LENT is like IN_CALL, with the borrower in
 * the place of the call; the holder's next call waits until it is given back.
 *
 * <p>Every edge is a compare-and-set, so exactly one thread takes the edge into ENDED or REVOKED
 * and with it the duty to call {@link Lane#handBack}. Whoever is IN_CALL, has borrowed, or took
 * that edge, has the resource to itself; nobody else may touch it. The volatile mark orders what
 * one call did before what the next one, or the hand-back, does.
 *
 * @param <R> the resource
 */
public final class Hold<R> {

  private enum Mark {
    UNUSED,
    OPEN,
    LENT,
    IN_CALL,
    ENDING,
    REVOKING,
    ENDED,
    REVOKED
  }

  private static final VarHandle MARK;

  static {
    try {
      MARK = MethodHandles.lookup().findVarHandle(Hold.class, "mark", Mark.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /**
   * Null once it has ended and the alarm has seen that; then {@link #lateOwner} says who it was.
   */
  private @Nullable Thread thread;

  private Owner lateOwner = Owner.UNKNOWN;
  private final Terms terms;

  /** Written before it is asked for, read under the lane's lock. */
  private @Nullable WeakReference<Object> keeper;

  /** Written once, by {@link #granted}, under the lane's lock; for anyone who finds it there. */
  private @Nullable Slot<R> slot;

  /** As {@link #slot}. */
  private long sinceNanos;

  /** Written by who hands it back, if that looks at the clock. */
  private long untilNanos;

  @SuppressWarnings("UnusedVariable") // written and read through MARK
  private volatile Mark mark = Mark.UNUSED;

  /** Touched within calls: what the mark goes back to when the call ends. */
  private Mark between = Mark.UNUSED;

  /** Written before it is asked for, and within calls; run by whoever hands it back. */
  private Runnable whenBack = Turnover.NOTHING;

  /** Written before it is asked for; null if nobody watches. */
  private @Nullable HoldWatch watch;

  /** Guarded by the lane's lock: how far the alarm has got with it; null before it looked. */
  @Nullable Overtime overtime;

  /** Written before the hold is revoked. If two want to, either one's reason may stay. */
  private volatile @Nullable Revocation revocation;

  /** Set by anyone, cleared by the next call. */
  private volatile boolean cancelled;

  /**
   * A hold for the calling thread, to be granted by {@link Lane#acquire}.
   *
   * @param terms what the holder is granted
   */
  public Hold(Terms terms) {
    this(Thread.currentThread(), terms);
  }

  /** For tests that play two threads on one. */
  Hold(Thread thread, Terms terms) {
    this.thread = thread;
    this.terms = terms;
  }

  /**
   * Says, before it is asked for, through which object alone the holder can end it. When that one
   * is garbage, nobody can, and the lane takes the slot back.
   */
  public void keptBy(Object keeper) {
    this.keeper = new WeakReference<>(keeper);
  }

  /**
   * Says, before it is asked for or within a call, what is to be done when the slot is back. It is
   * done once, however the hold ends, by the thread that hands it back; it must not throw.
   */
  public void whenBack(Runnable task) {
    whenBack = task;
  }

  /** Says, before it is asked for, who is told what becomes of it. */
  public void watchedBy(HoldWatch watch) {
    this.watch = watch;
  }

  /** Called once at most by its thread, without the lane's lock. */
  void waits() {
    if (watch != null) {
      watch.waits();
    }
  }

  /** Called once by its thread, without the lane's lock. */
  void isGranted(long waitedNanos) {
    if (watch != null) {
      watch.granted(waitedNanos);
    }
  }

  /** Called once, by whoever hands it back. */
  void isBack() {
    if (watch != null) {
      watch.back();
    }
    whenBack.run();
  }

  /** True if nobody can end it any more. Called with the lane's lock. */
  boolean isForgotten() {
    return keeper != null && keeper.refersTo(null);
  }

  /** Called once by the lane, under its lock. */
  void granted(Slot<R> slot, long nowNanos) {
    this.slot = slot;
    this.sinceNanos = nowNanos;
  }

  /** True if it was granted. */
  boolean hasSlot() {
    return slot != null;
  }

  Slot<R> slot() {
    return Objects.requireNonNull(slot, "not granted");
  }

  /** What is held. To be touched only within a call. */
  public R resource() {
    return slot().resource();
  }

  /** The thread that acquired it; null if that has ended, or may have. */
  public @Nullable Thread thread() {
    return thread;
  }

  /** Whose hold it is, even if that thread has ended. For messages. */
  public Owner owner() {
    Thread alive = thread;
    return alive == null ? lateOwner : Owner.of(alive);
  }

  /**
   * Lets a thread go that has ended: it refers to its task still, and that may be all that refers
   * to what {@linkplain #keptBy keeps} the hold. Called with the lane's lock.
   */
  void letEndedThreadGo() {
    Thread ended = thread;
    if (ended != null && ended.getState() == Thread.State.TERMINATED) {
      lateOwner = Owner.of(ended);
      thread = null;
    }
  }

  public Terms terms() {
    return terms;
  }

  /** When it was granted, on the lane's clock. */
  public long sinceNanos() {
    return sinceNanos;
  }

  /** Its slot is on its way to the next. By who hands it back. */
  void isVacated(long nowNanos) {
    untilNanos = nowNanos;
  }

  /** When its slot came back; 0 if nobody has looked at the clock. For who hands it back. */
  public long untilNanos() {
    return untilNanos;
  }

  /** Begins a call. False if another one is running, the resource is lent, or the hold is over. */
  boolean enter() {
    if (!leaveFree(Mark.IN_CALL)) {
      return false;
    }
    if (cancelled) {
      cancelled = false;
    }
    return true;
  }

  /** From UNUSED or OPEN, whichever it is. */
  private boolean leaveFree(Mark to) {
    for (Mark now = mark; isFree(now); now = mark) {
      if (MARK.compareAndSet(this, now, to)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isFree(Mark mark) {
    return mark == Mark.UNUSED || mark == Mark.OPEN;
  }

  /** Says, within a call, that the resource is used from now on: nobody may borrow it any more. */
  public void use() {
    between = Mark.OPEN;
  }

  /** Borrows the resource of a holder who has not used it yet; {@link #giveBack} must follow. */
  boolean lend() {
    return MARK.compareAndSet(this, Mark.UNUSED, Mark.LENT);
  }

  /**
   * Gives back what {@link #lend} took.
   *
   * @return false if the hold was ended or revoked meanwhile: the borrower must hand it back
   */
  boolean giveBack() {
    if (MARK.compareAndSet(this, Mark.LENT, Mark.UNUSED)) {
      return true;
    }
    settle();
    return false;
  }

  boolean isLent() {
    return mark == Mark.LENT;
  }

  /** True between two calls. */
  boolean isFree() {
    return isFree(mark);
  }

  /**
   * Ends a call that {@link Lane#enter} began.
   *
   * @return false if the hold was ended or revoked meanwhile: the caller must hand it back
   */
  public boolean exit() {
    if (MARK.compareAndSet(this, Mark.IN_CALL, between)) {
      return true;
    }
    settle();
    return false;
  }

  /** Ends the hold from within a call; the caller must hand it back. */
  public void endInCall() {
    if (!MARK.compareAndSet(this, Mark.IN_CALL, Mark.ENDED)) {
      settle();
    }
  }

  /** From ENDING or REVOKING; only the call or the borrower leaves these: a plain set will do. */
  private void settle() {
    mark = mark == Mark.REVOKING ? Mark.REVOKED : Mark.ENDED;
  }

  /**
   * Ends the hold, on behalf of its holder.
   *
   * @return true if the caller must hand it back; false if a running call will, or it was over
   */
  public boolean end() {
    return leave(Mark.ENDED, Mark.ENDING) == Taken.NOW;
  }

  /** What became of an attempt to take a hold away. */
  public enum Taken {
    /** It is taken; who took it must hand it back. */
    NOW,
    /** It is taken; the running call, or the borrower, will hand it back. */
    SOON,
    /** It was over before. */
    NOT
  }

  /** Takes the hold away from its holder. */
  public Taken revoke(Revocation why) {
    if (isOver()) {
      return Taken.NOT;
    }
    revocation = why;
    return leave(Mark.REVOKED, Mark.REVOKING);
  }

  private Taken leave(Mark fromFree, Mark fromCall) {
    for (Mark now = mark; !isOver(now); now = mark) {
      if (MARK.compareAndSet(this, now, isFree(now) ? fromFree : fromCall)) {
        return isFree(now) ? Taken.NOW : Taken.SOON;
      }
    }
    return Taken.NOT;
  }

  private static boolean isOver(Mark mark) {
    return !isFree(mark) && mark != Mark.IN_CALL && mark != Mark.LENT;
  }

  /** Asks the call that runs now, if there is one, to stop. */
  public void cancelCall() {
    if (inCall()) {
      cancelled = true;
    }
  }

  /** True if the running call was asked to stop. */
  public boolean isCancelled() {
    return cancelled;
  }

  /** True while a call runs, told to leave or not. */
  public boolean inCall() {
    Mark now = mark;
    return now == Mark.IN_CALL || now == Mark.ENDING || now == Mark.REVOKING;
  }

  /** True if it is over, or will be as soon as the running call ends. */
  public boolean isOver() {
    return isOver(mark);
  }

  /** True if it was taken away rather than ended by its holder. */
  public boolean isRevoked() {
    Mark now = mark;
    return now == Mark.REVOKING || now == Mark.REVOKED;
  }

  /** Why it was taken away; null if it was not. */
  public @Nullable Revocation revocation() {
    return isRevoked() ? revocation : null;
  }
}
