package dev.heddle.pool.internal.lane;

import org.jspecify.annotations.Nullable;

/**
 * A thread of an interleaving test. A subclass of Thread with its body in a field, and always a
 * platform thread: Lincheck learns what threads share by walking the fields of those it sees
 * started, and it does not get from {@code new Thread(body)}, or a virtual thread, to the body. It
 * keeps what the body throws, for {@link #join}: Lincheck does not look at it.
 */
final class Actor extends Thread {

  final EventParking.Gate gate = new EventParking.Gate();
  private final Runnable body;
  private @Nullable Throwable thrown;

  Actor(Runnable body) {
    this.body = body;
  }

  @Override
  public void run() {
    try {
      body.run();
    } catch (Throwable t) {
      thrown = t;
    }
  }

  // Both as threads: Lincheck knows the methods of Thread by that name only.

  static void start(Thread... actors) {
    for (Thread actor : actors) {
      actor.start();
    }
  }

  /** Waits for the actors; fails if one of them failed. */
  static void join(Thread... actors) {
    for (Thread actor : actors) {
      try {
        actor.join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    for (Thread actor : actors) {
      Throwable thrown = ((Actor) actor).thrown;
      if (thrown != null) {
        throw new AssertionError("an actor failed: " + thrown.getMessage(), thrown);
      }
    }
  }
}
