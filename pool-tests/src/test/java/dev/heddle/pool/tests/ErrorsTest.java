package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLNonTransientException;
import java.sql.SQLSyntaxErrorException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which exception, which SQLState, which code; what is in a message, and what is not. */
class ErrorsTest extends PoolFixture {

  private static final String SCHEMA =
      """
      CREATE TABLE c(
        u UNIQUE, n NOT NULL DEFAULT 1, k CHECK (k < 'm'), p REFERENCES t(id),
        i INTEGER);
      CREATE TABLE pk(a TEXT PRIMARY KEY) WITHOUT ROWID;
      CREATE TABLE s(a INTEGER) STRICT;
      CREATE TRIGGER tr BEFORE INSERT ON pk WHEN new.a = 'refused-secret' BEGIN
        SELECT RAISE(ABORT, 'not that one');
      END;
      INSERT INTO c(u) VALUES ('taken-secret');
      INSERT INTO pk VALUES ('taken-secret');
      """;

  static Stream<Arguments> errors() {
    Class<?> constraint = SQLIntegrityConstraintViolationException.class;
    Class<?> other = SQLNonTransientException.class;
    Class<?> syntax = SQLSyntaxErrorException.class;
    return Stream.of(
        Arguments.of("INSERT INTO c(u) VALUES (?)", "taken-secret", constraint, "23505", 2067),
        Arguments.of("INSERT INTO c(n) VALUES (?)", null, constraint, "23000", 1299),
        Arguments.of("INSERT INTO c(k) VALUES (?)", "z-secret", constraint, "23000", 275),
        Arguments.of("INSERT INTO c(p) VALUES (?)", "99-secret", constraint, "23000", 787),
        Arguments.of("INSERT INTO pk VALUES (?)", "taken-secret", constraint, "23505", 1555),
        Arguments.of("INSERT INTO pk VALUES (?)", "refused-secret", constraint, "23000", 1811),
        Arguments.of("INSERT INTO s VALUES (?)", "text-secret", constraint, "23000", 3091),
        Arguments.of("INSERT INTO t(id) VALUES (?)", "text-secret", other, "22023", 20),
        Arguments.of("SELECT zeroblob(2000000000), ?", "secret", other, "54000", 18),
        Arguments.of("SELECT nonsense FROM t WHERE v = ?", "secret", syntax, "42000", 1),
        Arguments.of("SELECT * FROM nowhere WHERE v = ?", "secret", syntax, "42000", 1),
        Arguments.of("SELEC ?", "secret", syntax, "42000", 0),
        Arguments.of("SELECT ? FROM", "secret", syntax, "42000", 1));
  }

  @ParameterizedTest
  @MethodSource("errors")
  void lease_errorOfSqlite_isTranslated(
      String sql,
      @Nullable Object parameter,
      Class<? extends Exception> type,
      String state,
      int code)
      throws SQLException {
    SqlitePool pool = open();
    pool.useWriter(lease -> lease.script(SCHEMA));
    try (WriteLease lease = pool.acquireWriter()) {
      requireTranslated(
          assertThrows(SQLException.class, () -> run(lease, sql, parameter)),
          sql,
          type,
          state,
          code);
      assertEquals(1, lease.query("SELECT * FROM c").size());
    }
  }

  private static void run(WriteLease lease, String sql, @Nullable Object parameter)
      throws SQLException {
    if (sql.startsWith("SEL")) {
      lease.query(sql, new @Nullable Object[] {parameter});
    } else {
      lease.update(sql, new @Nullable Object[] {parameter});
    }
  }

  @ParameterizedTest
  @MethodSource("errors")
  void jdbc_errorOfSqlite_isTranslated(
      String sql,
      @Nullable Object parameter,
      Class<? extends Exception> type,
      String state,
      int code)
      throws SQLException {
    SqlitePool pool = open();
    pool.useWriter(lease -> lease.script(SCHEMA));
    try (WriteLease lease = pool.acquireWriter()) {
      SQLException failure =
          assertThrows(
              SQLException.class,
              () -> {
                try (var statement = lease.connection().prepareStatement(sql)) {
                  statement.setObject(1, parameter);
                  statement.execute();
                }
              });
      requireTranslated(failure, sql, type, state, code);
    }
  }

  private static void requireTranslated(
      SQLException failure, String sql, Class<?> type, String state, int code) {
    assertTrue(type.isInstance(failure), () -> failure.getClass() + " is no " + type);
    assertEquals(state, failure.getSQLState(), failure::toString);
    assertEquals(code, failure.getErrorCode(), failure::toString);
    Expect.mentions(failure, sql);
    if (code != 0) {
      assertNotNull(failure.getCause());
    }
    for (Throwable t = failure; t != null; t = t.getCause()) {
      assertFalse(t.toString().contains("secret"), t::toString);
    }
  }

  @Test
  void jdbcBatch_oneRowFails_hasTheStateAndCodeOfTheConstraint() throws SQLException {
    SqlitePool pool = open();
    try (WriteLease lease = pool.acquireWriter();
        var statement = lease.connection().prepareStatement("INSERT INTO t(id) VALUES (?)")) {
      for (int id : new int[] {1, 2, 1}) {
        statement.setInt(1, id);
        statement.addBatch();
      }
      SQLException failure = assertThrows(SQLException.class, statement::executeBatch);
      assertEquals("23505", failure.getSQLState(), failure::toString);
      assertEquals(1555, failure.getErrorCode());
    }
  }

  @Test
  void jdbcPlainBatch_oneRowFails_hasTheStateAndCodeOfTheConstraint() throws SQLException {
    SqlitePool pool = open();
    try (WriteLease lease = pool.acquireWriter();
        var statement = lease.connection().createStatement()) {
      statement.addBatch("INSERT INTO t(id) VALUES (1)");
      statement.addBatch("INSERT INTO t(id) VALUES (1)");
      SQLException failure = assertThrows(SQLException.class, statement::executeBatch);
      assertEquals("23505", failure.getSQLState(), failure::toString);
      assertEquals(1555, failure.getErrorCode());
    }
  }

  @Test
  void message_longSql_isShortenedToOneLine() throws SQLException {
    SqlitePool pool = open();
    String sql = "SELECT\n\t nowhere,\n" + "1,".repeat(5000) + "1";
    try (WriteLease lease = pool.acquireWriter()) {
      String message =
          String.valueOf(assertThrows(SQLException.class, () -> lease.query(sql)).getMessage());
      assertTrue(message.contains("SELECT nowhere, 1,1,"), message);
      assertFalse(message.contains("\n"), message);
      assertTrue(message.length() < 500, message);
    }
  }

  @Test
  void query_fileIsCorrupt_saysSo() throws SQLException, IOException {
    Database.create(
        file(),
        "PRAGMA page_size = 4096",
        "PRAGMA journal_mode = WAL",
        "CREATE TABLE t(id INTEGER PRIMARY KEY, v)",
        "INSERT INTO t VALUES (1, hex(zeroblob(10000)))");
    try (RandomAccessFile raw = new RandomAccessFile(file().toFile(), "rw")) {
      raw.seek(3 * 4096); // in the chain of the value's pages
      raw.write(new byte[4096]);
    }
    SqlitePool pool = open();

    SQLException failure = assertThrows(SQLException.class, () -> values(pool));

    assertEquals("XX001", failure.getSQLState(), failure::toString);
    assertEquals(11, failure.getErrorCode() & 0xFF);
  }
}
