package dev.heddle.pool.tests.frameworks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.tests.Await;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.core.JdbcTemplate;

/** Why HikariCP must not be put in front of Heddle, as docs/frameworks/spring.md says. */
class WrappedByHikariTest extends ParcelFixture {

  private static HikariDataSource hikari(SqlitePool pool, int connections) {
    HikariConfig config = new HikariConfig();
    config.setDataSource(pool.dataSource());
    config.setMaximumPoolSize(connections);
    config.setConnectionTimeout(IMPATIENT.toMillis());
    return new HikariDataSource(config);
  }

  @Test
  void read_allOfHikarisConnectionsWaitForTheWriter_waitsBehindThem() throws Exception {
    SqlitePool pool = parcels();
    try (HikariDataSource hikari = hikari(pool, 1)) {
      JdbcTemplate wrapped = new JdbcTemplate(hikari);
      withWriterTaken(
          pool,
          () -> {
            start("writes", () -> wrapped.update("INSERT INTO parcel(code) VALUES ('A-1')"));
            Await.until("it is in line", () -> pool.stats().writer().waiting() == 1);

            CannotGetJdbcConnectionException failure =
                assertThrows(
                    CannotGetJdbcConnectionException.class, () -> wrapped.queryForList("SELECT 1"));

            String message = cause(SQLTransientConnectionException.class, failure).toString();
            assertFalse(message.contains("held by"), "Heddle would name the holder");
            assertEquals(1, new JdbcTemplate(pool.dataSource()).queryForList("SELECT 1").size());
          });
      Await.until("the write is done", () -> count(wrapped) == 1);
    }
  }

  private static int count(JdbcTemplate template) {
    return template.queryForList("SELECT code FROM parcel").size();
  }

  @Test
  void connectionWithATempTable_givenBackToHikari_keepsTheWriter() throws Exception {
    SqlitePool pool = parcels();
    try (HikariDataSource hikari = hikari(pool, 1)) {
      new JdbcTemplate(hikari).execute("CREATE TEMP TABLE scratch(n)");

      assertEquals(1, pool.stats().writer().held());
    }
    Await.until("closed with Hikari", () -> pool.stats().writer().held() == 0);
  }
}
