package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parts of a transaction, and reads and writes inside one another. */
class NestingTest {

  @TempDir private Path folder;
  private SqlitePool pool;

  @BeforeEach
  void open() throws SQLException {
    pool = SqlitePool.ephemeral();
    pool.useWriter(lease -> lease.update("CREATE TABLE t(id INTEGER PRIMARY KEY)"));
  }

  @AfterEach
  void close() {
    assertEquals(1, pool.stats().writer().idle());
    assertEquals(pool.stats().readers().connections(), pool.stats().readers().idle());
    pool.close();
  }

  private static void insert(WriteLease lease, long id) throws SQLException {
    lease.insert("INSERT INTO t(id) VALUES (?)", id);
  }

  private static List<Long> ids(ReadLease lease) throws SQLException {
    return lease.query("SELECT id FROM t ORDER BY id", row -> row.getLong(1));
  }

  @Test
  void nested_workReturns_isKeptWithTheTransaction() throws SQLException {
    pool.useWriter(
        lease -> {
          insert(lease, 1);
          lease.nested(
              part -> {
                insert(part, 2);
                return 0;
              });
        });
    assertEquals(List.of(1L, 2L), pool.read(NestingTest::ids));
  }

  @Test
  void nested_workThrows_isUndoneAndTheRestStays() throws SQLException {
    pool.useWriter(
        lease -> {
          insert(lease, 1);
          IOException thrown =
              assertThrows(
                  IOException.class,
                  () ->
                      lease.nested(
                          part -> {
                            insert(part, 2);
                            throw new IOException("planned");
                          }));
          assertEquals("planned", thrown.getMessage());
          insert(lease, 3);
        });
    assertEquals(List.of(1L, 3L), pool.read(NestingTest::ids));
  }

  @Test
  void nested_oneInTheOther_undoesOnlyTheOneThatThrew() throws SQLException {
    pool.useWriter(
        lease ->
            lease.nested(
                outer -> {
                  insert(outer, 1);
                  assertThrows(
                      IllegalStateException.class,
                      () ->
                          outer.nested(
                              inner -> {
                                insert(inner, 2);
                                throw new IllegalStateException("planned");
                              }));
                  insert(outer, 3);
                  return 0;
                }));
    assertEquals(List.of(1L, 3L), pool.read(NestingTest::ids));
  }

  @Test
  void nested_workCommits_isRefused() throws SQLException {
    try (WriteLease lease = pool.acquireWriter()) {
      insert(lease, 1);
      SQLException e =
          assertThrows(
              SQLException.class,
              () ->
                  lease.nested(
                      part -> {
                        insert(part, 2);
                        part.commit();
                        return 0;
                      }));
      assertEquals("25001", e.getSQLState());
      lease.commit();
    }
    assertEquals(List.of(1L), pool.read(NestingTest::ids));
  }

  private static Callable<Boolean> closing(SqlitePool pool) {
    return () -> {
      pool.close();
      return true;
    };
  }

  @Test
  void commit_leaseWasRevokedInAPart_saysThatItIsOver() throws SQLException {
    SqlitePool closed =
        SqlitePool.open(
            PoolConfig.builder(folder.resolve("a.db")).closeTimeout(Duration.ZERO).build());
    WriteLease lease = closed.acquireWriter();
    assertThrows(
        IOException.class,
        () ->
            lease.nested(
                _ -> {
                  Background.start("closer", closing(closed)).result();
                  throw new IOException("planned");
                }));
    Expect.sql(SQLNonTransientConnectionException.class, "08003", lease::commit);
    Expect.sql(SQLNonTransientConnectionException.class, "08003", lease::commitAndRead);
    Expect.sql(SQLNonTransientConnectionException.class, "08003", lease::rollback);
    lease.close();
  }

  @Test
  void nested_sqliteRolledAllBack_keepsTheFirstError() throws SQLException {
    try (WriteLease lease = pool.acquireWriter()) {
      insert(lease, 1);
      SQLException e =
          assertThrows(
              SQLException.class,
              () -> lease.nested(part -> part.update("INSERT OR ROLLBACK INTO t(id) VALUES (1)")));
      assertEquals("23505", e.getSQLState());
      assertEquals(0, e.getSuppressed().length);
      assertEquals("40000", assertThrows(SQLException.class, lease::commit).getSQLState());
    }
    assertEquals(List.of(), pool.read(NestingTest::ids));
  }

  @Test
  void nested_openCursorAround_isNotDisturbed() throws SQLException {
    pool.useWriter(
        lease -> {
          insert(lease, 1);
          insert(lease, 2);
          lease.forEach(
              "SELECT id FROM t WHERE id <= 2",
              row -> {
                long id = row.getLong(1);
                lease.nested(
                    part -> {
                      insert(part, id + 10);
                      return 0;
                    });
              });
        });
    assertEquals(List.of(1L, 2L, 11L, 12L), pool.read(NestingTest::ids));
  }

  @Test
  void readInsideWrite_seesTheTransactionsOwnRows() throws SQLException {
    pool.useWriter(
        lease -> {
          insert(lease, 1);
          assertEquals(List.of(1L), pool.read(NestingTest::ids));
        });
  }

  @Test
  void writeInsideWrite_innerThrows_isUndoneAlone() throws SQLException {
    pool.useWriter(
        outer -> {
          insert(outer, 1);
          assertThrows(
              IllegalStateException.class,
              () ->
                  pool.useWriter(
                      inner -> {
                        insert(inner, 2);
                        throw new IllegalStateException("planned");
                      }));
          pool.useWriter(inner -> insert(inner, 3));
        });
    assertEquals(List.of(1L, 3L), pool.read(NestingTest::ids));
    assertEquals(
        2, pool.stats().commits().transactions(), "one for the table, one for all of this");
  }

  @Test
  void readInsideRead_isOneSnapshot() throws SQLException {
    pool.useReader(outer -> pool.useReader(inner -> assertSame(outer, inner)));
  }

  @Test
  void writeInsideRead_isRefusedAtOnce() throws SQLException {
    pool.useReader(
        lease -> {
          SQLException e =
              assertThrows(SQLException.class, () -> pool.useWriter(inner -> insert(inner, 1)));
          assertEquals("25001", e.getSQLState());
        });
  }

  @Test
  void readInsideWrite_ofAnotherThread_hasALeaseOfItsOwn() throws SQLException {
    pool.useWriter(
        lease -> {
          insert(lease, 1);
          CompletableFuture<List<Long>> other = new CompletableFuture<>();
          Thread.startVirtualThread(
              () -> {
                try {
                  other.complete(pool.read(NestingTest::ids));
                } catch (Throwable t) {
                  other.completeExceptionally(t);
                }
              });
          assertEquals(List.of(), other.orTimeout(30, TimeUnit.SECONDS).join());
        });
  }

  @Test
  void readInsideWrite_ofAnotherPool_hasALeaseOfItsOwn() throws SQLException {
    try (SqlitePool other = SqlitePool.ephemeral()) {
      other.useWriter(lease -> lease.update("CREATE TABLE t(id INTEGER PRIMARY KEY)"));
      pool.useWriter(
          lease -> {
            insert(lease, 1);
            assertEquals(List.of(), other.read(NestingTest::ids));
          });
    }
  }

  @Test
  void write_declaresWhatTheWorkThrows() {
    IOException e =
        assertThrows(
            IOException.class,
            () ->
                pool.write(
                    lease -> {
                      if (lease.query("SELECT 1").isEmpty()) {
                        return 1;
                      }
                      throw new IOException("planned");
                    }));
    assertEquals("planned", e.getMessage());
  }
}
