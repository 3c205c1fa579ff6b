package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Work on a virtual thread of its own, and what came of it. */
public final class Background<T extends @Nullable Object> {

  private final Thread thread;
  private final CountDownLatch done = new CountDownLatch(1);
  private @Nullable T result;
  private @Nullable Throwable failure;

  /** Written before {@code done}. */
  private boolean interruptedAtEnd;

  private Background(String name, Callable<T> work) {
    thread = Thread.ofVirtual().name(name).unstarted(() -> run(work));
  }

  public static <T extends @Nullable Object> Background<T> start(String name, Callable<T> work) {
    Background<T> background = new Background<>(name, work);
    background.thread.start();
    return background;
  }

  private void run(Callable<T> work) {
    try {
      result = work.call();
    } catch (Throwable t) {
      failure = t;
    }
    interruptedAtEnd = Thread.currentThread().isInterrupted();
    done.countDown();
  }

  public Thread thread() {
    return thread;
  }

  public boolean isDone() {
    return done.getCount() == 0;
  }

  /** What the work gave; its failure is thrown. */
  public @Nullable T result() {
    Await.latch(thread + " ends", done);
    if (failure != null) {
      throw new AssertionError(thread + " failed", failure);
    }
    return result;
  }

  /** How the work failed. */
  public <X extends Throwable> X failure(Class<X> type) {
    Await.latch(thread + " ends", done);
    assertNotNull(failure, "no failure, but " + result);
    return assertInstanceOf(type, failure);
  }

  /** Whether its interrupt flag was set when the work was over. */
  public boolean interruptedAtEnd() {
    Await.latch(thread + " ends", done);
    return interruptedAtEnd;
  }

  /** After a test: whatever happened, it must come to an end. */
  public void end() {
    if (!isDone()) {
      thread.interrupt();
      Await.latch(thread + " ends after an interrupt", done);
    }
  }
}
