package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.SqlitePool;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Results that do not fit into memory at once. */
class LargeResultTest extends PoolFixture {

  private static String series(int count) {
    return "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < "
        + count
        + ") SELECT n FROM c";
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    DataSourceTest.execute(connection, sql);
  }

  private static long number(Connection connection, String sql) throws SQLException {
    return DataSourceTest.number(connection, sql);
  }

  private static int rest(ResultSet rows) throws SQLException {
    int count = 0;
    while (rows.next()) {
      count++;
    }
    return count;
  }

  @Test
  void largeResult_roomMadeInAnInterruptedThread_doesNotEndEarly() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection();
        Statement reading = connection.createStatement();
        Statement writing = connection.createStatement()) {
      ResultSet rows = reading.executeQuery(series(1000));
      Thread.currentThread().interrupt();
      assertThrows(SQLException.class, () -> writing.executeUpdate("INSERT INTO t(v) VALUES (1)"));
      assertTrue(Thread.interrupted());
      int read;
      try {
        read = rest(rows);
      } catch (SQLException e) {
        return; // the program knows that there is more
      }
      assertEquals(1000, read);
    }
  }

  @Test
  void largeResult_revokedWhenRoomIsMade_doesNotEndEarly() throws SQLException {
    SqlitePool pool = open(config -> config.readerMaxTime(Duration.ofMillis(50)));
    try (Connection connection = pool.dataSource().getConnection();
        Statement reading = connection.createStatement()) {
      ResultSet rows = reading.executeQuery(series(1000));
      Await.until("it is revoked", () -> pool.stats().readers().held() == 0);
      try {
        execute(connection, "INSERT INTO t(v) VALUES (1)");
      } catch (SQLException e) {
        // of the other statement
      }
      int read;
      try {
        read = rest(rows);
      } catch (SQLException e) {
        return;
      }
      assertEquals(1000, read);
    }
  }

  @Test
  void insert_besideALargeResultThatWasRevoked_works() throws SQLException {
    SqlitePool pool = open(config -> config.readerMaxTime(Duration.ofMillis(50)));
    try (Connection connection = pool.dataSource().getConnection();
        Statement reading = connection.createStatement()) {
      reading.executeQuery(series(1000));
      Await.until("it is revoked", () -> pool.stats().readers().held() == 0);
      execute(connection, "INSERT INTO t(v) VALUES (1)");
    }
    assertEquals(List.of(1L), values(pool));
  }

  @Test
  void largeResult_nextAfterAnError_doesNotSayThatItHasEnded() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection();
        Statement reading = connection.createStatement()) {
      ResultSet rows = reading.executeQuery(series(1000));
      for (int i = 0; i < 128; i++) {
        assertTrue(rows.next());
      }
      Thread.currentThread().interrupt();
      assertThrows(SQLException.class, rows::next);
      assertTrue(Thread.interrupted());
      assertThrows(SQLException.class, rows::next);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 126, 127, 128, 129, 130, 255, 256, 257, 10_127, 10_128, 10_129})
  void rows_aroundThePortions_areAllThereInOrder(int count) throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection();
        Statement reading = connection.createStatement()) {
      String sql = "SELECT n FROM (" + series(20_000) + ") WHERE n <= " + count;
      for (int fetch : List.of(0, 1, 7, 128)) {
        for (int max : List.of(0, 1, 127, 128, 129, Math.max(0, count - 1), count, count + 1)) {
          for (boolean room : List.of(false, true)) {
            reading.setFetchSize(0);
            reading.setMaxRows(max);
            reading.setFetchSize(fetch);
            ResultSet rows = reading.executeQuery(sql);
            if (room) {
              number(connection, "SELECT 1");
            }
            int expected = max == 0 ? count : Math.min(max, count);
            for (int i = 1; i <= expected; i++) {
              assertTrue(rows.next());
              assertEquals(i, rows.getInt(1));
              assertEquals(i == expected, rows.isLast());
            }
            assertFalse(rows.next());
            assertEquals(2, pool.stats().readers().idle());
          }
        }
      }
    }
  }

  @Test
  void isValid_besidesItsOwnLargeResultOnTheOnlyReader_isTrue() throws SQLException {
    SqlitePool pool = open(config -> config.readers(1));
    try (Connection connection = pool.dataSource().getConnection();
        Statement reading = connection.createStatement()) {
      ResultSet rows = reading.executeQuery(series(1000));
      assertTrue(rows.next());
      assertTrue(connection.isValid(1));
    }
  }

  @Test
  void select_insideAResultTooLargeForMemoryOnTheOnlyReader_isRefusedAtOnce() throws SQLException {
    SqlitePool pool = open(config -> config.readers(1));
    try (Connection connection = pool.dataSource().getConnection();
        Statement reading = connection.createStatement()) {
      ResultSet rows = reading.executeQuery(series(20_000));
      assertTrue(rows.next());
      Expect.refused(() -> number(connection, "SELECT 1"));
      assertEquals(19_999, rest(rows));
      assertEquals(1, number(connection, "SELECT 1"));
    }
  }

  @Test
  void writerDataSource_largeResult_isNotReadAtOnce() throws SQLException {
    SqlitePool pool = open();
    Background<Boolean> reading =
        start(
            "reading",
            () -> {
              try (Connection connection = pool.writerDataSource().getConnection();
                  Statement statement = connection.createStatement()) {
                statement.setFetchSize(10);
                return statement
                    .executeQuery(
                        "SELECT CASE n WHEN 900 THEN gate() END FROM (" + series(1000) + ")")
                    .next();
              }
            });
    Await.until("it has begun", () -> pool.stats().writer().granted() > 1);
    assertEquals(true, reading.result());
  }
}
