package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.function.Executable;

/** Pools whose statements have little time, and what they run. */
abstract class TimeoutFixture extends GroupFixture {

  static final Duration TIMEOUT = Duration.ofMillis(300);

  static final String OPTION = "statement-timeout=300 ms";

  static final String QUERY_TIMEOUT = "its query timeout=1.0 s";

  static final String INSERT = "INSERT INTO t(v) VALUES (?)";

  /** A little work, whose result is 1000: enough for SQLite to ask whether to go on. */
  static final String SOME_WORK =
      "(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 1000)"
          + " SELECT count(*) FROM c)";

  /** Rows for as long as one asks. */
  static final String ENDLESS_ROWS =
      "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c";

  static final String ENDLESS_SEARCH = ENDLESS_ROWS + " WHERE n < 0";

  static final String ENDLESS_JOIN =
      "SELECT count(*) FROM big a, big b, big c WHERE a.id + b.id + c.id < 0";

  final SqlitePool openStrict() throws SQLException {
    return openStrict(config -> config);
  }

  final SqlitePool openStrict(UnaryOperator<PoolConfig.Builder> change) throws SQLException {
    return openPatient(
        config ->
            change.apply(
                config.readers(1).statementTimeout(TIMEOUT).onConnect(Passing.functions())));
  }

  static SqlitePool withBigTable(SqlitePool pool) throws SQLException {
    pool.useWriter(
        lease -> {
          lease.update("CREATE TABLE big(id INTEGER PRIMARY KEY, v)");
          lease.update(
              "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 2000)"
                  + " INSERT INTO big SELECT n, n FROM c");
        });
    return pool;
  }

  static SQLException timesOut(String limit, String sql, Executable call) {
    SQLException failure = Expect.sql(SQLTimeoutException.class, "57014", call);
    Expect.mentions(failure, limit, sql.substring(0, Math.min(60, sql.length())));
    return failure;
  }

  static SQLException timesOut(String sql, Executable call) {
    return timesOut(OPTION, sql, call);
  }

  /** What is left of a timed-out statement would end these, too. */
  static void assertHealthy(ReadLease lease) throws SQLException {
    for (int i = 0; i < 10; i++) {
      assertEquals(1000, lease.queryOne("SELECT " + SOME_WORK).orElseThrow().getLong(1));
    }
  }
}
