package dev.heddle.pool.internal.sqlite;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a lease has open on its connection, so that no cursor outlives its transaction or lease.
 * Confined like {@link Session}.
 */
final class OpenStatements {

  private static final Logger LOG = LoggerFactory.getLogger(OpenStatements.class);

  /** In use, in the order of opening. */
  private final List<Prepared> prepared = new ArrayList<>(4);

  /** What JDBC code opened besides: plain statements, result sets of metadata. */
  private final List<Leftover> others = new ArrayList<>(2);

  /**
   * Something to close at the latest when the lease ends.
   *
   * @param sql gives what it runs, if that is known
   */
  private record Leftover(AutoCloseable closeable, Supplier<@Nullable String> sql) {}

  /** Grows whenever all are closed at once. */
  private long epoch;

  void add(Prepared statement) {
    prepared.add(statement);
  }

  void remove(Prepared statement) {
    prepared.remove(statement);
  }

  void add(AutoCloseable other, Supplier<@Nullable String> sql) {
    others.add(new Leftover(other, sql));
  }

  void remove(AutoCloseable other) {
    others.removeIf(leftover -> leftover.closeable().equals(other));
  }

  /** True if none of the kept statements is in use. */
  boolean isEmpty() {
    return prepared.isEmpty();
  }

  /**
   * What they run, as far as it is known. Asked at the end of each lease, when there is nothing.
   */
  List<String> sql() {
    if (prepared.isEmpty() && others.isEmpty()) {
      return List.of();
    }
    List<String> sql = new ArrayList<>();
    prepared.forEach(statement -> sql.add(Errors.shorten(statement.sql())));
    for (Leftover other : others) {
      String text = other.sql().get();
      if (text != null) {
        sql.add(Errors.shorten(text));
      }
    }
    return sql;
  }

  long epoch() {
    return epoch;
  }

  void closeAll() {
    epoch++;
    for (Prepared statement : List.copyOf(prepared)) {
      statement.close();
    }
    for (Leftover other : others) {
      closeQuietly(other.closeable());
    }
    others.clear();
  }

  private static void closeQuietly(AutoCloseable other) {
    try {
      other.close();
    } catch (Exception e) {
      LOG.debug("Closing what a lease left open reported an error", e);
    }
  }
}
