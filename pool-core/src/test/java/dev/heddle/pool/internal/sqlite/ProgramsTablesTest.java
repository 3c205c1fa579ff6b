package dev.heddle.pool.internal.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sqlite.SQLiteConnection;

/** Which tables a statement may change, by what SQLite's own program for it writes to. */
class ProgramsTablesTest {

  private static final String SCHEMA =
      """
      CREATE TABLE plain(id INTEGER PRIMARY KEY, x UNIQUE, y GENERATED ALWAYS AS (id + 1));
      CREATE INDEX plain_x ON plain(x, id);
      CREATE TABLE keyed(a TEXT PRIMARY KEY, b) WITHOUT ROWID;
      CREATE INDEX keyed_b ON keyed(b);
      CREATE TABLE counted(id INTEGER PRIMARY KEY AUTOINCREMENT, v);
      CREATE TABLE "od""d, na'me"(v);
      CREATE TABLE parent(id INTEGER PRIMARY KEY);
      CREATE TABLE child(id INTEGER PRIMARY KEY, p REFERENCES parent ON DELETE CASCADE);
      CREATE TABLE grandchild(c REFERENCES child ON DELETE SET NULL ON UPDATE CASCADE);
      CREATE TABLE source(v);
      CREATE TABLE log(v);
      CREATE TABLE audit(v);
      CREATE TRIGGER logs AFTER INSERT ON source BEGIN INSERT INTO log VALUES (new.v); END;
      CREATE TRIGGER empties AFTER DELETE ON source BEGIN DELETE FROM log; END;
      CREATE TRIGGER audits AFTER INSERT ON log BEGIN UPDATE audit SET v = 1; END;
      CREATE TRIGGER narrow AFTER UPDATE OF id ON plain BEGIN DELETE FROM audit; END;
      CREATE VIEW sources AS SELECT v FROM source;
      CREATE TRIGGER through INSTEAD OF INSERT ON sources BEGIN
        INSERT INTO source VALUES (new.v);
      END;
      CREATE VIRTUAL TABLE words USING fts5(body);
      CREATE TABLE words_of_mine(v);
      CREATE TABLE doc(id INTEGER PRIMARY KEY, body);
      CREATE VIRTUAL TABLE doc_index USING fts5(body, content='doc', content_rowid='id');
      CREATE TRIGGER indexes AFTER INSERT ON doc BEGIN
        INSERT INTO doc_index(rowid, body) VALUES (new.id, new.body);
      END;
      CREATE VIRTUAL TABLE box USING rtree(id, low, high);
      CREATE VIRTUAL TABLE vocabulary USING fts5vocab('words', 'row');
      """;

  private SQLiteConnection connection;
  private Programs programs;

  @BeforeEach
  void open() throws SQLException {
    connection = DriverManager.getConnection("jdbc:sqlite::memory:").unwrap(SQLiteConnection.class);
    execute("PRAGMA foreign_keys = ON");
    for (String sql : SqlScript.split(SCHEMA)) {
      execute(sql);
    }
    programs = new Programs(connection, 0);
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private Set<String> tables(String sql) throws SQLException {
    Set<String> tables = new TreeSet<>();
    programs.addTables(SqlGuard.classify(sql), tables);
    return tables;
  }

  private static Set<String> words(String text) {
    return Arrays.stream(text.split(" "))
        .filter(word -> !word.isEmpty())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "INSERT INTO plain(x) VALUES (1)                                   | plain",
        "INSERT INTO plain(x) VALUES (1) RETURNING id                      | plain",
        "REPLACE INTO plain(id, x) VALUES (1, 2)                           | plain",
        "INSERT INTO plain(x) VALUES (1) ON CONFLICT DO UPDATE SET x = 2   | plain",
        "UPDATE plain SET x = 1                                            | plain",
        "UPDATE plain SET id = 1                                           | plain audit",
        "UPDATE plain SET x = log.v FROM log WHERE log.v = plain.id        | plain",
        "DELETE FROM log WHERE v = 1                                       | log",
        "DELETE FROM log                                                   | log",
        "WITH w AS (SELECT v FROM log) INSERT INTO audit SELECT v FROM w;  | audit",
        "INSERT INTO audit SELECT * FROM log                               | audit",
        "INSERT INTO keyed VALUES (1, 2)                                   | keyed",
        "UPDATE keyed SET b = 1 WHERE a = 2                                | keyed",
        "DELETE FROM keyed                                                 | keyed",
        "INSERT INTO counted(v) VALUES (1)                                 | counted",
        "DELETE FROM parent                                                | parent child"
            + " grandchild",
        "DELETE FROM child                                                 | child grandchild",
        "UPDATE child SET p = 1                                            | child",
        "UPDATE child SET id = 1                                           | child grandchild",
        "INSERT INTO source VALUES (1)                                     | source log audit",
        "INSERT INTO sources VALUES (1)                                    | source log audit",
        "DELETE FROM source                                                | source log",
      })
  void ordinaryTable_thatAndWhatTriggersAndForeignKeysChange(String sql, String tables)
      throws SQLException {
    assertEquals(words(tables), tables(sql));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "INSERT INTO words VALUES ('a')                    | words",
        "UPDATE words SET body = 'b'                       | words",
        "DELETE FROM words                                 | words",
        "INSERT INTO words(words) VALUES ('rebuild')       | words",
        "INSERT INTO words_data VALUES (1, 2)              | words",
        "INSERT INTO words_of_mine VALUES (1)              | words_of_mine",
        "INSERT INTO doc VALUES (1, 'a')                   | doc doc_index",
        "INSERT INTO doc_index(doc_index) VALUES ('rebuild') | doc_index",
        "INSERT INTO box VALUES (1, 2, 3)                  | box",
      })
  void virtualTable_standsForItsShadowTables(String sql, String tables) throws SQLException {
    assertEquals(words(tables), tables(sql));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CREATE TABLE fresh(a)                   | sqlite_schema",
        "CREATE TABLE copy AS SELECT * FROM log  | sqlite_schema",
        "CREATE TABLE IF NOT EXISTS plain(a)     | ''",
        "CREATE INDEX another ON log(v)          | sqlite_schema",
        "DROP INDEX plain_x                      | sqlite_schema",
        "CREATE VIRTUAL TABLE v USING fts5(a)    | sqlite_schema",
        "DROP TABLE words                        | sqlite_schema",
        "DROP TABLE log                          | sqlite_schema",
        "DROP TABLE IF EXISTS missing            | ''",
        "DROP TABLE parent                       | sqlite_schema parent child grandchild",
        "ALTER TABLE log ADD COLUMN w            | sqlite_schema",
        "ALTER TABLE log RENAME TO diary         | sqlite_schema",
        "ALTER TABLE plain DROP COLUMN y         | sqlite_schema",
        "EXPLAIN CREATE TABLE fresh(a)           | ''",
      })
  void schema_changes_isNamedItself(String sql, String tables) throws SQLException {
    assertEquals(words(tables), tables(sql));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT * FROM plain",
        "EXPLAIN DELETE FROM plain",
        "ANALYZE",
        "REINDEX",
        "PRAGMA user_version = 7",
        "SAVEPOINT s",
        "INSERT INTO sqlite_sequence VALUES ('a', 1)",
      })
  void statement_changesNoRowsOfAProgramsTables_none(String sql) throws SQLException {
    assertEquals(Set.of(), tables(sql));
  }

  @Test
  void name_withQuotesAndBlanks_isAsInTheSchema() throws SQLException {
    String name = "od\"d, na'me";
    assertEquals(Set.of(name), tables("DELETE FROM \"od\"\"d, na'me\""));
  }

  @Test
  void virtualTable_nameWithQuotes_isAsInTheSchema() throws SQLException {
    execute("CREATE VIRTUAL TABLE \"wo\"\"rds\" USING fts5(body)");
    assertEquals(Set.of("wo\"rds"), tables("INSERT INTO \"wo\"\"rds\" VALUES ('a')"));
  }

  @ParameterizedTest
  @CsvSource({
    "CREATE TEMP TABLE other(v), INSERT INTO temp.other VALUES (1)",
    "CREATE TEMP TABLE log(v), DELETE FROM temp.log",
    "CREATE VIRTUAL TABLE temp.words USING fts5(body), INSERT INTO temp.words VALUES ('a')",
  })
  void tempTable_isLeftOut(String create, String sql) throws SQLException {
    execute(create);
    assertEquals(Set.of(), tables(sql));
  }

  @Test
  void attachedTable_isLeftOut() throws SQLException {
    execute("ATTACH ':memory:' AS other");
    execute("CREATE TABLE other.first(v)");
    execute("CREATE VIRTUAL TABLE other.words USING fts5(body)");
    assertEquals(Set.of(), tables("INSERT INTO other.first VALUES (1)"));
    assertEquals(Set.of(), tables("INSERT INTO other.words VALUES ('a')"));
    assertEquals(Set.of("words"), tables("INSERT INTO main.words VALUES ('a')"));
  }

  @Test
  void tempTrigger_changesAnotherTable_bothAreNamed() throws SQLException {
    execute("CREATE TEMP TABLE mine(v)");
    execute(
        "CREATE TEMP TRIGGER t AFTER INSERT ON keyed BEGIN"
            + " INSERT INTO mine VALUES (1); INSERT INTO audit VALUES (1); END");
    assertEquals(Set.of("keyed", "audit"), tables("INSERT INTO keyed VALUES (1, 2)"));
  }

  @Test
  void sameStatement_schemaChangedBetween_isLookedAtAgain() throws SQLException {
    String sql = "INSERT INTO audit VALUES (1)";
    assertEquals(Set.of("audit"), tables(sql));
    programs.touched();
    execute("CREATE TRIGGER more AFTER INSERT ON audit BEGIN DELETE FROM keyed; END");
    assertEquals(Set.of("audit", "keyed"), tables(sql));
    programs.touched();
    execute("DROP TABLE audit");
    execute("CREATE TABLE filler(v)");
    execute("CREATE TABLE audit(v)");
    assertEquals(Set.of("audit"), tables(sql));
    assertEquals(Set.of("filler"), tables("DELETE FROM filler"));
  }

  @Test
  void virtualTable_madeAnew_isFoundAtItsNewAddress() throws SQLException {
    String sql = "INSERT INTO words VALUES ('a')";
    assertEquals(Set.of("words"), tables(sql));
    programs.touched();
    execute("ALTER TABLE words RENAME TO others");
    execute("CREATE VIRTUAL TABLE words USING fts5(body)");
    assertEquals(Set.of("words"), tables(sql));
    assertEquals(Set.of("others"), tables("INSERT INTO others VALUES ('a')"));
  }
}
