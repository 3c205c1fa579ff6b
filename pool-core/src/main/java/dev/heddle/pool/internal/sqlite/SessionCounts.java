package dev.heddle.pool.internal.sqlite;

import java.util.concurrent.atomic.LongAdder;

/** What the sessions of one pool have done, all together. */
public final class SessionCounts {

  final LongAdder commits = new LongAdder();
  final LongAdder rollbacks = new LongAdder();
  final LongAdder cacheHits = new LongAdder();
  final LongAdder cacheMisses = new LongAdder();

  public long commits() {
    return commits.sum();
  }

  public long rollbacks() {
    return rollbacks.sum();
  }

  public long cacheHits() {
    return cacheHits.sum();
  }

  public long cacheMisses() {
    return cacheMisses.sum();
  }
}
