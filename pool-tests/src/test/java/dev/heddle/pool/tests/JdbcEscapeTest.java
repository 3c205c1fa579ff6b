package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Wrapper;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nothing that a lease hands out leads to the driver. */
class JdbcEscapeTest extends PoolFixture {

  @Test
  void metadata_connectionOfIt_isTheGuardedOne() throws SQLException {
    SqlitePool pool = open();
    try (WriteLease lease = pool.acquireWriter()) {
      lease.update("INSERT INTO t(v) VALUES (1)");
      Connection connection = lease.connection().getMetaData().getConnection();

      assertFalse(connection.getClass().getName().startsWith("org.sqlite"), "the driver's own");
      assertThrows(SQLException.class, () -> connection.unwrap(org.sqlite.SQLiteConnection.class));
    }
    assertEquals(List.of(), values(pool));
  }

  @Test
  void statementAndResult_backwards_leadToTheSameObjects() throws SQLException {
    SqlitePool pool = open();
    insert(pool, 1);
    try (ReadLease lease = pool.acquireReader()) {
      Handles handles = Handles.of(lease);
      assertEquals(handles.prepared(), handles.result().getStatement());
      assertEquals(handles.connection(), handles.prepared().getConnection());
      assertEquals(handles.connection(), handles.plain().getConnection());
    }
  }

  @Test
  void unwrap_driverClasses_isRefused() throws SQLException {
    SqlitePool pool = open();
    insert(pool, 1);
    try (ReadLease lease = pool.acquireReader()) {
      Handles handles = Handles.of(lease);
      for (Wrapper wrapper :
          List.<Wrapper>of(
              handles.connection(),
              handles.metadata(),
              handles.plain(),
              handles.prepared(),
              handles.result(),
              handles.resultMetadata())) {
        for (Class<?> type :
            List.of(
                org.sqlite.SQLiteConnection.class,
                org.sqlite.jdbc4.JDBC4Connection.class,
                org.sqlite.jdbc4.JDBC4Statement.class,
                org.sqlite.jdbc4.JDBC4ResultSet.class)) {
          assertFalse(wrapper.isWrapperFor(type));
          Expect.mentions(Expect.refused(() -> wrapper.unwrap(type)), "onConnect");
        }
      }
      assertTrue(handles.connection().isWrapperFor(Connection.class));
      assertInstanceOf(Connection.class, handles.connection().unwrap(Connection.class));
    }
  }
}
