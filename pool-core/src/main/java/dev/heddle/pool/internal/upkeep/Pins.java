package dev.heddle.pool.internal.upkeep;

import dev.heddle.pool.internal.lane.Hold;
import dev.heddle.pool.internal.lane.Lane;
import dev.heddle.pool.internal.sqlite.Errors;
import dev.heddle.pool.internal.sqlite.Session;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out who keeps the WAL from beginning anew, and says so, once for each: the lease whose read
 * has been going on for longest, or somebody outside. For one thread at a time.
 */
public final class Pins {

  private static final Logger LOG = LoggerFactory.getLogger("dev.heddle.pool.upkeep");

  /** How long the same read must have been seen, for a report about it. */
  private static final long SURE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** How long nobody must have been found here, for a report about somebody outside. */
  private static final long NOBODY_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final String pool;
  private final Lane<Session> readers;
  private final Function<Hold<Session>, String> describe;

  /** One read of a lease, which has a number of its own in its session. */
  private static final class Read {
    private final Hold<Session> hold;
    private final long number;
    private final long sinceNanos;
    private boolean told;

    Read(Hold<Session> hold, long number, long sinceNanos) {
      this.hold = hold;
      this.number = number;
      this.sinceNanos = sinceNanos;
    }

    long sinceNanos() {
      return sinceNanos;
    }

    boolean is(Hold<Session> other, long otherNumber) {
      return hold == other && number == otherNumber;
    }
  }

  /** Those that go on. */
  private List<Read> reads = List.of();

  /** Since when the WAL has been held back. */
  private long sinceNanos;

  private boolean held;
  private boolean toldOfOutside;

  /**
   * Nobody is known yet.
   *
   * @param describe a hold in words, with what it is doing now
   */
  public Pins(String pool, Lane<Session> readers, Function<Hold<Session>, String> describe) {
    this.pool = pool;
    this.readers = readers;
    this.describe = describe;
  }

  /** Nobody holds the WAL back. */
  void none() {
    reads = List.of();
    held = false;
    toldOfOutside = false;
  }

  /** Somebody does, and the WAL is so long. */
  void look(long walBytes) {
    long now = System.nanoTime();
    if (!held) {
      held = true;
      sinceNanos = now;
    }
    reads = readsNow(now);
    Optional<Read> oldest =
        reads.stream()
            .filter(read -> now - read.sinceNanos >= SURE_NANOS)
            .min(Comparator.comparingLong(Read::sinceNanos));
    if (oldest.isPresent()) {
      tell(oldest.get(), now, walBytes);
    } else if (now - sinceNanos >= NOBODY_NANOS) {
      tellOfOutside(walBytes);
    }
  }

  private List<Read> readsNow(long now) {
    List<Read> found = new ArrayList<>();
    for (Hold<Session> hold : readers.holds()) {
      long number = hold.resource().reading();
      if (number != 0) {
        found.add(
            reads.stream()
                .filter(read -> read.is(hold, number))
                .findAny()
                .orElseGet(() -> new Read(hold, number, now)));
      }
    }
    return found;
  }

  private void tell(Read read, long now, long walBytes) {
    if (!read.told) {
      read.told = true;
      LOG.warn(
          "Pool '{}': the WAL is {} MiB long and can't begin anew, because of a lease that reads an"
              + " old state of the database. End snapshots and queries sooner; 'reader.max-time'"
              + " bounds them. Held for {}: {}",
          pool,
          walBytes >> 20,
          Errors.duration(now - read.hold.sinceNanos()),
          describe.apply(read.hold));
    }
  }

  private void tellOfOutside(long walBytes) {
    if (!toldOfOutside) {
      toldOfOutside = true;
      LOG.warn(
          "Pool '{}': the WAL is {} MiB long and can't begin anew, and no lease of this pool has"
              + " read for long. Look for a read transaction of another process or connection on"
              + " this file, or a backup; or for reads of more than a few milliseconds that follow"
              + " each other without a gap",
          pool,
          walBytes >> 20);
    }
  }
}
