package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

/** getGeneratedKeys. */
class JdbcKeysTest extends PoolFixture {

  private static final String INSERT = "INSERT INTO t(v) VALUES (?)";

  private static long key(Statement statement) throws SQLException {
    try (ResultSet keys = statement.getGeneratedKeys()) {
      return keys.next() ? keys.getLong(1) : -1;
    }
  }

  @Test
  void generatedKeys_ofAPreparedInsert_areGivenIfAskedFor() throws SQLException {
    SqlitePool pool = open();
    try (WriteLease lease = pool.acquireWriter()) {
      Connection connection = lease.connection();
      for (PreparedStatement statement :
          List.of(
              connection.prepareStatement(INSERT, Statement.RETURN_GENERATED_KEYS),
              connection.prepareStatement(INSERT, new int[] {1}),
              connection.prepareStatement(INSERT, new String[] {"id"}))) {
        statement.setInt(1, 7);
        assertEquals(1, statement.executeUpdate());
        assertEquals(count(lease), key(statement));
        statement.close();
      }
      try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
        statement.setInt(1, 7);
        statement.executeUpdate();
        assertEquals(-1, key(statement));
      }
    }
  }

  @Test
  void generatedKeys_ofAPlainInsert_areGivenIfAskedFor() throws SQLException {
    SqlitePool pool = open();
    try (WriteLease lease = pool.acquireWriter();
        Statement statement = lease.connection().createStatement()) {
      String sql = "INSERT INTO t(v) VALUES (1)";
      statement.executeUpdate(sql, Statement.RETURN_GENERATED_KEYS);
      assertEquals(1, key(statement));
      statement.execute(sql, new String[] {"id"});
      assertEquals(2, key(statement));
      statement.executeUpdate(sql);
      assertEquals(-1, key(statement));
      statement.executeUpdate("UPDATE t SET v = 2", Statement.RETURN_GENERATED_KEYS);
      assertEquals(-1, key(statement));
    }
  }

  @Test
  void generatedKeys_nothingInserted_areNotThoseOfAnEarlierInsert() throws SQLException {
    SqlitePool pool = open();
    try (WriteLease lease = pool.acquireWriter()) {
      lease.update("INSERT INTO t(id) VALUES (77)");
      try (PreparedStatement statement =
          lease
              .connection()
              .prepareStatement(
                  "INSERT OR IGNORE INTO t(id) VALUES (77)", Statement.RETURN_GENERATED_KEYS)) {
        assertEquals(-1, key(statement), "before it ran");
        assertEquals(0, statement.executeUpdate());
        assertEquals(-1, key(statement), "it inserted nothing");
      }
    }
  }

  @Test
  void generatedKeys_anotherInsertCameBetween_areStillThoseOfTheStatement() throws SQLException {
    SqlitePool pool = open();
    try (WriteLease lease = pool.acquireWriter();
        PreparedStatement statement =
            lease.connection().prepareStatement(INSERT, Statement.RETURN_GENERATED_KEYS)) {
      statement.setInt(1, 1);
      statement.executeUpdate();
      lease.update("INSERT INTO t(id) VALUES (500)");
      assertEquals(1, key(statement));
    }
  }
}
