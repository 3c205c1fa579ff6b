package dev.heddle.pool.internal.sqlite;

/** What a connection is for: it decides which SQL a lease on it may run. */
public enum Role {
  /** One of the read-only connections. */
  READER,
  /** The one connection that writes, always inside a transaction of the lane. */
  WRITER
}
