package dev.heddle.pool.internal.events;

import dev.heddle.pool.CommitListener;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one listener is still to be told. Whoever has an event adds it, and goes on; a virtual
 * thread, which comes and goes with the work, tells. The lock is held over a few field accesses
 * only.
 *
 * @param <E> an event
 */
public final class EventQueue<E> implements CommitListener.Subscription {

  /** Of a listener that is further behind than this, the later events become one. */
  private static final int MOST_SINGLE = 1024;

  /** Whom events are told. */
  @FunctionalInterface
  public interface Ear<E> {
    void tell(E event) throws Exception;
  }

  private final String thread;
  private final Ear<E> ear;
  private final BinaryOperator<E> together;
  private final BiConsumer<String, Throwable> complain;
  private final Consumer<EventQueue<E>> afterClose;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition told = lock.newCondition();

  // Guarded by the lock.

  private final Deque<E> waiting = new ArrayDeque<>();
  private boolean closed;

  /** Somebody tells, or is about to. */
  private boolean telling;

  /** Who that is; written by that thread. */
  private volatile @Nullable Thread teller;

  /**
   * A queue.
   *
   * @param thread the name of the thread that tells
   * @param ear the listener
   * @param together makes one event of two; called with the lock
   * @param complain logs that something failed, and with what
   * @param afterClose what to do when nobody listens any more
   */
  public EventQueue(
      String thread,
      Ear<E> ear,
      BinaryOperator<E> together,
      BiConsumer<String, Throwable> complain,
      Consumer<EventQueue<E>> afterClose) {
    this.thread = thread;
    this.ear = ear;
    this.together = together;
    this.complain = complain;
    this.afterClose = afterClose;
  }

  /** They are told in the order of these calls; never throws, for what is told took place. */
  public void add(E event) {
    add(event, MOST_SINGLE);
  }

  /** {@link #add}, however many wait: it stays by itself. */
  void addLast(E event) {
    add(event, Integer.MAX_VALUE);
  }

  private void add(E event, int mostSingle) {
    try {
      if (isToBegin(event, mostSingle)) {
        begin();
      }
    } catch (Throwable failure) {
      idle();
      complain("can't be told of what happens; it is tried again with the next event", failure);
    }
  }

  /** True if there is nobody who tells; the caller has to begin then. */
  private boolean isToBegin(E event, int mostSingle) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      waiting.addLast(
          waiting.size() > mostSingle ? together.apply(waiting.removeLast(), event) : event);
      if (telling) {
        return false;
      }
      telling = true;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void begin() {
    Thread.ofVirtual()
        .name(thread)
        .inheritInheritableThreadLocals(false) // the next event is somebody else's
        .start(this::tellAll);
  }

  private void idle() {
    lock.lock();
    try {
      telling = false;
      teller = null;
      told.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void tellAll() {
    teller = Thread.currentThread();
    for (E event = next(); event != null; event = next()) {
      tell(event);
    }
  }

  private @Nullable E next() {
    lock.lock();
    try {
      E next = waiting.pollFirst();
      if (next == null) {
        idle();
      }
      return next;
    } finally {
      lock.unlock();
    }
  }

  private void tell(E event) {
    try {
      ear.tell(event);
    } catch (Throwable failure) {
      complain("failed, and is told of the next event all the same", failure);
    } finally {
      Thread.interrupted(); // was the listener's own affair
    }
  }

  private void complain(String what, Throwable failure) {
    try {
      complain.accept(what, failure);
    } catch (Throwable again) {
      // Without a log there is nobody to tell, and the events go on.
    }
  }

  /** False if the listener is still busy when that time is over; it does not wait for itself. */
  public boolean awaitTold(long nanos) {
    boolean interrupted = false;
    long start = System.nanoTime();
    lock.lock();
    try {
      while (telling && !Thread.currentThread().equals(teller)) {
        long left = nanos - (System.nanoTime() - start);
        if (left <= 0) {
          return false;
        }
        try {
          told.awaitNanos(left);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      return true;
    } finally {
      lock.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      waiting.clear();
    } finally {
      lock.unlock();
    }
    afterClose.accept(this);
  }
}
