package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Work that is interrupted, what came of it, and what its thread does next, with its interrupt flag
 * cleared.
 */
final class Attempt implements Callable<@Nullable Void> {

  private final Callable<?> work;
  private final Callable<?> next;
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch over = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);

  /** Written before {@code begun}. */
  private @Nullable Thread thread;

  // Written before over.

  private @Nullable Throwable failure;
  private boolean interrupted;

  /** Written before {@code ended}. */
  private @Nullable Throwable secondFailure;

  Attempt(Callable<?> work, Callable<?> next) {
    this.work = work;
    this.next = next;
  }

  @Override
  public @Nullable Void call() {
    thread = Thread.currentThread();
    begun.countDown();
    try {
      work.call();
    } catch (Throwable t) {
      failure = t;
    }
    interrupted = Thread.interrupted();
    over.countDown();
    try {
      next.call();
    } catch (Throwable t) {
      secondFailure = t;
    }
    ended.countDown();
    return null;
  }

  Thread thread() {
    Await.latch("the task begins", begun);
    if (thread == null) {
      throw new AssertionError("no thread");
    }
    return thread;
  }

  /** The work has failed, and its thread was interrupted then. */
  <X extends Throwable> X failure(Class<X> type) {
    Await.latch("the work ends", over);
    assertTrue(interrupted, () -> "the interrupt flag is lost; the failure: " + failure);
    return assertInstanceOf(type, failure);
  }

  /** The work is done, and its thread was interrupted then. */
  void assertDone() {
    Await.latch("the work ends", over);
    if (failure != null) {
      throw new AssertionError("the work failed", failure);
    }
    assertTrue(interrupted, "the interrupt flag is lost");
  }

  /** What the thread did next has worked. */
  void assertWentOn() {
    Await.latch("the thread does its next work", ended);
    if (secondFailure != null) {
      throw new AssertionError("the thread's next work failed", secondFailure);
    }
  }
}
