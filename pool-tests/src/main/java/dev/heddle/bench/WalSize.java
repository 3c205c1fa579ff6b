package dev.heddle.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.LongAccumulator;

/**
 * Looks at the length of a WAL, again and again, from a thread of its own. It asks for the file's
 * length and never opens it: closing a file of a database drops the locks that the process has.
 */
final class WalSize {

  static final double MIB = 1 << 20;

  private static final Duration EVERY = Duration.ofMillis(2);
  private static final long NOT_YET = -1;

  private final Path wal;
  private final LongAccumulator peak = new LongAccumulator(Math::max, 0);
  private final Thread thread;
  private volatile Wish wish = new Wish(0, 0);

  /** The time that it took to come true, or {@link #NOT_YET}. */
  private volatile long tookNanos = NOT_YET;

  /** A length that is waited for, since when. */
  private record Wish(long bytes, long sinceNanos) {}

  private WalSize(Path database) {
    this.wal = Path.of(database + "-wal");
    this.thread = Thread.ofPlatform().daemon().name("length of the WAL").unstarted(this::watch);
  }

  static WalSize watch(Path database) {
    WalSize size = new WalSize(database);
    size.thread.start();
    return size;
  }

  private void watch() {
    try {
      while (true) {
        look(bytes());
        Thread.sleep(EVERY);
      }
    } catch (InterruptedException e) {
      // That is how it ends.
    }
  }

  private void look(long bytes) {
    peak.accumulate(bytes);
    if (tookNanos == NOT_YET && bytes <= wish.bytes) {
      tookNanos = System.nanoTime() - wish.sinceNanos;
    }
  }

  /** The length now; 0 if there is no WAL. */
  long bytes() {
    try {
      return Files.size(wal);
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The greatest length that was seen, in MiB. */
  double peakMiB() {
    return peak.get() / MIB;
  }

  /** The greatest length from here on. */
  void forget() {
    peak.reset();
  }

  /** From now on, waits for it to be no longer than that. */
  void await(long bytes) {
    wish = new Wish(bytes, System.nanoTime());
    tookNanos = NOT_YET;
  }

  /** Ends it, and tells how long what was waited for took, if it came about. */
  void stop(Figures figures, String key) throws InterruptedException {
    stop();
    if (tookNanos != NOT_YET) {
      figures.put(key, tookNanos / 1e6);
    }
  }

  void stop() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }
}
