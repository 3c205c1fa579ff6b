package dev.heddle.pool.internal.upkeep;

import dev.heddle.pool.CommitListener;
import dev.heddle.pool.CommitListener.Commit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one listener is still to be told. The committing thread adds, and goes on; a virtual thread,
 * which comes and goes with the work, tells. The lock is held over a few field accesses only.
 */
final class CommitQueue implements CommitListener.Subscription {

  /** Who is further behind than this is told of the later ones together. */
  private static final int MOST_SINGLE = 1024;

  private final String pool;
  private final CommitListener listener;
  private final Consumer<CommitQueue> afterClose;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition told = lock.newCondition();

  // Guarded by the lock.

  private final Deque<Commit> waiting = new ArrayDeque<>();
  private boolean closed;

  /** Tells; null if there is nothing to tell. */
  private @Nullable Thread teller;

  CommitQueue(String pool, CommitListener listener, Consumer<CommitQueue> afterClose) {
    this.pool = pool;
    this.listener = listener;
    this.afterClose = afterClose;
  }

  /** To be called in the order of commits; never throws, for the commit took place. */
  void add(Commit commit) {
    Thread another = null;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      waiting.addLast(
          waiting.size() > MOST_SINGLE ? together(waiting.removeLast(), commit) : commit);
      if (teller == null) {
        another =
            Thread.ofVirtual()
                .name("heddle-commits")
                .inheritInheritableThreadLocals(false) // the next commit is somebody else's
                .unstarted(this::tellAll);
        teller = another;
      }
    } finally {
      lock.unlock();
    }
    if (another != null) {
      start(another);
    }
  }

  private static Commit together(Commit first, Commit second) {
    Set<String> tables = first.tables();
    if (!tables.containsAll(second.tables())) {
      tables = new HashSet<>(tables);
      tables.addAll(second.tables());
    }
    return new Commit(tables, first.commits() + second.commits());
  }

  private void start(Thread thread) {
    try {
      thread.start();
    } catch (Throwable failure) {
      idle();
      complain("can't be told of commits; it is tried again with the next one", failure);
    }
  }

  private void idle() {
    lock.lock();
    try {
      teller = null;
      told.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void tellAll() {
    for (Commit commit = next(); commit != null; commit = next()) {
      tell(commit);
    }
  }

  private @Nullable Commit next() {
    lock.lock();
    try {
      Commit next = waiting.pollFirst();
      if (next == null) {
        idle();
      }
      return next;
    } finally {
      lock.unlock();
    }
  }

  private void tell(Commit commit) {
    try {
      listener.committed(commit);
    } catch (Throwable failure) {
      complain("failed, and is told of the next commit all the same", failure);
    } finally {
      Thread.interrupted(); // was the listener's own affair
    }
  }

  private void complain(String what, Throwable failure) {
    try {
      CommitFeed.LOG.warn("Pool '{}': the commit listener {} {}", pool, listener, what, failure);
    } catch (Throwable again) {
      // Without a log there is nobody to tell, and the commits go on.
    }
  }

  /** False if the listener is still busy when that time is over; it does not wait for itself. */
  boolean awaitTold(long nanos) {
    boolean interrupted = false;
    long start = System.nanoTime();
    lock.lock();
    try {
      while (teller != null && !teller.equals(Thread.currentThread())) {
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
