package dev.heddle.bench;

import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs long queries, one kind after the other, and interrupts each at a random moment: anywhere in
 * its run, or within the first tenth of a second if it has no end.
 */
final class Interrupter implements Runnable {

  /** The SQLState of an interrupted query. */
  static final String INTERRUPTED = "57014";

  private static final long ENDLESS_NANOS = 100_000_000;
  private static final LongQuery[] KINDS = LongQuery.values();

  private final Function<LongQuery, Victim.Body> queries;
  private final Duration patience;
  private final int count;
  private final SplittableRandom random;

  /** From the start of a query to the latest moment for its interrupt. */
  private final Map<LongQuery, Long> spans = new EnumMap<>(LongQuery.class);

  private final Figures figures = new Figures();
  private long early;
  private long unharmed;
  private long stopped;
  private long unflagged;
  private long wrong;
  private @Nullable Throwable failure;

  /**
   * Nothing yet.
   *
   * @param queries what runs a query of some kind
   * @param patience how long an interrupted query may go on, before it is ended from outside
   * @param count how many to interrupt, without those that are no queries
   * @param seed decides about the moments
   */
  Interrupter(Function<LongQuery, Victim.Body> queries, Duration patience, int count, long seed) {
    this.queries = queries;
    this.patience = patience;
    this.count = count * KINDS.length / LongQuery.QUERIES.size();
    this.random = new SplittableRandom(seed);
  }

  @Override
  public void run() {
    try {
      for (LongQuery kind : KINDS) {
        spans.put(kind, span(kind));
      }
      for (int i = 0; i < count; ) {
        i += interruptOne(KINDS[i % KINDS.length]) ? 1 : 0;
      }
    } catch (Throwable t) {
      failure = t;
    }
  }

  /** How long such a query takes now, with whatever else is going on. */
  private long span(LongQuery kind) throws InterruptedException {
    if (kind.endless) {
      return ENDLESS_NANOS;
    }
    long first = start(kind).letRun();
    return Math.min(first, start(kind).letRun());
  }

  private Victim start(LongQuery kind) {
    return Victim.start(queries.apply(kind));
  }

  /** False if the query had ended before. */
  private boolean interruptOne(LongQuery kind) throws InterruptedException, SQLException {
    long after = random.nextLong(Objects.requireNonNull(spans.get(kind)));
    Victim victim = start(kind);
    long nanos = victim.interruptAfter(Duration.ofNanos(after), patience);
    if (nanos <= 0) {
      early++;
      return false;
    }
    figures.put(afterMillis(kind), after / 1e6);
    figures.put(millis(kind), nanos / 1e6);
    look(victim);
    return true;
  }

  /** From the start of the query to its interrupt. */
  static String afterMillis(LongQuery kind) {
    return kind.key + "AfterMillis";
  }

  /** From the interrupt to the end of the query. */
  static String millis(LongQuery kind) {
    return kind.key + "Millis";
  }

  private void look(Victim victim) {
    unflagged += victim.flagged() ? 0 : 1;
    Throwable t = victim.failure();
    if (t == null) {
      unharmed++;
    } else if (victim.stopped()) {
      stopped++;
    } else if (!(t instanceof SQLException e && isInterrupt(e)) && wrong++ == 0) {
      t.printStackTrace();
    }
  }

  private static boolean isInterrupt(SQLException e) {
    return INTERRUPTED.equals(e.getSQLState()) && e.getCause() instanceof InterruptedException;
  }

  /** What came of it, after its end; fails if it could not go on. */
  void addTo(Figures all) {
    if (failure != null) {
      throw new AssertionError("interrupting failed", failure);
    }
    figures.forEach(all::put);
    all.put("early", early);
    all.put("unharmed", unharmed);
    all.put("stopped", stopped);
    all.put("unflagged", unflagged);
    all.put("wrong", wrong);
  }
}
