package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What is lost when HikariCP is put around Heddle's data source; why one should not. */
class WrappedInHikariTest extends PoolFixture {

  private static HikariDataSource wrap(SqlitePool pool) {
    HikariConfig config = new HikariConfig();
    config.setDataSource(pool.dataSource());
    config.setMaximumPoolSize(2);
    config.setConnectionTimeout(1000);
    HikariDataSource wrapped = new HikariDataSource(config);
    Await.until("both are there", () -> wrapped.getHikariPoolMXBean().getIdleConnections() == 2);
    return wrapped;
  }

  @Test
  void connection_leftATemporaryTable_keepsTheWriterThoughItWasClosed() throws SQLException {
    SqlitePool pool = open();
    try (HikariDataSource wrapped = wrap(pool)) {
      try (Connection connection = wrapped.getConnection()) {
        Jdbc.execute(connection, "CREATE TEMP TABLE x(a)");
      }
      assertEquals(1, pool.stats().writer().held(), "closed, but not for Heddle");
    }
    Await.until("it is closed with its pool", () -> pool.stats().writer().held() == 0);
  }

  @Test
  void reading_writersWaitInAllConnections_waitsBehindThem() throws SQLException {
    SqlitePool pool = open();
    try (HikariDataSource wrapped = wrap(pool);
        WriteLease other = pool.acquireWriter()) {
      Background<?> first = writing(wrapped);
      Background<?> second = writing(wrapped);
      Await.until("both wait", () -> pool.stats().writer().waiting() == 2);

      assertThrows(SQLTransientConnectionException.class, wrapped::getConnection);

      try (Connection connection = pool.dataSource().getConnection()) {
        assertEquals("0", Jdbc.ask(connection, "SELECT count(*) FROM t"), "without HikariCP");
      }
      other.rollback();
      first.result();
      second.result();
    }
  }

  @Test
  void statement_timedOut_costsItsConnection() throws SQLException {
    SqlitePool pool = open(config -> config.acquireTimeout(Duration.ofMillis(50)));
    try (HikariDataSource wrapped = wrap(pool);
        WriteLease other = pool.acquireWriter()) {
      assertEquals(true, start("with HikariCP", () -> isLostByATimeOut(wrapped)).result());
      assertEquals(false, start("without", () -> isLostByATimeOut(pool.dataSource())).result());
      other.rollback();
    }
  }

  private static boolean isLostByATimeOut(DataSource source) throws SQLException {
    try (Connection connection = source.getConnection()) {
      assertThrows(
          SQLTransientConnectionException.class,
          () -> Jdbc.execute(connection, "INSERT INTO t(v) VALUES (1)"));
      return connection.isClosed();
    }
  }

  private Background<?> writing(HikariDataSource source) {
    return start(
        "writing",
        () -> {
          try (Connection connection = source.getConnection()) {
            Jdbc.execute(connection, "INSERT INTO t(v) VALUES (1)");
          }
          return 0;
        });
  }
}
