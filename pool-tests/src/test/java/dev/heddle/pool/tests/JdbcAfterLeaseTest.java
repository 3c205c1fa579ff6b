package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything a lease handed out dies with it. */
class JdbcAfterLeaseTest extends PoolFixture {

  /** What JDBC lets a closed object answer. */
  private static final Set<String> HARMLESS =
      Set.of(
          "close",
          "isClosed",
          "isValid",
          "abort",
          "unwrap",
          "isWrapperFor",
          "beginRequest",
          "endRequest",
          "enquoteLiteral",
          "enquoteNCharLiteral",
          "enquoteIdentifier",
          "isSimpleIdentifier");

  /** Every other method of an interface, called with nothing in particular. */
  private static List<String> answering(Class<?> type, Object dead) {
    List<String> answering = new ArrayList<>();
    for (Method method : type.getMethods()) {
      if (HARMLESS.contains(method.getName())
          || Modifier.isStatic(method.getModifiers())
          || method.getExceptionTypes().length == 0) {
        continue;
      }
      @Nullable String problem = problem(method, dead);
      if (problem != null) {
        answering.add(method + ": " + problem);
      }
    }
    return answering;
  }

  private static @Nullable String problem(Method method, Object dead) {
    Object[] arguments = new Object[method.getParameterCount()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = nothingInParticular(method.getParameterTypes()[i]);
    }
    try {
      return "gave " + method.invoke(dead, arguments);
    } catch (InvocationTargetException e) {
      return e.getCause() instanceof SQLException ? null : "threw " + e.getCause();
    } catch (IllegalAccessException e) {
      throw new AssertionError(method + " is public", e);
    }
  }

  @SuppressWarnings("NullAway") // reflection takes null for an object
  private static Object nothingInParticular(Class<?> type) {
    if (type == boolean.class) {
      return true;
    }
    if (type == String.class) {
      return "SELECT 1";
    }
    if (type.isPrimitive()) {
      return Array.get(Array.newInstance(type, 1), 0);
    }
    return null;
  }

  private static Handles ofEndedLease(SqlitePool pool, boolean writer) throws SQLException {
    try (ReadLease lease = writer ? pool.acquireWriter() : pool.acquireReader()) {
      return Handles.of(lease);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void handles_leaseHasEnded_areClosedAndCloseIsHarmless(boolean writer) throws SQLException {
    SqlitePool pool = open(config -> config.readers(1));
    insert(pool, 1);
    Handles handles = ofEndedLease(pool, writer);
    try (ReadLease next = writer ? pool.acquireWriter() : pool.acquireReader()) {
      assertTrue(handles.connection().isClosed());
      assertFalse(handles.connection().isValid(0));
      assertTrue(handles.plain().isClosed());
      assertTrue(handles.prepared().isClosed());
      assertTrue(handles.result().isClosed());
      handles.result().close();
      handles.prepared().close();
      handles.plain().close();
      handles.connection().close();
      assertEquals(1, count(next));
      assertFalse(next.connection().isClosed());
    }
  }

  @Test
  void connection_leaseHasEnded_everyMethodThrows() throws SQLException {
    SqlitePool pool = open();
    insert(pool, 1);
    Handles handles = ofEndedLease(pool, false);
    assertEquals(List.of(), answering(Connection.class, handles.connection()));
    assertEquals(List.of(), answering(DatabaseMetaData.class, handles.metadata()));
  }

  @Test
  void statements_leaseHasEnded_everyMethodThrows() throws SQLException {
    SqlitePool pool = open();
    insert(pool, 1);
    Handles handles = ofEndedLease(pool, true);
    assertEquals(List.of(), answering(Statement.class, handles.plain()));
    assertEquals(List.of(), answering(PreparedStatement.class, handles.prepared()));
  }

  @Test
  void results_leaseHasEnded_everyMethodThrows() throws SQLException {
    SqlitePool pool = open();
    insert(pool, 1);
    Handles handles = ofEndedLease(pool, false);
    assertEquals(List.of(), answering(ResultSet.class, handles.result()));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 128})
  void oldResultSet_nextLeaseUsesTheSameStatement_neverSeesItsRows(int statementCache)
      throws SQLException {
    SqlitePool pool = open(config -> config.readers(1).statementCache(statementCache));
    for (int i = 1; i <= 5; i++) {
      insert(pool, "v" + i);
    }
    Handles old = ofEndedLease(pool, false);
    try (ReadLease lease = pool.acquireReader();
        PreparedStatement statement = lease.connection().prepareStatement(Handles.SQL)) {
      statement.setInt(1, 3);
      try (ResultSet rows = statement.executeQuery()) {
        assertTrue(rows.next());
        assertThrows(SQLException.class, () -> old.result().next());
        assertThrows(SQLException.class, () -> old.result().getString(2));
        assertThrows(SQLException.class, () -> old.prepared().setInt(1, 1));
        assertThrows(SQLException.class, () -> old.prepared().executeQuery());
        old.result().close();
        old.prepared().close();
        assertEquals("v3", rows.getString(2));
        assertTrue(rows.next());
        assertEquals("v4", rows.getString(2));
      }
    }
  }

  @Test
  void oldStatement_writerCommitted_isDeadForTheNextTransaction() throws SQLException {
    SqlitePool pool = open();
    PreparedStatement old;
    try (WriteLease lease = pool.acquireWriter()) {
      old = lease.connection().prepareStatement("INSERT INTO t(v) VALUES (1)");
      old.executeUpdate();
      lease.commit();
    }
    try (WriteLease next = pool.acquireWriter()) {
      next.update("INSERT INTO t(v) VALUES (2)");
      Expect.over(old::executeUpdate);
      next.commit();
    }
    assertEquals(List.of(1L, 2L), values(pool));
  }
}
