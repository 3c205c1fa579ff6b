package dev.heddle.pool.tests.frameworks;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.pool.SqlitePool;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.SQLDialect;
import org.jooq.Table;
import org.jooq.exception.DataAccessException;
import org.jooq.exception.IntegrityConstraintViolationException;
import org.jooq.exception.SQLStateClass;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** jOOQ while the writer is taken: what reads needs only a reader. And its exceptions. */
class JooqLanesTest extends FrameworkFixture {

  private static final Table<Record> BOOK = table(name("book"));
  private static final Field<String> TITLE = field(name("title"), SQLDataType.VARCHAR);
  private static final String UNCOMMITTED = "INSERT INTO book(title) VALUES ('uncommitted')";

  private SqlitePool pool;
  private DSLContext db;
  private DSLContext reads;

  @BeforeEach
  void openPool() throws SQLException {
    pool = openEmpty(IMPATIENT);
    pool.useWriter(
        lease ->
            lease.script(
                """
                CREATE TABLE book(id INTEGER PRIMARY KEY, title TEXT NOT NULL UNIQUE);
                INSERT INTO book(title) VALUES ('Emma');
                """));
    db = DSL.using(pool.dataSource(), SQLDialect.SQLITE);
    // page: readers
    reads = DSL.using(pool.readerDataSource(), SQLDialect.SQLITE);
    // page end
  }

  private static List<String> titles(DSLContext dsl) {
    return dsl.select(TITLE).from(BOOK).orderBy(TITLE).fetch(TITLE);
  }

  @Test
  void fetch_withoutTransaction_needsNoWriter() {
    try (OpenTransaction _ = OpenTransaction.after(pool, UNCOMMITTED)) {
      assertEquals(List.of("Emma"), titles(db));
    }
  }

  @Test
  void transaction_onTheReaders_needsNoWriter() {
    try (OpenTransaction _ = OpenTransaction.after(pool, UNCOMMITTED)) {
      List<String> titles = reads.transactionResult(transaction -> titles(transaction.dsl()));

      assertEquals(List.of("Emma"), titles);
    }
  }

  @Test
  void transaction_onTheReaders_seesOneSnapshot() {
    // page: snapshot
    reads.transaction(
        transaction -> {
          DSLContext snapshot = transaction.dsl();
          int before = snapshot.fetchCount(BOOK);
          db.insertInto(BOOK, TITLE).values("Dune").execute();
          assertEquals(before, snapshot.fetchCount(BOOK));
        });
    // page end

    assertEquals(2, reads.fetchCount(BOOK));
  }

  @Test
  void transaction_thatOnlyReads_waitsForTheWriterUnlessItIsOnTheReaders() {
    try (OpenTransaction _ = OpenTransaction.after(pool, UNCOMMITTED)) {
      DataAccessException failure =
          assertThrows(
              DataAccessException.class,
              () -> db.transaction(transaction -> transaction.dsl().fetchCount(BOOK)));

      assertEquals(SQLStateClass.C08_CONNECTION_EXCEPTION, failure.sqlStateClass());
      assertNotNull(failure.getCause(SQLTransientConnectionException.class));
    }
  }

  @Test
  void context_besideTheTransactionOfItsThread_readsWhatIsCommittedAndDoesNotWrite() {
    db.transaction(
        transaction -> {
          transaction.dsl().insertInto(BOOK, TITLE).values("Dune").execute();

          assertEquals(List.of("Emma"), titles(db));
          DataAccessException failure =
              assertThrows(
                  DataAccessException.class,
                  () -> db.insertInto(BOOK, TITLE).values("Ulysses").execute());
          assertEquals("25001", failure.sqlState());
        });

    assertEquals(List.of("Dune", "Emma"), titles(db));
  }

  @Test
  void insert_onTheReaders_isRefused() {
    DataAccessException failure =
        assertThrows(
            DataAccessException.class,
            () -> reads.insertInto(BOOK, TITLE).values("Dune").execute());

    assertEquals("25006", failure.sqlState());
    assertEquals(List.of("Emma"), titles(db));
  }

  @Test
  void insert_ofATakenValue_violatesAConstraint() {
    DataAccessException failure =
        assertThrows(
            DataAccessException.class, () -> db.insertInto(BOOK, TITLE).values("Emma").execute());

    assertInstanceOf(IntegrityConstraintViolationException.class, failure);
    assertEquals(SQLStateClass.C23_INTEGRITY_CONSTRAINT_VIOLATION, failure.sqlStateClass());
    assertNotNull(failure.getCause(SQLIntegrityConstraintViolationException.class));
  }

  @Test
  void query_ofAMissingTable_isASyntaxError() {
    DataAccessException failure =
        assertThrows(DataAccessException.class, () -> db.fetch("SELECT * FROM missing"));

    assertEquals(SQLStateClass.C42_SYNTAX_ERROR_OR_ACCESS_RULE_VIOLATION, failure.sqlStateClass());
  }

  @Test
  void query_pastItsTimeout_isEnded() {
    DataAccessException failure =
        assertThrows(
            DataAccessException.class, () -> db.resultQuery(ENDLESS).queryTimeout(1).fetch());

    assertEquals("57014", failure.sqlState());
    assertNotNull(failure.getCause(SQLTimeoutException.class));
  }
}
