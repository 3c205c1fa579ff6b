package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.pool.Row;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The schema changes inside a group, or changes back: kept statements follow it. */
class GroupSchemaTest extends GroupFixture {

  @Test
  void ddl_asSecondStatement_isCommittedWithTheGroup() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    Unit next = waiter(pool);
    company.holder().insert("three").update("CREATE TABLE c(a)").startCommit();
    next.awaitHolds().update("INSERT INTO c VALUES (1)").insert("four").commitNow();
    company.awaitCommitted();
    company.holder().awaitCommitted();
    assertEquals("1", Database.ask(file(), "SELECT count(*) FROM c"));
    assertEquals(List.of("one", "two", "three", "four"), values(pool));
  }

  @Test
  void ddl_inAPlainBatchInCompany_isDoneAndTheOthersAreCommitted() throws SQLException {
    SqlitePool pool = openPatient();
    pool.useWriter(lease -> lease.script("CREATE TABLE w(a); INSERT INTO w VALUES (1)"));
    Company company = company(pool);
    company
        .holder()
        .insert("three")
        .does(
            lease -> {
              Statement batch = lease.connection().createStatement();
              batch.addBatch("DROP TABLE w");
              batch.addBatch("CREATE TABLE w(a, b)");
              batch.addBatch("INSERT INTO w(a, b) VALUES (1, 2)");
              assertEquals(3, batch.executeBatch().length);
            });
    company.holder().commitNow();
    company.awaitCommitted();
    assertEquals(List.of("one", "two", "three"), values(pool));
    assertEquals("2", Database.ask(file(), "SELECT b FROM w"));
  }

  @Test
  void ddl_asSecondStatementRolledBack_isUnknownToTheNextUnit() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    Unit next = waiter(pool);
    company
        .holder()
        .insert("no")
        .update("CREATE TABLE c(a)")
        .update("INSERT INTO c VALUES (1)")
        .update("ALTER TABLE t ADD COLUMN w DEFAULT 5")
        .update("UPDATE t SET w = 6")
        .rollback();
    next.awaitHolds().fails("42000", "INSERT INTO c VALUES (1)");
    next.fails("42000", "UPDATE t SET w = 6");
    next.update("CREATE TABLE c(a, b)").update("INSERT INTO c VALUES (1, 2)").insert("next");
    next.commitNow();
    company.awaitCommitted();
    assertEquals(List.of("one", "two", "next"), values(pool));
  }

  @Test
  void keptStatements_schemaChangesInTheGroupAndBack_followIt() throws SQLException {
    SqlitePool pool = openPatient();
    String star = "SELECT * FROM t";
    String insert = "INSERT INTO t(v) VALUES (?)";
    pool.useWriter(
        lease -> {
          lease.update(insert, "zero");
          assertEquals(2, lease.query(star).getFirst().toMap().size());
        });
    Company company = company(pool);
    Unit next = waiter(pool);
    company
        .holder()
        .does(
            lease -> {
              lease.update(insert, "no");
              lease.update("ALTER TABLE t ADD COLUMN w DEFAULT 5");
              assertEquals(3, lease.query(star).getFirst().toMap().size());
              lease.update(insert, "no");
            });
    company.holder().rollback();
    next.awaitHolds()
        .does(
            lease -> {
              List<Row> rows = lease.query(star);
              assertEquals(3, rows.size());
              assertEquals(2, rows.getFirst().toMap().size());
              lease.update(insert, "next");
            });
    next.commitNow();
    company.awaitCommitted();
    assertEquals(List.of("zero", "one", "two", "next"), values(pool));
  }

  @Test
  void keptInsert_tableIsReplacedInTheGroupAndBack_givesTheRightRowids() throws SQLException {
    SqlitePool pool = openPatient();
    String insert = "INSERT INTO r(a) VALUES ('x')";
    pool.useWriter(lease -> lease.update("CREATE TABLE r(a PRIMARY KEY) WITHOUT ROWID"));
    Company company = company(pool);
    Unit next = waiter(pool);
    company.holder().insert("no").fails("25001", lease -> lease.insert(insert));
    company.holder().update("DROP TABLE r").update("CREATE TABLE r(a)");
    assertEquals(1, company.holder().rowid(insert));
    company.holder().rollback();
    next.awaitHolds().insert("x").fails("25001", lease -> lease.insert(insert));
    next.update(insert).commitNow();
    company.awaitCommitted();
  }

  @Test
  void ddl_asLaterStatement_isTheLastOfItsGroup() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    Unit next = waiter(pool);
    company.holder().insert("x").update("CREATE TABLE c(a)");
    company.assertWaiting();
    company.holder().commitNow();
    company.awaitCommitted();
    next.awaitHolds().update("INSERT INTO c VALUES (1)").commitNow();
  }

  @Test
  void ddl_theGroupDies_isUndoneWithIt() throws SQLException {
    SqlitePool pool = openPatient();
    List<Unit> units = queue(pool, 2);
    units.get(0).insert("one").startCommit();
    units.get(1).awaitHolds().insert("two").update("CREATE TABLE c(a)");
    units.get(1).fails("23505", "INSERT OR ROLLBACK INTO t(id) VALUES (1)");
    units.get(0).victim();
    units.get(1).rollback();
    try (WriteLease lease = pool.acquireWriter()) {
      Expect.sql(SQLException.class, "42000", () -> lease.update("INSERT INTO c VALUES (1)"));
      lease.update("CREATE TABLE c(a, b)");
      lease.update("INSERT INTO c VALUES (1, 2)");
      lease.commit();
    }
    assertEquals("1", Database.ask(file(), "SELECT count(*) FROM c"));
  }

  @Test
  void ddl_asFirstStatementRolledBack_leavesTheOthersCommitted() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    Unit next = waiter(pool);
    company.holder().update("DROP TABLE t").update("CREATE TABLE t(id INTEGER PRIMARY KEY)");
    company.awaitCommitted();
    assertEquals(List.of("one", "two"), values(pool));
    company.holder().rollback();
    next.awaitHolds().insert("next").commitNow();
    assertEquals(List.of("one", "two", "next"), values(pool));
  }

  @Test
  void ddl_throughAPreparedStatement_isNoticed() throws SQLException {
    SqlitePool pool = openPatient();
    String insert = "INSERT INTO later VALUES (-1)";
    pool.useWriter(lease -> lease.script("CREATE TABLE later(a); " + insert));
    Company company = company(pool);
    Unit killer = waiter(pool);
    company
        .holder()
        .insert("three")
        .does(
            lease -> {
              try (PreparedStatement ddl =
                  lease
                      .connection()
                      .prepareStatement(
                          "CREATE TRIGGER tr BEFORE INSERT ON later BEGIN"
                              + " SELECT RAISE(ROLLBACK, 'no'); END")) {
                ddl.execute();
              }
            });
    company.holder().startCommit();
    killer.awaitHolds().fails("23000", insert);
    company.awaitCommitted();
    company.holder().awaitCommitted();
    assertEquals(List.of("one", "two", "three"), values(pool));
  }

  @Test
  void keptPreparedStatement_ofJdbc_survivesARolledBackChange() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    Unit next = waiter(pool);
    Unit.Act use =
        lease -> {
          try (PreparedStatement query =
              lease.connection().prepareStatement("SELECT * FROM t WHERE id = ?")) {
            query.setInt(1, 1);
            try (ResultSet rows = query.executeQuery()) {
              assertEquals(true, rows.next());
              assertEquals("one", rows.getString("v"));
            }
          }
        };
    company.holder().does(use);
    company.holder().update("ALTER TABLE t ADD COLUMN w").does(use);
    company.holder().rollback();
    next.awaitHolds().does(use);
    next.commitNow();
    company.awaitCommitted();
  }

  @Test
  void ddl_undoneByASavepoint_isForgotten() throws SQLException {
    SqlitePool pool = openPatient();
    String insert = "INSERT INTO later VALUES (-1)";
    pool.useWriter(lease -> lease.script("CREATE TABLE later(a); " + insert));
    Company company = company(pool);
    company
        .holder()
        .update("SAVEPOINT s")
        .update("DROP TABLE later")
        .update("CREATE TABLE later(a UNIQUE ON CONFLICT ROLLBACK)")
        .update(insert)
        .update("ROLLBACK TO s")
        .commitNow();
    company.awaitCommitted();
    Company others = company(pool);
    others.holder().update(insert);
    others.assertWaiting();
    others.holder().commitNow();
    others.awaitCommitted();
    assertEquals("2", Database.ask(file(), "SELECT count(*) FROM later"));
  }

  @Test
  void ddl_undoneByASavepointOfJdbc_isForgotten() throws SQLException {
    SqlitePool pool = openPatient();
    String insert = "INSERT INTO later VALUES (-1)";
    pool.useWriter(lease -> lease.script("CREATE TABLE later(a); " + insert));
    Company company = company(pool);
    company
        .holder()
        .does(
            lease -> {
              var savepoint = lease.connection().setSavepoint();
              lease.update("DROP TABLE later");
              lease.update("CREATE TABLE later(a UNIQUE ON CONFLICT ROLLBACK)");
              lease.update(insert);
              lease.connection().rollback(savepoint);
            });
    company.holder().commitNow();
    company.awaitCommitted();
    Company others = company(pool);
    others.holder().update(insert);
    others.assertWaiting();
    others.holder().commitNow();
    others.awaitCommitted();
  }
}
