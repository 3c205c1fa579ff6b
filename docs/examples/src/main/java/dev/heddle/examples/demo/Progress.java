package dev.heddle.examples.demo;

import dev.heddle.pool.LeasePool;
import dev.heddle.pool.PoolStats;
import java.io.Console;
import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A line each second: always the same one on a terminal. */
public final class Progress {

  private final PrintStream out;
  private final boolean terminal;

  public Progress(PrintStream out) {
    this.out = out;
    this.terminal = Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
  }

  void follow(String phase, LeasePool pool, Tally tally, long endNanos)
      throws InterruptedException {
    long reads = tally.reads.sum();
    long commits = tally.commits.sum();
    long last = System.nanoTime();
    while (last - endNanos < 0) {
      TimeUnit.NANOSECONDS.sleep(Math.min(TimeUnit.SECONDS.toNanos(1), endNanos - last));
      long now = System.nanoTime();
      double seconds = (now - last) / 1e9;
      PoolStats stats = pool.stats();
      String line =
          "%,8.0f reads/s  %,7.0f commits/s   waiting: %,6d for a reader, %,6d for the writer  %s"
              .formatted(
                  (tally.reads.sum() - reads) / seconds,
                  (tally.commits.sum() - commits) / seconds,
                  stats.readers().waiting(),
                  stats.writer().waiting(),
                  phase);
      out.print(terminal ? "\r" + line : line + System.lineSeparator());
      out.flush();
      reads = tally.reads.sum();
      commits = tally.commits.sum();
      last = now;
    }
    if (terminal) {
      out.println(); // the next phase has a line of its own
    }
  }
}
