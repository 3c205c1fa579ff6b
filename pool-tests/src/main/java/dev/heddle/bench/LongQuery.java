package dev.heddle.bench;

import java.util.List;
import java.util.Locale;

/** Queries that somebody may want to end early, and one thing to compare them with. */
enum LongQuery {
  /** Never ends, and reads nothing. */
  RECURSION(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
      true),

  /** Sorts in memory as much as fits into the page cache, each time in a single instruction. */
  SORT("SELECT id, name FROM large ORDER BY code", false),

  /** Ends in a few hours. */
  JOIN("SELECT count(*) FROM large a CROSS JOIN large b WHERE a.code > b.code", true),

  /** Reads the whole table. */
  SCAN("SELECT count(*) FROM large WHERE name LIKE '%no such name%'", false),

  /**
   * No query: Java that does nothing but look for the interrupt. What it takes is the machine's.
   */
  LOOP("", true);

  /** All that are queries. */
  static final List<LongQuery> QUERIES = List.of(RECURSION, SORT, JOIN, SCAN);

  final String sql;
  final boolean endless;

  /** In figures and tables. */
  final String key = name().toLowerCase(Locale.ROOT);

  LongQuery(String sql, boolean endless) {
    this.sql = sql;
    this.endless = endless;
  }
}
