package dev.heddle.pool.tests.containers;

import dev.heddle.pool.tests.WritingProcess;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.concurrent.CountDownLatch;

/** A {@link WritingProcess} that ends when a container's process is told to, by SIGTERM. */
public final class EndedBySignal {

  private EndedBySignal() {}

  /** Runs it; SIGTERM ends its input. */
  public static void main(String[] arguments) throws Exception {
    PipedOutputStream input = new PipedOutputStream();
    System.setIn(new PipedInputStream(input));
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(input, ended)));
    try {
      WritingProcess.main(arguments);
    } finally {
      ended.countDown();
    }
  }

  private static void end(PipedOutputStream input, CountDownLatch ended) {
    try {
      input.close();
      ended.await();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError("Nothing is in its way", e);
    }
  }
}
