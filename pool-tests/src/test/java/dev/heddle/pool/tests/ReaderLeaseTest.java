package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a reader sees, and what its methods do with their arguments. */
class ReaderLeaseTest extends PoolFixture {

  @Test
  void reader_commitBetweenTwoStatements_seesIt() throws SQLException {
    SqlitePool pool = open();
    try (ReadLease reader = pool.acquireReader()) {
      assertEquals(List.of(), values(reader));

      insert(pool, 1);

      assertEquals(List.of(1L), values(reader));
    }
  }

  @Test
  void snapshot_commitBetweenTwoStatements_doesNotSeeIt() throws SQLException {
    SqlitePool pool = open();
    insert(pool, 1);
    try (ReadLease snapshot = pool.acquireSnapshot()) {
      assertEquals(List.of(1L), values(snapshot));

      insert(pool, 2);

      assertEquals(List.of(1L), values(snapshot));
      assertEquals(1, count(snapshot));
    }
    assertEquals(List.of(1L, 2L), values(pool));
  }

  @Test
  void snapshot_commitBeforeTheFirstStatement_seesIt() throws SQLException {
    SqlitePool pool = open();
    try (ReadLease snapshot = pool.acquireSnapshot()) {
      insert(pool, 1);

      assertEquals(List.of(1L), values(snapshot));
    }
  }

  @Test
  void snapshot_ended_nextHolderSeesTheNewestCommit() throws SQLException {
    SqlitePool pool = open(config -> config.readers(1));
    try (ReadLease snapshot = pool.acquireSnapshot()) {
      assertEquals(0, count(snapshot));
      insert(pool, 1);
    }

    assertEquals(List.of(1L), values(pool));
  }

  @Test
  void read_commitInTheMiddle_seesOneCommit() throws SQLException {
    SqlitePool pool = open();

    pool.useReader(
        lease -> {
          assertEquals(0, count(lease));
          start("writer", () -> insert(pool, 1)).result();
          assertEquals(0, count(lease));
        });
  }

  @Test
  void reader_writerHasUncommittedRows_doesNotSeeThem() throws SQLException {
    SqlitePool pool = open();
    try (WriteLease writer = pool.acquireWriter();
        ReadLease reader = pool.acquireReader()) {
      writer.update("INSERT INTO t(v) VALUES (1)");

      assertEquals(0, count(reader));
      assertEquals(1, count(writer));
      writer.commit();
      assertEquals(1, count(reader));
    }
  }

  @Test
  void forEach_cursorLeftByAnException_nextHolderSeesTheNewestCommit() throws SQLException {
    SqlitePool pool = open(config -> config.readers(1));
    insert(pool, 1);
    insert(pool, 2);
    try (ReadLease reader = pool.acquireReader()) {
      IllegalStateException enough = new IllegalStateException("enough");
      assertSame(
          enough,
          assertThrows(
              IllegalStateException.class,
              () ->
                  reader.forEach(
                      "SELECT v FROM t",
                      row -> {
                        throw enough;
                      })));
      insert(pool, 3);
      assertEquals(3, count(reader));
    }
    assertEquals(3, values(pool).size());
  }

  @Test
  void queryOne_secondRow_leavesNoCursorBehind() throws SQLException {
    SqlitePool pool = open(config -> config.readers(1));
    insert(pool, 1);
    insert(pool, 2);
    insert(pool, 3);
    try (ReadLease reader = pool.acquireReader()) {
      String sql = "SELECT v FROM t";

      Expect.mentions(Expect.sql(SQLException.class, "21000", () -> reader.queryOne(sql)), sql);
      Expect.sql(SQLException.class, "21000", () -> reader.queryOne(sql, row -> row.getLong(1)));

      insert(pool, 4);
      assertEquals(4, count(reader));
    }
  }

  @Test
  void connection_askedTwice_isTheSame() throws SQLException {
    SqlitePool pool = open();
    try (ReadLease reader = pool.acquireReader()) {
      Connection connection = reader.connection();
      assertSame(connection, reader.connection());
      connection.close();

      assertTrue(connection.isClosed());
      assertEquals(0, count(reader));
      assertNotSame(connection, reader.connection());
    }
  }
}
