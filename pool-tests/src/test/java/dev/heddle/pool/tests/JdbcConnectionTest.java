package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Connections: transactions, savepoints, state, data sources. */
class JdbcConnectionTest extends PoolFixture {

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void writer_commitAndRollbackOfTheConnection_endTheLease() throws SQLException {
    SqlitePool pool = open();
    try (WriteLease lease = pool.acquireWriter()) {
      Connection connection = lease.connection();
      execute(connection, "INSERT INTO t(v) VALUES (1)");
      connection.commit();
      Expect.over(() -> lease.query("SELECT 1"));
      Expect.over(connection::commit);
      assertTrue(connection.isClosed());
    }
    try (WriteLease lease = pool.acquireWriter()) {
      execute(lease.connection(), "INSERT INTO t(v) VALUES (2)");
      lease.connection().rollback();
      Expect.over(() -> lease.query("SELECT 1"));
    }
    assertEquals(List.of(1L), values(pool));
  }

  @Test
  void writer_autoCommit_isOffAndStaysOff() throws SQLException {
    SqlitePool pool = open();
    try (WriteLease lease = pool.acquireWriter()) {
      Connection connection = lease.connection();
      assertFalse(connection.getAutoCommit());
      connection.setAutoCommit(false);
      Expect.mentions(Expect.refused(() -> connection.setAutoCommit(true)), "commit()");
      assertFalse(connection.isReadOnly());
      connection.setReadOnly(true); // a hint, in JDBC
      execute(connection, "INSERT INTO t(v) VALUES (1)");
      assertEquals(List.of(), values(pool));
      lease.commit();
    }
    assertEquals(List.of(1L), values(pool));
  }

  @Test
  void reader_autoCommitOff_isASnapshotUntilCommit() throws SQLException {
    SqlitePool pool = open();
    try (ReadLease lease = pool.acquireReader()) {
      Connection connection = lease.connection();
      assertTrue(connection.getAutoCommit());
      Expect.refused(connection::commit);
      Expect.refused(connection::rollback);
      connection.setAutoCommit(false);
      assertFalse(connection.getAutoCommit());
      assertEquals(0, count(lease));
      insert(pool, 1);
      assertEquals(0, count(lease));

      connection.commit();

      assertEquals(1, count(lease));
      insert(pool, 2);
      assertEquals(1, count(lease));
      connection.rollback();
      assertEquals(2, count(lease));
      insert(pool, 3);
      connection.setAutoCommit(true);
      assertEquals(3, count(lease));
    }
  }

  @Test
  void snapshot_autoCommitOfItsConnection_isOff() throws SQLException {
    SqlitePool pool = open();
    try (ReadLease lease = pool.acquireSnapshot()) {
      assertFalse(lease.connection().getAutoCommit());
      assertTrue(lease.connection().isReadOnly());
    }
  }

  @Test
  void connection_isolation_isSerializable() throws SQLException {
    SqlitePool pool = open();
    try (ReadLease lease = pool.acquireReader()) {
      Connection connection = lease.connection();
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_UNCOMMITTED);
      assertEquals(Connection.TRANSACTION_SERIALIZABLE, connection.getTransactionIsolation());
      assertEquals(0, lease.queryOne("PRAGMA read_uncommitted").orElseThrow().getLong(1));
      assertThrows(
          SQLException.class,
          () -> connection.setTransactionIsolation(Connection.TRANSACTION_NONE));
    }
  }

  @Test
  void savepoints_namedAndNot_undoAPart() throws SQLException {
    SqlitePool pool = open();
    try (WriteLease lease = pool.acquireWriter()) {
      Connection connection = lease.connection();
      Savepoint first = connection.setSavepoint();
      execute(connection, "INSERT INTO t(v) VALUES (1)");
      Savepoint second = connection.setSavepoint("it's \"mine\"");
      execute(connection, "INSERT INTO t(v) VALUES (2)");
      connection.rollback(second);
      execute(connection, "INSERT INTO t(v) VALUES (3)");
      connection.releaseSavepoint(first);
      assertEquals("it's \"mine\"", second.getSavepointName());
      assertEquals(List.of(), values(pool));
      assertFalse(connection.getAutoCommit());
      connection.commit();
    }
    assertEquals(List.of(1L, 3L), values(pool));
  }

  @Test
  void savepoint_ofAnotherLeaseOrReleased_isRefusedAndTheTransactionGoesOn() throws SQLException {
    SqlitePool pool = open();
    Savepoint foreign;
    try (WriteLease lease = pool.acquireWriter()) {
      foreign = lease.connection().setSavepoint("mine");
      lease.commit();
    }
    try (WriteLease lease = pool.acquireWriter()) {
      Connection connection = lease.connection();
      execute(connection, "INSERT INTO t(v) VALUES (1)");
      Savepoint released = connection.setSavepoint("mine");
      connection.releaseSavepoint(released);
      connection.setSavepoint("mine");
      execute(connection, "INSERT INTO t(v) VALUES (2)");
      for (Savepoint savepoint : List.of(foreign, released)) {
        Expect.sql(SQLException.class, "3B001", () -> connection.rollback(savepoint));
        Expect.sql(SQLException.class, "3B001", () -> connection.releaseSavepoint(savepoint));
      }
      lease.commit();
    }
    assertEquals(List.of(1L, 2L), values(pool));
  }

  @Test
  void savepoint_asTheFirstStatement_isInATransaction() throws SQLException {
    SqlitePool pool = open();
    try (WriteLease lease = pool.acquireWriter()) {
      Savepoint savepoint = lease.connection().setSavepoint();
      execute(lease.connection(), "INSERT INTO t(v) VALUES (1)");
      lease.connection().releaseSavepoint(savepoint);
      assertEquals(List.of(), values(pool));
      lease.rollback();
    }
    assertEquals(List.of(), values(pool));
  }

  @Test
  void isValid_lifeOfALease_isTrueUntilItsEnd() throws SQLException {
    SqlitePool pool = open();
    Connection connection;
    try (ReadLease lease = pool.acquireReader()) {
      connection = lease.connection();
      assertTrue(connection.isValid(0));
      assertTrue(connection.isValid(5));
      assertThrows(SQLException.class, () -> lease.connection().isValid(-1));
    }
    assertFalse(connection.isValid(1));
  }

  @Test
  void resultSets_scrollableOrUpdatable_areRefused() throws SQLException {
    SqlitePool pool = open();
    try (ReadLease lease = pool.acquireReader()) {
      Connection connection = lease.connection();
      assertThrows(
          SQLFeatureNotSupportedException.class,
          () ->
              connection.createStatement(
                  ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY));
      assertThrows(
          SQLFeatureNotSupportedException.class,
          () ->
              connection.prepareStatement(
                  "SELECT 1", ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_UPDATABLE));
    }
  }
}
