package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A statement that is used again is as good as new, and an open cursor ends with its lease. */
class JdbcCacheTest extends PoolFixture {

  private static final String ALL = "SELECT v FROM t ORDER BY id";

  /** One reader; the rows 1, 2 and 3. */
  private SqlitePool openWithRows() throws SQLException {
    SqlitePool pool = open(config -> config.readers(1));
    for (int i = 1; i <= 3; i++) {
      insert(pool, i);
    }
    return pool;
  }

  private static int rows(PreparedStatement statement) throws SQLException {
    try (ResultSet result = statement.executeQuery()) {
      int rows = 0;
      while (result.next()) {
        rows++;
      }
      return rows;
    }
  }

  @Test
  void prepared_usedAgain_hasNoParametersOfTheOneBefore() throws SQLException {
    SqlitePool pool = openWithRows();
    String sql = "SELECT ? AS a, ? AS b";
    try (ReadLease lease = pool.acquireReader();
        PreparedStatement statement = lease.connection().prepareStatement(sql)) {
      statement.setString(1, "secret");
      statement.setInt(2, 42);
      assertEquals(1, rows(statement));
    }
    try (ReadLease lease = pool.acquireReader();
        PreparedStatement statement = lease.connection().prepareStatement(sql)) {
      statement.setInt(2, 1);
      SQLException failure = Expect.sql(SQLDataException.class, "22023", statement::executeQuery);
      Expect.mentions(failure, "Parameter 1 of 2");
      statement.setNull(1, Types.VARCHAR);
      try (ResultSet result = statement.executeQuery()) {
        assertTrue(result.next());
        assertEquals(null, result.getObject(1));
        assertEquals(1, result.getInt(2));
      }
    }
    assertTrue(pool.stats().statementCacheHits() > 0);
  }

  @Test
  void prepared_usedAgain_hasNoMaxRowsTimeoutOrBatchOfTheOneBefore() throws SQLException {
    SqlitePool pool = openWithRows();
    try (ReadLease lease = pool.acquireReader();
        PreparedStatement statement = lease.connection().prepareStatement(ALL)) {
      statement.setFetchSize(7);
      statement.setMaxRows(1);
      statement.setQueryTimeout(1);
      statement.closeOnCompletion();
      assertEquals(1, rows(statement));
    }
    try (ReadLease lease = pool.acquireReader();
        PreparedStatement statement = lease.connection().prepareStatement(ALL)) {
      assertEquals(0, statement.getMaxRows());
      assertEquals(0, statement.getQueryTimeout());
      assertFalse(statement.isCloseOnCompletion());
      assertEquals(3, rows(statement));
      assertEquals(3, rows(statement));
      assertFalse(statement.isClosed());
    }
  }

  @Test
  void prepared_usedAgain_hasNoBatchOfTheOneBefore() throws SQLException {
    SqlitePool pool = open();
    String sql = "INSERT INTO t(v) VALUES (?)";
    try (WriteLease lease = pool.acquireWriter();
        PreparedStatement statement = lease.connection().prepareStatement(sql)) {
      statement.setInt(1, 1);
      statement.addBatch();
    }
    try (WriteLease lease = pool.acquireWriter();
        PreparedStatement statement = lease.connection().prepareStatement(sql)) {
      statement.setInt(1, 2);
      statement.addBatch();
      assertEquals(1, statement.executeBatch().length);
      lease.commit();
    }
    assertEquals(List.of(2L), values(pool));
  }

  @Test
  void leaseAndJdbc_sameSql_doNotDisturbEachOther() throws SQLException {
    SqlitePool pool = openWithRows();
    String sql = "SELECT v FROM t WHERE id = ?";
    try (ReadLease lease = pool.acquireReader()) {
      for (int i = 1; i <= 3; i++) {
        assertEquals(i, lease.queryOne(sql, row -> row.getInt(1), i).orElseThrow());
        try (PreparedStatement statement = lease.connection().prepareStatement(sql)) {
          statement.setNull(1, Types.INTEGER);
          assertEquals(0, rows(statement), "a parameter of the lease's query");
          statement.setInt(1, i);
          assertEquals(1, rows(statement));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 128})
  void prepared_sameSqlTwiceAtOnce_areTwo(int statementCache) throws SQLException {
    SqlitePool pool = open(config -> config.readers(1).statementCache(statementCache));
    for (int i = 1; i <= 3; i++) {
      insert(pool, i);
    }
    try (ReadLease lease = pool.acquireReader()) {
      Connection connection = lease.connection();
      PreparedStatement one = connection.prepareStatement(ALL);
      try (PreparedStatement two = connection.prepareStatement(ALL);
          ResultSet first = one.executeQuery();
          ResultSet second = two.executeQuery()) {
        assertTrue(first.next());
        assertTrue(first.next());
        assertTrue(second.next());
        assertEquals(3, lease.query(ALL).size());
        assertEquals(2, first.getInt(1));
        assertEquals(1, second.getInt(1));
        one.close();
        assertTrue(second.next());
        assertEquals(2, second.getInt(1));
        assertThrows(SQLException.class, first::next);
      }
      assertEquals(3, lease.query(ALL).size());
    }
  }

  @Test
  void prepared_failedWithAnErrorThatFinalizesIt_isPreparedAnew() throws SQLException {
    SqlitePool pool = openWithRows();
    String sql = "SELECT abs(v) FROM t WHERE v = ?";
    pool.useWriter(lease -> lease.update("INSERT INTO t(v) VALUES (?)", Long.MIN_VALUE));
    for (int i = 0; i < 3; i++) {
      try (ReadLease lease = pool.acquireReader();
          PreparedStatement statement = lease.connection().prepareStatement(sql)) {
        statement.setLong(1, Long.MIN_VALUE);
        assertThrows(SQLException.class, () -> rows(statement));
      }
      try (ReadLease lease = pool.acquireReader()) {
        assertThrows(SQLException.class, () -> lease.query(sql, Long.MIN_VALUE));
        assertEquals(1, lease.query(sql, 2).size());
      }
    }
  }
}
