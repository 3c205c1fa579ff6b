package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Another program changes the schema between two leases: what was known of it is not believed. */
class OthersSchemaTest extends GroupFixture {

  private static final String INSERT = "INSERT INTO w(a) VALUES (?)";

  /** More than a batch runs in one call. */
  private static final int MANY = 3_000;

  private SqlitePool openWith(String table) throws SQLException {
    SqlitePool pool = openPatient();
    pool.useWriter(lease -> lease.update(table));
    return pool;
  }

  private void meanwhile(String... statements) throws SQLException {
    try (Database other = Database.connect(file())) {
      other.run(statements);
    }
  }

  private static long batch(SqlitePool pool) throws SQLException {
    return pool.write(
        lease ->
            lease.batch(
                INSERT, IntStream.range(0, MANY).mapToObj(i -> new Object[] {"x"}).toList()));
  }

  @Test
  void insert_tableIsNowOneWithoutRowids_isRefused() throws SQLException {
    SqlitePool pool = openWith("CREATE TABLE w(a PRIMARY KEY)");
    assertEquals(1, pool.<Long, RuntimeException>write(lease -> lease.insert(INSERT, "x")));
    meanwhile("DROP TABLE w", "CREATE TABLE w(a PRIMARY KEY) WITHOUT ROWID");
    try (WriteLease lease = pool.acquireWriter()) {
      Expect.refused(() -> lease.insert(INSERT, "y"));
      assertEquals(List.of(), lease.query("SELECT * FROM w"));
    }
  }

  @Test
  void insert_tableNowHasRowids_givesTheRowid() throws SQLException {
    SqlitePool pool = openWith("CREATE TABLE w(a PRIMARY KEY) WITHOUT ROWID");
    Expect.refused(() -> pool.useWriter(lease -> lease.insert(INSERT, "x")));
    meanwhile("DROP TABLE w", "CREATE TABLE w(a)", "INSERT INTO w(rowid) VALUES (41)");
    assertEquals(42, pool.<Long, RuntimeException>write(lease -> lease.insert(INSERT, "x")));
  }

  @Test
  void batch_tableNowHasATrigger_countsWithoutIt() throws SQLException {
    SqlitePool pool = openWith("CREATE TABLE w(a)");
    assertEquals(MANY, batch(pool));
    meanwhile("CREATE TRIGGER tr AFTER INSERT ON w BEGIN INSERT INTO t(v) VALUES (new.a); END");
    assertEquals(MANY, batch(pool));
    assertEquals(MANY, values(pool).size());
    meanwhile("DROP TRIGGER tr");
    assertEquals(MANY, batch(pool));
    assertEquals(MANY, values(pool).size());
  }

  @Test
  void firstStatementInCompany_triggerNowRollsBackEverything_commitsForTheOthersFirst()
      throws SQLException {
    SqlitePool pool = openWith("CREATE TABLE w(a)");
    String insert = "INSERT INTO w VALUES (-1)";
    Company before = company(pool);
    before.holder().update(insert).commitNow();
    before.awaitCommitted();
    meanwhile("CREATE TRIGGER tr BEFORE INSERT ON w BEGIN SELECT RAISE(ROLLBACK, 'no'); END");
    Company company = company(pool);
    company.holder().fails("23000", insert);
    company.awaitCommitted();
    assertEquals(List.of("one", "two", "one", "two"), values(pool));
  }
}
