package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.internal.sqlite.Errors;
import dev.heddle.pool.internal.sqlite.SqlText;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a program could do better, said once for each place. Safe for all threads; harmless if two
 * say the same at once.
 */
final class Advice {

  private static final Logger LOG = LoggerFactory.getLogger("dev.heddle.pool.jdbc");

  /** Enough to be heard; after that it costs nothing any more. */
  private static final int MOST = 100;

  /** Whoever calls these is the place, not they. */
  private static final List<String> FRAMEWORKS =
      List.of(
          "dev.heddle.pool.internal.",
          "java.",
          "javax.",
          "jdk.",
          "sun.",
          "jakarta.",
          "org.springframework.",
          "org.hibernate.",
          "org.jooq.",
          "org.jdbi.",
          "org.apache.ibatis.");

  /** Their transactions are what they are, and nobody can mark them. */
  private static final List<String> TOOLS = List.of("org.flywaydb.", "liquibase.");

  private final String pool;
  private final Set<String> said = ConcurrentHashMap.newKeySet();

  Advice(String pool) {
    this.pool = pool;
  }

  /** A transaction has had the writer, and has only read. */
  void onlyRead() {
    if (said.size() >= MOST) {
      return;
    }
    String place = place();
    if (TOOLS.stream().noneMatch(place::startsWith) && said.add(place)) {
      LOG.warn(
          "Pool '{}': a transaction held the writer and wrote nothing; it was ended at {}. Mark it"
              + " read-only (Connection.setReadOnly(true), @Transactional(readOnly = true)), and it"
              + " runs on a reader, beside the others. This is said once for each place",
          pool,
          place);
    }
  }

  /** A connection keeps the writer to itself for what it did. */
  void keepsWriter(SqlText text) {
    String what = Errors.shorten(text.statement());
    if (said.size() < MOST && said.add(what)) {
      LOG.warn(
          "Pool '{}': a JDBC connection keeps the writer until it is closed, because of what it has"
              + " left there: {}. What every connection needs belongs into the pool's"
              + " configuration. This is said once for each statement",
          pool,
          what);
    }
  }

  private static String place() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames
                    .filter(
                        frame -> FRAMEWORKS.stream().noneMatch(frame.getClassName()::startsWith))
                    .findFirst()
                    .map(frame -> frame.toStackTraceElement().toString()))
        .orElse("an unknown place");
  }
}
