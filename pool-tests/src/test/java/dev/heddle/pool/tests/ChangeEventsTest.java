package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.pool.CommitListener.Commit;
import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteCommitListener;
import org.sqlite.SQLiteConnection;

/** onCommit(): of what commits a listener is told, and with which tables. */
class ChangeEventsTest extends GroupFixture {

  private static final String TABLES =
      """
      CREATE TABLE a(v);
      CREATE TABLE b(v);
      CREATE TABLE c(v);
      CREATE TABLE parent(id INTEGER PRIMARY KEY);
      CREATE TABLE child(p REFERENCES parent ON DELETE CASCADE);
      CREATE TABLE deferred(p REFERENCES parent DEFERRABLE INITIALLY DEFERRED);
      CREATE TABLE fragile(v UNIQUE ON CONFLICT ROLLBACK);
      CREATE VIRTUAL TABLE words USING fts5(body);
      CREATE TRIGGER logs AFTER INSERT ON b BEGIN INSERT INTO c VALUES (new.v); END;
      """;

  private final Commits commits = new Commits();

  private SqlitePool openListening() throws SQLException {
    return openListening(config -> config);
  }

  private SqlitePool openListening(UnaryOperator<PoolConfig.Builder> change) throws SQLException {
    SqlitePool pool = openPatient(change);
    pool.useWriter(lease -> lease.script(TABLES));
    pool.onCommit(commits);
    return pool;
  }

  /** What was told before this is all that there was to tell. */
  private void assertNoOther(SqlitePool pool) throws SQLException {
    pool.useWriter(lease -> lease.update("INSERT INTO a VALUES ('the last')"));
    commits.assertNext("a");
  }

  // One unit

  @Test
  void write_changesTables_isToldOnceWithAllOfThem() throws SQLException {
    SqlitePool pool = openListening();
    pool.useWriter(
        lease -> {
          lease.update("INSERT INTO a VALUES (1)");
          lease.insert("INSERT INTO t(v) VALUES (2)");
          lease.update("UPDATE a SET v = 3");
        });
    commits.assertNext("a", "t");
    assertNoOther(pool);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "INSERT INTO b VALUES (1)         | b c",
        "DELETE FROM parent               | parent child",
        "INSERT INTO words VALUES ('one') | words",
        "DELETE FROM A                    | a",
        "CREATE TABLE d(v)                | sqlite_schema",
        "DROP TABLE a                     | sqlite_schema",
      })
  void statement_changesMoreThanItsText_isToldWithAllOfIt(String sql, String tables)
      throws SQLException {
    SqlitePool pool = openListening();
    pool.useWriter(lease -> lease.update(sql));
    commits.assertNext(tables.split(" "));
  }

  @Test
  void batchScriptAndReturning_areToldWithTheirTables() throws SQLException {
    SqlitePool pool = openListening();
    pool.useWriter(
        lease -> lease.batch("INSERT INTO a VALUES (?)", List.of(1, 2), v -> new Object[] {v}));
    commits.assertNext("a");
    pool.useWriter(lease -> lease.script("INSERT INTO a VALUES (1); DELETE FROM c"));
    commits.assertNext("a", "c");
    pool.useWriter(lease -> lease.forEach("INSERT INTO c VALUES (1) RETURNING v", row -> {}));
    commits.assertNext("c");
    pool.useWriter(lease -> lease.nested(part -> part.update("DELETE FROM a")));
    commits.assertNext("a");
    assertNoOther(pool);
  }

  @Test
  void unit_sharesNoCommit_isToldByItself() throws SQLException {
    SqlitePool pool = openListening(config -> config.groupMaxUnits(1));
    insert(pool, 1);
    pool.useWriter(lease -> lease.update("DELETE FROM c"));
    commits.assertNext("t");
    commits.assertNext("c");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM a",
        "PRAGMA user_version = 5",
        "ANALYZE",
        "EXPLAIN DELETE FROM a",
        "CREATE TABLE IF NOT EXISTS a(v)",
      })
  void commit_changesNoTable_isNotTold(String sql) throws SQLException {
    SqlitePool pool = openListening();
    pool.useWriter(lease -> lease.connection().createStatement().execute(sql));
    assertNoOther(pool);
  }

  // JDBC

  @Test
  void jdbc_autoCommit_isToldOfEachStatement() throws SQLException {
    SqlitePool pool = openListening();
    try (Connection connection = pool.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("INSERT INTO a VALUES (1)");
      commits.assertNext("a");
      statement.executeUpdate("INSERT INTO t(v) VALUES (1)", Statement.RETURN_GENERATED_KEYS);
      commits.assertNext("t");
    }
    assertNoOther(pool);
  }

  @Test
  void jdbc_batchAndTransaction_areToldOnceEach() throws SQLException {
    SqlitePool pool = openListening();
    try (Connection connection = pool.dataSource().getConnection();
        PreparedStatement statement = connection.prepareStatement("INSERT INTO a VALUES (?)")) {
      for (int i = 0; i < 3; i++) {
        statement.setInt(1, i);
        statement.addBatch();
      }
      statement.executeBatch();
      commits.assertNext("a");

      connection.setAutoCommit(false);
      statement.setInt(1, 7);
      statement.executeUpdate();
      connection.createStatement().executeUpdate("DELETE FROM c");
      connection.commit();
      commits.assertNext("a", "c");

      connection.createStatement().executeUpdate("DELETE FROM t");
      connection.rollback();
    }
    assertNoOther(pool);
  }

  @Test
  void writer_replacedAfterASetting_goesOnToTell() throws SQLException {
    SqlitePool pool = openListening();
    try (Connection connection = pool.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA foreign_keys = OFF");
      statement.executeUpdate("INSERT INTO child VALUES (77)");
      commits.assertNext("child");
    }
    insert(pool, 1);
    commits.assertNext("t");
  }

  @Test
  void temporaryAndAttachedTables_areLeftOut() throws SQLException {
    SqlitePool pool = openListening();
    try (Connection connection = pool.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TEMP TABLE mine(v)");
      statement.execute("ATTACH ':memory:' AS other");
      statement.execute("CREATE TABLE other.a(v)");
      statement.executeUpdate("INSERT INTO mine VALUES (1)");
      statement.executeUpdate("INSERT INTO other.a VALUES (1)");
    }
    assertNoOther(pool);
  }

  // Units that share a commit

  @Test
  void units_shareACommit_areToldOnceWithTheTablesOfAll() throws SQLException {
    SqlitePool pool = openListening();
    Company company = company(pool);
    company.holder().update("DELETE FROM c").commitNow();
    company.awaitCommitted();
    commits.assertNext("t", "c");
    assertNoOther(pool);
  }

  @Test
  void unit_rolledBackInCompany_addsNothing() throws SQLException {
    SqlitePool pool = openListening();
    Company company = company(pool);
    company.holder().update("DELETE FROM c").rollback();
    company.awaitCommitted();
    commits.assertNext("t");
    assertNoOther(pool);
  }

  @Test
  void secondUnit_rolledBack_leavesTheTablesOfTheFirst() throws SQLException {
    SqlitePool pool = openListening();
    List<Unit> units = queue(pool, 2);
    units.get(0).update("DELETE FROM c").startCommit();
    units.get(1).awaitHolds().insert("no").rollback();
    units.get(0).awaitCommitted();
    commits.assertNext("c");
    assertNoOther(pool);
  }

  @Test
  void unit_closedWithoutCommit_addsNothing() throws SQLException {
    SqlitePool pool = openListening();
    Company company = company(pool);
    company.holder().update("DELETE FROM c").close();
    company.awaitCommitted();
    commits.assertNext("t");
    assertNoOther(pool);
  }

  @Test
  void lastUnit_refusedAtCommit_addsNothing() throws SQLException {
    SqlitePool pool = openListening();
    Company company = company(pool);
    Unit bad = company.holder().update("INSERT INTO deferred VALUES (99)").startCommit();
    Expect.sql(SQLIntegrityConstraintViolationException.class, "23000", bad::awaitCommitted);
    company.awaitCommitted();
    commits.assertNext("t");
    assertNoOther(pool);
  }

  @Test
  void lastUnit_whichNobodyMayFollow_addsItsTables() throws SQLException {
    SqlitePool pool = openListening();
    Company company = company(pool);
    company
        .holder()
        .update("INSERT INTO deferred VALUES (7)")
        .update("INSERT INTO parent VALUES (7)")
        .commitNow();
    company.awaitCommitted();
    commits.assertNext("t", "deferred", "parent");
  }

  @Test
  void unit_wantsItsOwnCommit_isToldByItself() throws SQLException {
    SqlitePool pool = openListening();
    Company company = company(pool, LeaseOptions.DEFAULTS.withCommitAlone(true));
    company.holder().update("DELETE FROM c").commitNow();
    company.awaitCommitted();
    commits.assertNext("t");
    commits.assertNext("c");
  }

  // What was undone

  @Test
  void transaction_rolledBackOrThrown_isNotTold() throws SQLException {
    SqlitePool pool = openListening();
    try (WriteLease lease = pool.acquireWriter()) {
      lease.update("DELETE FROM c");
      lease.rollback();
    }
    assertThrows(
        IllegalStateException.class,
        () ->
            pool.useWriter(
                lease -> {
                  lease.update("DELETE FROM c");
                  throw new IllegalStateException("planned");
                }));
    assertNoOther(pool);
  }

  @Test
  void transaction_rolledBackBySqlite_isNotTold() throws SQLException {
    SqlitePool pool = openListening();
    pool.useWriter(lease -> lease.update("INSERT INTO fragile VALUES (1)"));
    commits.assertNext("fragile");
    assertThrows(
        SQLException.class,
        () ->
            pool.useWriter(
                lease -> {
                  lease.update("DELETE FROM c");
                  lease.update("INSERT INTO fragile VALUES (1)");
                }));
    assertNoOther(pool);
  }

  @Test
  void commit_withUnknownOutcome_isTold() throws SQLException {
    AtomicBoolean throwing = new AtomicBoolean();
    SqlitePool pool = openListening(config -> throwingInCommit(config, throwing));
    throwing.set(true);
    Expect.sql(
        SQLException.class, "08007", () -> pool.useWriter(lease -> lease.update("DELETE FROM c")));
    throwing.set(false);
    commits.assertNext("c");
    assertNoOther(pool);
  }

  private static PoolConfig.Builder throwingInCommit(
      PoolConfig.Builder config, AtomicBoolean throwing) {
    return config.onConnect(
        connection ->
            connection
                .unwrap(SQLiteConnection.class)
                .addCommitListener(
                    new SQLiteCommitListener() {
                      @Override
                      public void onCommit() {
                        if (throwing.get()) {
                          throw new IllegalStateException("planned");
                        }
                      }

                      @Override
                      public void onRollback() {}
                    }));
  }

  // When the listening begins, and who changes the schema meanwhile

  @Test
  void transaction_wroteBeforeAnybodyListened_isToldWithTheSchema() throws SQLException {
    SqlitePool pool = openPatient();
    pool.useWriter(lease -> lease.script(TABLES));
    Unit unit = holder(pool).update("DELETE FROM a");
    pool.onCommit(commits);
    unit.update("DELETE FROM c").commitNow();
    commits.assertNext("c", Commit.SCHEMA);
    assertNoOther(pool);
  }

  @Test
  void transaction_createsATableAndFillsIt_isToldWithItsName() throws SQLException {
    SqlitePool pool = openListening();
    pool.useWriter(
        lease -> lease.script("CREATE TABLE fresh(v); INSERT INTO fresh VALUES (1); DROP TABLE c"));
    commits.assertNext("fresh", Commit.SCHEMA);
    pool.useWriter(lease -> lease.update("INSERT INTO fresh VALUES (1)"));
    commits.assertNext("fresh");
  }

  @Test
  void tables_undoneWithTheirUnitAndCreatedInAnotherOrder_haveTheirOwnNames() throws SQLException {
    SqlitePool pool = openListening();
    try (WriteLease lease = pool.acquireWriter()) {
      lease.script("CREATE TABLE x(v); CREATE TABLE y(v); INSERT INTO x VALUES (1)");
      lease.rollback();
    }
    pool.useWriter(lease -> lease.script("CREATE TABLE y(v); CREATE TABLE x(v)"));
    commits.assertNext(Commit.SCHEMA);
    pool.useWriter(lease -> lease.update("INSERT INTO x VALUES (1)"));
    commits.assertNext("x");
  }

  @Test
  void anotherProcess_changesRowsAndSchema_isNotToldAndNamesStayRight() throws SQLException {
    SqlitePool pool = openListening();
    pool.useWriter(lease -> lease.update("DELETE FROM a"));
    commits.assertNext("a");
    try (Database other = Database.connect(file())) {
      other.run(
          "INSERT INTO c VALUES (1)",
          "DROP TABLE a",
          "CREATE TABLE z(v)",
          "CREATE TABLE a(v)",
          "VACUUM");
    }
    pool.useWriter(lease -> lease.update("DELETE FROM z"));
    commits.assertNext("z");
    assertNoOther(pool);
  }
}
