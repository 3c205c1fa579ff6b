package dev.heddle.pool.internal.events;

import dev.heddle.pool.CommitListener;
import dev.heddle.pool.PoolListener;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those who listen to one pool, and how they are told. */
final class Listeners {

  private static final Logger LOG = LoggerFactory.getLogger("dev.heddle.pool.events");

  /** A listener that fails does so with each event. */
  private static final long COMPLAINT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final String FAILED = "failed, and is told of the next event all the same";

  /** An event, and how many after it were lost, since the listener was too far behind. */
  private record Event(Consumer<PoolListener> what, long lost) {}

  private final String pool;

  /** Looked at with each lease; changed under {@code this}. */
  private volatile List<Listening> listening = List.of();

  /** Nothing is told any more; what is on its way to be told still may be. */
  private volatile boolean finished;

  private final AtomicLong complainedNanos = new AtomicLong(System.nanoTime() - COMPLAINT_NANOS);

  Listeners(String pool) {
    this.pool = pool;
  }

  CommitListener.Subscription add(PoolListener listener) {
    Listening added = new Listening(listener);
    synchronized (this) {
      listening = Stream.concat(listening.stream(), Stream.of(added)).toList();
    }
    if (finished) {
      added.tellLast();
    }
    return added.queue;
  }

  private synchronized void remove(Listening ended) {
    listening = listening.stream().filter(one -> !one.equals(ended)).toList();
  }

  boolean isEmpty() {
    return listening.isEmpty();
  }

  /** {@link #tellNow} for what happens hundreds of thousands of times a second. */
  void leaseEnded(PoolListener.Lease lease) {
    if (!finished) {
      List<Listening> all = listening;
      for (int i = 0; i < all.size(); i++) {
        all.get(i).leaseEnded(lease);
      }
    }
  }

  /** Tells them here and now. */
  void tellNow(Consumer<PoolListener> what) {
    if (!finished) {
      for (Listening one : listening) {
        one.tellNow(what);
      }
    }
  }

  /** Has them told, one event after the other. */
  void tellLater(Consumer<PoolListener> what) {
    if (!finished) {
      Event event = new Event(what, 0);
      for (Listening one : listening) {
        one.queue.add(event);
      }
    }
  }

  /** Has them told that the pool is closed, and waits until they are, but no longer than this. */
  void finish(Duration patience) {
    finished = true;
    listening.forEach(Listening::tellLast);
    long start = System.nanoTime();
    for (Listening one : listening) {
      if (!one.queue.awaitTold(patience.toNanos() - (System.nanoTime() - start))) {
        LOG.warn(
            "Pool '{}': the listener {} was still busy after close-timeout={}; close() does not"
                + " wait for it",
            pool,
            one.listener,
            patience);
      }
    }
  }

  private final class Listening {
    private final PoolListener listener;
    private final EventQueue<Event> queue;
    private final AtomicBoolean toldLast = new AtomicBoolean();

    Listening(PoolListener listener) {
      this.listener = listener;
      this.queue =
          new EventQueue<>(
              "heddle-events",
              this::tell,
              (last, lost) -> new Event(last.what, last.lost + 1),
              this::complain,
              ended -> remove(this));
    }

    /** Once, and however far behind it is. */
    void tellLast() {
      if (toldLast.compareAndSet(false, true)) {
        queue.addLast(new Event(PoolListener::poolClosed, 0));
      }
    }

    private void tell(Event event) {
      if (event.lost > 0) {
        LOG.warn(
            "Pool '{}': the listener {} is too slow: {} events were dropped",
            pool,
            listener,
            event.lost);
      }
      event.what.accept(listener);
    }

    void tellNow(Consumer<PoolListener> what) {
      boolean interrupted = Thread.currentThread().isInterrupted();
      try {
        what.accept(listener);
      } catch (Throwable failure) {
        complain(FAILED, failure);
      } finally {
        restore(interrupted); // it is the program's, and means something to it
      }
    }

    void leaseEnded(PoolListener.Lease lease) {
      boolean interrupted = Thread.currentThread().isInterrupted();
      try {
        listener.leaseEnded(lease);
      } catch (Throwable failure) {
        complain(FAILED, failure);
      } finally {
        restore(interrupted);
      }
    }

    private static void restore(boolean interrupted) {
      if (interrupted != Thread.currentThread().isInterrupted()) {
        if (interrupted) {
          Thread.currentThread().interrupt();
        } else {
          Thread.interrupted();
        }
      }
    }

    /** Not often, and without throwing: a log that fails must not harm a lease, either. */
    private void complain(String what, Throwable failure) {
      long now = System.nanoTime();
      long before = complainedNanos.get();
      if (now - before < COMPLAINT_NANOS || !complainedNanos.compareAndSet(before, now)) {
        return;
      }
      ReportLog.run(() -> LOG.warn("Pool '{}': the listener {} {}", pool, listener, what, failure));
    }
  }
}
