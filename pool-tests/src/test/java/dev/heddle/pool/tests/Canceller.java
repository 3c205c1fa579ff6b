package dev.heddle.pool.tests;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs tasks on virtual threads, and interrupts all of them in one of the ways there are. */
abstract class Canceller implements AutoCloseable {

  /** The ways to interrupt. */
  enum Way {
    INTERRUPT,
    CANCEL,
    SHUTDOWN_NOW,
    SCOPE
  }

  static Canceller by(Way way) {
    return switch (way) {
      case INTERRUPT -> new ByInterrupt();
      case CANCEL -> new ByExecutor(false);
      case SHUTDOWN_NOW -> new ByExecutor(true);
      case SCOPE -> new ByScope();
    };
  }

  abstract void start(Callable<?> task);

  /** Interrupts all tasks; when it returns, all are. */
  abstract void cancel();

  /** Waits until all tasks have ended. */
  @Override
  public abstract void close();

  /** {@link Thread#interrupt}. */
  private static final class ByInterrupt extends Canceller {
    private final List<Background<?>> threads = new ArrayList<>();

    @Override
    void start(Callable<?> task) {
      threads.add(Background.start("task-" + threads.size(), task::call));
    }

    @Override
    void cancel() {
      threads.forEach(thread -> thread.thread().interrupt());
    }

    @Override
    public void close() {
      threads.forEach(Background::end);
    }
  }

  /** {@link Future#cancel} or {@link ExecutorService#shutdownNow}. */
  private static final class ByExecutor extends Canceller {
    private final boolean shutsDown;
    private final List<Future<?>> tasks = new ArrayList<>();
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    ByExecutor(boolean shutsDown) {
      this.shutsDown = shutsDown;
    }

    @Override
    void start(Callable<?> task) {
      tasks.add(executor.submit(task));
    }

    @Override
    void cancel() {
      if (shutsDown) {
        executor.shutdownNow();
      } else {
        tasks.forEach(task -> task.cancel(true));
      }
    }

    @Override
    public void close() {
      executor.shutdown();
      Await.until("the tasks end", executor::isTerminated);
    }
  }

  /** A sibling that fails. */
  private static final class ByScope extends Canceller {
    private final FailFastScope scope = new FailFastScope();

    @Override
    void start(Callable<?> task) {
      scope.fork(task);
    }

    @Override
    void cancel() {
      scope.fork(
          () -> {
            throw new IllegalStateException("a sibling that fails");
          });
      Await.until("the scope is shut down", () -> scope.first() != null);
    }

    @Override
    public void close() {
      scope.close();
    }
  }
}
