package dev.heddle.pool.internal.jdbc;

/**
 * How much of a result is read at once.
 *
 * @param rows at most so many
 * @param bytes about so many
 */
record Portion(long rows, long bytes) {

  /** What most programs read is no more than this; then the lane is free when they get it. */
  static final Portion USUAL = new Portion(128, 64 * 1024);

  /** What may be kept in memory so that a connection need not hold a reader while it waits. */
  static final Portion SPARE = new Portion(10_000, 4 * 1024 * 1024);

  static final Portion ALL = new Portion(Long.MAX_VALUE, Long.MAX_VALUE);

  /** So many rows, if they are not too large. */
  Portion of(long wanted) {
    return new Portion(wanted, bytes);
  }

  Portion atMost(long limit) {
    return limit < rows ? new Portion(limit, bytes) : this;
  }
}
