package dev.heddle.pool.internal.sqlite;

import java.util.concurrent.atomic.LongAdder;

/** What the sessions of one pool have done, all together. */
public final class SessionCounts {

  final LongAdder cacheHits = new LongAdder();
  final LongAdder cacheMisses = new LongAdder();

  final LongAdder busyRetries = new LongAdder();

  public long cacheHits() {
    return cacheHits.sum();
  }

  public long cacheMisses() {
    return cacheMisses.sum();
  }

  /** How often a statement met another process's lock, and was tried again. */
  public long busyRetries() {
    return busyRetries.sum();
  }
}
