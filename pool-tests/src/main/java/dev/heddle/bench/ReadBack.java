package dev.heddle.bench;

import com.zaxxer.hikari.HikariDataSource;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** The pragmas that hold on a contender's connections, whatever it was told to set. */
public final class ReadBack {

  private static final String SYNCHRONOUS = "synchronous";

  /** What is read back. */
  public static final List<String> PRAGMAS =
      List.of(
          "journal_mode",
          SYNCHRONOUS,
          "cache_size",
          "mmap_size",
          "foreign_keys",
          "busy_timeout",
          "wal_autocheckpoint",
          "temp_store",
          "page_size");

  private ReadBack() {}

  /** The pragmas of every connection; what differs from one to another is shown with a slash. */
  public static Map<String, String> of(SqlitePool pool, int readers) throws SQLException {
    List<Map<String, String>> all = new ArrayList<>();
    List<ReadLease> leases = new ArrayList<>();
    try {
      for (int i = 0; i < readers; i++) {
        leases.add(pool.acquireReader());
      }
      for (ReadLease lease : leases) {
        all.add(of(lease));
      }
    } finally {
      leases.forEach(ReadLease::close);
    }
    return merged(all);
  }

  /** The pragmas of the writer. */
  public static Map<String, String> ofWriter(SqlitePool pool) throws SQLException {
    try (WriteLease lease = pool.acquireWriter()) {
      Map<String, String> values = of(lease);
      lease.rollback();
      return values;
    }
  }

  private static Map<String, String> of(ReadLease lease) throws SQLException {
    Map<String, String> values = new LinkedHashMap<>();
    for (String pragma : PRAGMAS) {
      String value =
          lease
              .queryOne("PRAGMA " + pragma, row -> String.valueOf(row.getString(1)))
              .orElse("nothing");
      values.put(pragma, value);
    }
    return values;
  }

  /** As {@link #of(SqlitePool, int)}. */
  static Map<String, String> of(HikariDataSource pool) throws SQLException {
    return of(pool, pool.getMaximumPoolSize());
  }

  /** As {@link #of(SqlitePool, int)}. */
  public static Map<String, String> of(DataSource pool, int size) throws SQLException {
    List<Map<String, String>> all = new ArrayList<>();
    List<Connection> connections = new ArrayList<>();
    try {
      for (int i = 0; i < size; i++) {
        connections.add(pool.getConnection());
      }
      for (Connection connection : connections) {
        all.add(of(connection));
      }
    } finally {
      for (Connection connection : connections) {
        connection.close();
      }
    }
    return merged(all);
  }

  public static Map<String, String> of(Connection connection) throws SQLException {
    Map<String, String> values = new LinkedHashMap<>();
    try (Statement statement = connection.createStatement()) {
      for (String pragma : PRAGMAS) {
        try (ResultSet result = statement.executeQuery("PRAGMA " + pragma)) {
          values.put(pragma, result.next() ? String.valueOf(result.getString(1)) : "nothing");
        }
      }
    }
    return values;
  }

  /** Fails if a connection does not sync as it was told to. */
  public static void requireSynchronous(Map<String, String> pragmas, String wanted) {
    String value =
        switch (wanted) {
          case "FULL" -> "2";
          case "NORMAL" -> "1";
          default -> throw new IllegalArgumentException(wanted);
        };
    if (!value.equals(pragmas.get(SYNCHRONOUS)) || !"wal".equals(pragmas.get("journal_mode"))) {
      throw new AssertionError("wanted synchronous = " + wanted + " and a WAL, got " + pragmas);
    }
  }

  private static Map<String, String> merged(List<Map<String, String>> all) {
    Map<String, String> merged = new LinkedHashMap<>();
    for (String pragma : PRAGMAS) {
      List<String> values =
          all.stream().map(one -> one.getOrDefault(pragma, "")).distinct().toList();
      merged.put(pragma, String.join("/", values));
    }
    return merged;
  }
}
