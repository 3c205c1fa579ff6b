package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.ReadLease;
import dev.heddle.pool.Row;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mappers and actions on rows: what they may do with the lease and with the row. */
class UserCodeTest extends PoolFixture {

  /** The rows 1 to 5. */
  private SqlitePool openWithRows(int statementCache) throws SQLException {
    SqlitePool pool = open(config -> config.readers(1).statementCache(statementCache));
    pool.useWriter(
        lease -> lease.batch("INSERT INTO t(v) VALUES (?)", List.of(1, 2, 3, 4, 5), i -> array(i)));
    return pool;
  }

  private static Object[] array(Object value) {
    return new Object[] {value};
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 128})
  void forEach_actionUsesTheLease_bothGoOn(int statementCache) throws SQLException {
    SqlitePool pool = openWithRows(statementCache);
    String sql = "SELECT v FROM t ORDER BY v";
    try (ReadLease lease = pool.acquireReader()) {
      List<Long> seen = new ArrayList<>();
      lease.forEach(
          sql,
          row -> {
            assertEquals(5, lease.query(sql).size());
            assertEquals(5, count(lease));
            lease.forEach(sql, inner -> seen.add(inner.getLong("v")));
            seen.add(-row.getLong(1));
          });
      assertEquals(30, seen.size());
      assertEquals(List.of(1L, 2L, 3L, 4L, 5L, -1L, 1L), seen.subList(0, 7));
    }
  }

  @Test
  void query_mapperUsesTheLease_bothGoOn() throws SQLException {
    SqlitePool pool = openWithRows(128);
    try (WriteLease lease = pool.acquireWriter()) {
      List<Long> doubled =
          lease.query(
              "SELECT id, v FROM t WHERE id <= 5 ORDER BY id",
              row -> {
                long id = row.getLong("id");
                update(lease, id);
                return row.getLong("v");
              });
      assertEquals(5, doubled.size());
      assertEquals(List.of(10L, 20L, 30L, 40L, 50L), values(lease));
      lease.commit();
    }
  }

  private static void update(WriteLease lease, long id) {
    try {
      lease.update("UPDATE t SET v = v * 10 WHERE id = ?", id);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 128})
  void forEach_actionEndsTheLease_nextRowThrows(int statementCache) throws SQLException {
    SqlitePool pool = openWithRows(statementCache);
    ReadLease lease = pool.acquireReader();
    List<Long> seen = new ArrayList<>();

    Expect.over(
        () ->
            lease.forEach(
                "SELECT v FROM t",
                row -> {
                  seen.add(row.getLong(1));
                  lease.close();
                }));

    assertEquals(List.of(1L), seen);
    assertEquals(5, values(pool).size());
  }

  @Test
  void forEach_actionEndsTheLeaseAndReadsOn_throwsThatItIsOver() throws SQLException {
    SqlitePool pool = openWithRows(128);
    ReadLease lease = pool.acquireReader();
    Expect.over(
        () ->
            lease.forEach(
                "SELECT v FROM t",
                row -> {
                  lease.close();
                  row.getLong(1);
                }));
  }

  @Test
  void query_threadIsInterruptedInTheMapper_throwsAsAnyQueryThatIsInterrupted()
      throws SQLException {
    SqlitePool pool = openWithRows(128);
    try (ReadLease lease = pool.acquireReader()) {
      SQLException failure =
          assertThrows(SQLException.class, () -> lease.query("SELECT v FROM t", this::interrupted));
      assertTrue(Thread.interrupted(), "the flag is kept");
      assertEquals("57014", failure.getSQLState());
      assertInstanceOf(InterruptedException.class, failure.getCause());
      assertEquals(5, count(lease), "the lease goes on");
    }
  }

  private long interrupted(Row row) {
    Thread.currentThread().interrupt();
    return row.getLong(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 128})
  void forEach_actionEndsTheLeaseAndAnotherTakesTheConnection_itIsNotTouched(int statementCache)
      throws SQLException {
    SqlitePool pool = openWithRows(statementCache);
    ReadLease lease = pool.acquireReader();
    AtomicReference<ReadLease> next = new AtomicReference<>();
    String sql = "SELECT v FROM t";
    Expect.over(
        () ->
            lease.forEach(
                sql,
                row -> {
                  lease.close();
                  next.set(pool.acquireReader());
                  assertThrows(IllegalStateException.class, () -> row.getLong(1));
                }));
    try (ReadLease holder = next.get()) {
      assertEquals(5, holder.query(sql).size());
    }
  }

  @Test
  void query_mapperCommits_nextRowThrowsAndTheCommitCounts() throws SQLException {
    SqlitePool pool = openWithRows(128);
    try (WriteLease lease = pool.acquireWriter()) {
      lease.update("INSERT INTO t(v) VALUES (6)");
      Expect.over(
          () ->
              lease.forEach(
                  "SELECT v FROM t",
                  row -> {
                    lease.commit();
                  }));
    }
    assertEquals(6, values(pool).size());
  }

  /** The cursor has ended with the snapshot; whatever comes, it must not start anew. */
  @Test
  void forEach_actionEndsTheSnapshotThroughJdbc_throwsOrEndsInsteadOfStartingAnew()
      throws SQLException {
    SqlitePool pool = openWithRows(128);
    try (ReadLease lease = pool.acquireSnapshot()) {
      List<Long> seen = new ArrayList<>();

      assertThrows(
          SQLException.class,
          () ->
              lease.forEach(
                  "SELECT v FROM t",
                  row -> {
                    assertEquals(seen.size() + 1, row.getLong(1), "starts anew");
                    seen.add(row.getLong(1));
                    lease.connection().commit();
                  }));
    }
  }

  @Test
  void row_keptByTheMapper_throwsAfterwards() throws SQLException {
    SqlitePool pool = openWithRows(128);
    List<Row> kept = new ArrayList<>();
    try (ReadLease lease = pool.acquireReader()) {
      lease.query("SELECT v FROM t", row -> kept.add(row));
      lease.forEach(
          "SELECT v FROM t",
          row -> {
            assertThrows(IllegalStateException.class, () -> kept.getFirst().getLong(1));
            kept.add(row);
          });
      lease.queryOne("SELECT v FROM t LIMIT 1", row -> kept.add(row));
      for (Row row : kept) {
        assertThrows(IllegalStateException.class, () -> row.getLong(1));
        assertThrows(IllegalStateException.class, () -> row.getString("v"));
        assertThrows(IllegalStateException.class, () -> row.isNull(1));
        assertThrows(IllegalStateException.class, row::toMap);
      }
    }
    assertEquals(11, kept.size());
  }

  @Test
  void row_readByAnotherThreadWhileTheActionWaits_isItsValueOrRefused() throws SQLException {
    SqlitePool pool = openWithRows(128);
    try (ReadLease lease = pool.acquireReader()) {
      lease.forEach(
          "SELECT v FROM t ORDER BY v",
          row -> {
            Background<Long> other = start("other", () -> row.getLong(1));
            assertEquals(other.result(), row.getLong(1));
          });
    }
  }

  @Test
  void forEach_actionThrowsChecked_isThrownAsItIs() throws SQLException {
    SqlitePool pool = openWithRows(128);
    IOException failure = new IOException("disk");
    try (ReadLease lease = pool.acquireReader()) {
      assertSame(
          failure,
          assertThrows(
              IOException.class,
              () ->
                  lease.<IOException>forEach(
                      "SELECT v FROM t",
                      row -> {
                        throw failure;
                      })));
      assertEquals(5, count(lease));
    }
  }

  @Test
  void query_mapperThrows_isThrownAsItIsAndTheLeaseGoesOn() throws SQLException {
    SqlitePool pool = openWithRows(128);
    try (ReadLease lease = pool.acquireReader()) {
      assertThrows(
          IllegalArgumentException.class,
          () -> lease.query("SELECT v FROM t", row -> row.getLong("nowhere")));
      assertThrows(
          StackOverflowError.class,
          () ->
              lease.queryOne(
                  "SELECT 1",
                  row -> {
                    throw new StackOverflowError("user's");
                  }));
      assertEquals(5, count(lease));
    }
  }
}
