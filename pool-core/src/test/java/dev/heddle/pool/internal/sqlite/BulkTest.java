package dev.heddle.pool.internal.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteConnection;

/** Into which tables rows may go together, by SQLite's own programs. */
class BulkTest {

  private static final String SCHEMA =
      """
      CREATE TABLE plain(a, b);
      CREATE TABLE typed(id INTEGER PRIMARY KEY, name TEXT, value REAL);
      CREATE TABLE strict(id INTEGER PRIMARY KEY, n INTEGER NOT NULL CHECK (n > 0)) STRICT;
      CREATE TABLE counted(id INTEGER PRIMARY KEY AUTOINCREMENT, a);
      CREATE TABLE made(a, b AS (a + 1), c AS (a || 'x') STORED);
      CREATE TABLE stamped(a, day DEFAULT CURRENT_DATE, time DEFAULT CURRENT_TIME,
          at DEFAULT CURRENT_TIMESTAMP);
      CREATE TABLE parent(id INTEGER PRIMARY KEY, a);
      CREATE TABLE child(p INTEGER REFERENCES parent);
      CREATE TABLE renewed(id INTEGER PRIMARY KEY ON CONFLICT REPLACE);

      CREATE TABLE indexed(a);
      CREATE INDEX by_a ON indexed(a);
      CREATE TABLE single(a UNIQUE);
      CREATE TABLE keyed(a PRIMARY KEY) WITHOUT ROWID;
      CREATE TABLE noted(a, b DEFAULT (last_insert_rowid()));
      CREATE TABLE checked(a CHECK (length(a) < 9));
      CREATE TABLE derived(a, b AS (upper(a)));
      CREATE TABLE forgiving(a NOT NULL ON CONFLICT IGNORE);
      CREATE TABLE generous(id INTEGER PRIMARY KEY ON CONFLICT IGNORE);
      CREATE TABLE failing(a NOT NULL ON CONFLICT FAIL);
      CREATE TABLE fatal(a NOT NULL ON CONFLICT ROLLBACK);
      CREATE TABLE replaced(a NOT NULL ON CONFLICT REPLACE DEFAULT 1, b UNIQUE ON CONFLICT REPLACE);
      CREATE TABLE tree(id INTEGER PRIMARY KEY, up INTEGER REFERENCES tree);
      CREATE TABLE late(a REFERENCES parent DEFERRABLE INITIALLY DEFERRED);
      CREATE TABLE watched(a);
      CREATE TRIGGER watches AFTER INSERT ON watched BEGIN DELETE FROM plain; END;
      CREATE TABLE guarded(a);
      CREATE TRIGGER guards BEFORE INSERT ON guarded BEGIN SELECT 1; END;
      CREATE VIEW shown AS SELECT a FROM plain;
      CREATE TRIGGER through INSTEAD OF INSERT ON shown BEGIN DELETE FROM plain; END;
      CREATE VIRTUAL TABLE words USING fts5(a);
      """;

  private SQLiteConnection connection;
  private Programs programs;

  @BeforeEach
  void open() throws SQLException {
    connection = DriverManager.getConnection("jdbc:sqlite::memory:").unwrap(SQLiteConnection.class);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA foreign_keys = ON");
      for (String sql : SqlScript.split(SCHEMA)) {
        statement.execute(sql);
      }
    }
    programs = new Programs(connection, 0);
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  private Bulk bulk(String sql) throws SQLException {
    return programs.of(SqlGuard.check(sql, Role.WRITER)).bulk();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain VALUES (?, 1), (?, 1)",
        "typed(name) VALUES (?), (?)",
        "typed VALUES (?, ?, ?), (?, ?, ?)",
        "strict VALUES (?, ?), (?, ?)",
        "counted(a) VALUES (?), (?)",
        "made VALUES (?), (?)",
        "stamped(a) VALUES (?), (?)",
        "child VALUES (?), (?)",
        "late VALUES (?), (?)",
        "renewed VALUES (?), (?)"
      })
  void table_rowsDependOnNothingElse_mayTakeManyAtOnce(String insert) throws SQLException {
    assertEquals(true, bulk("INSERT INTO " + insert).possible());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "parent(a) VALUES (?), (?)",
        "indexed VALUES (?), (?)",
        "single VALUES (?), (?)",
        "keyed VALUES (?), (?)",
        "noted(a) VALUES (?), (?)",
        "checked VALUES (?), (?)",
        "derived VALUES (?), (?)",
        "forgiving VALUES (?), (?)",
        "generous VALUES (?), (?)",
        "failing VALUES (?), (?)",
        "fatal VALUES (?), (?)",
        "replaced VALUES (?, ?), (?, ?)",
        "tree VALUES (?, ?), (?, ?)",
        "watched VALUES (?), (?)",
        "guarded VALUES (?), (?)",
        "shown VALUES (?), (?)",
        "words VALUES (?), (?)"
      })
  void table_thereIsMoreToARow_takesThemOneByOne(String insert) throws SQLException {
    assertEquals(false, bulk("INSERT INTO " + insert).possible());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          INSERT INTO plain VALUES (?, ?)                       | 0
          INSERT INTO typed(name, value) VALUES (?, ?)          | 0
          INSERT INTO counted(a) VALUES (?)                     | 0
          INSERT INTO child VALUES (?)                          | 0
          INSERT INTO typed VALUES (?, ?, ?)                    | 1
          INSERT INTO typed(name, id) VALUES (?, ?)             | 2
          INSERT INTO typed(value, name, rowid) VALUES (?, 1, ?)| 2
          INSERT INTO counted(a, id) VALUES (?, ?)              | 2
          INSERT INTO plain(a, b, rowid) VALUES (?, ?, ?)       | 3
          INSERT INTO typed(name, id) VALUES (?, 7)             | -1
          INSERT INTO keyed VALUES (?)                          | 0
          DELETE FROM plain                                     | 0
          """)
  void rowid_isOfThisParameter(String sql, int parameter) throws SQLException {
    assertEquals(parameter, bulk(sql).rowid());
  }
}
