package dev.heddle.pool.tests;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Subtasks on virtual threads of their own; when the first of them fails, all others are
 * interrupted. As a structured scope that shuts down on failure does.
 */
final class FailFastScope implements AutoCloseable {

  // Guarded by this.

  private final List<Thread> threads = new ArrayList<>();
  private @Nullable Throwable first;

  synchronized void fork(Callable<?> task) {
    Thread thread = Thread.ofVirtual().name("fork-" + threads.size()).unstarted(() -> run(task));
    threads.add(thread);
    thread.start();
    if (first != null) {
      thread.interrupt();
    }
  }

  private void run(Callable<?> task) {
    try {
      task.call();
    } catch (Throwable failure) {
      failed(failure);
    }
  }

  private synchronized void failed(Throwable failure) {
    if (first == null) {
      first = failure;
      threads.stream()
          .filter(thread -> !thread.equals(Thread.currentThread()))
          .forEach(Thread::interrupt);
    }
  }

  /** What failed first, when all others are interrupted for it; null if nothing did. */
  synchronized @Nullable Throwable first() {
    return first;
  }

  private synchronized List<Thread> threads() {
    return List.copyOf(threads);
  }

  /** Waits for all subtasks. */
  @Override
  public void close() {
    for (Thread thread : threads()) {
      Await.until(thread + " ends", () -> !thread.isAlive());
    }
  }
}
