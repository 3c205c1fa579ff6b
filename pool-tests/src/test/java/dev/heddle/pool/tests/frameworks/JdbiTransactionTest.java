package dev.heddle.pool.tests.frameworks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.tests.Logs;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jdbi.v3.core.transaction.SerializableTransactionRunner;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jdbi.v3.sqlobject.SqlObject;
import org.jdbi.v3.sqlobject.SqlObjectPlugin;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jdbi.v3.sqlobject.transaction.Transaction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jdbi's transactions: which lane they take, what they keep, and who sees it. */
class JdbiTransactionTest extends ParcelFixture {

  // page: transactions
  interface Parcels extends SqlObject {

    @SqlUpdate("INSERT INTO parcel(code, grams) VALUES (:code, :grams)")
    void insert(String code, int grams);

    @SqlQuery("SELECT code FROM parcel ORDER BY id")
    List<String> codes();

    @SqlQuery("SELECT sum(grams) FROM parcel")
    long grams();

    /** The writer, from the first statement to the commit. */
    @Transaction
    default void insertPair(String code, int grams) {
      insert(code + "/1", grams);
      insert(code + "/2", grams);
    }

    /** A reader, on which both queries see the same commit. */
    @Transaction(readOnly = true)
    default String summary() {
      return codes() + ": " + grams() + " g";
    }
  }

  // page end

  private SqlitePool pool;
  private Jdbi jdbi;
  private Parcels parcels;

  @BeforeEach
  void openThePool() throws SQLException {
    pool = parcels(config -> config.acquireTimeout(IMPATIENT));
    jdbi = Jdbi.create(pool.dataSource()).installPlugin(new SqlObjectPlugin());
    parcels = jdbi.onDemand(Parcels.class);
  }

  private static void insert(Handle handle, String code) {
    handle.execute("INSERT INTO parcel(code) VALUES (?)", code);
  }

  private static long seen(Handle handle) {
    return handle.createQuery("SELECT count(*) FROM parcel").mapTo(long.class).one();
  }

  private static String state(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof SQLException sql) {
        return String.valueOf(sql.getSQLState());
      }
    }
    throw new AssertionError("no SQLException", failure);
  }

  @Test
  void dao_asOnThePage_worksWithoutAWarning() {
    try (Logs logs = Logs.capture()) {
      parcels.insertPair("A", 400);

      assertEquals("[A/1, A/2]: 800 g", parcels.summary());
      assertEquals(List.of(), logs.warnings());
    }
  }

  @Test
  void transaction_onlyReads_isAdvisedToBeReadOnly() {
    try (Logs logs = Logs.capture()) {
      jdbi.useTransaction(JdbiTransactionTest::seen);

      assertEquals(1, logs.warnings("Mark it read-only").size());
      assertEquals(1, logs.warnings("JdbiTransactionTest").size(), "it names the place");
    }
  }

  @Test
  void transaction_ofAnotherIsolation_isAccepted() throws SQLException {
    jdbi.useTransaction(TransactionIsolationLevel.READ_COMMITTED, handle -> insert(handle, "A-1"));

    assertEquals(List.of("A-1"), codes(pool));
  }

  @Test
  void transaction_workReturns_isCommitted() throws SQLException {
    jdbi.useTransaction(
        handle -> {
          assertEquals(0, pool.stats().writer().held(), "nothing before the first statement");
          insert(handle, "A-1");
          assertEquals(List.of(), codes(pool), "not yet");
          insert(handle, "A-2");
        });

    assertEquals(List.of("A-1", "A-2"), codes(pool));
  }

  @Test
  void transaction_workThrows_isRolledBack() throws SQLException {
    assertThrows(
        IllegalStateException.class,
        () ->
            jdbi.useTransaction(
                handle -> {
                  insert(handle, "A-1");
                  throw new IllegalStateException("planned");
                }));

    assertEquals(List.of(), codes(pool));
  }

  @Test
  void transactionInsideAnother_isPartOfIt() throws SQLException {
    assertThrows(
        IllegalStateException.class,
        () ->
            jdbi.useTransaction(
                outer -> {
                  jdbi.useTransaction(inner -> insert(inner, "A-1"));
                  throw new IllegalStateException("planned");
                }));

    assertEquals(List.of(), codes(pool));
  }

  @Test
  void savepoint_rolledBackTo_undoesWhatCameAfterIt() throws SQLException {
    jdbi.useTransaction(
        handle -> {
          insert(handle, "A-1");
          handle.savepoint("here");
          insert(handle, "A-2");
          handle.rollbackToSavepoint("here");
          insert(handle, "A-3");
          handle.savepoint("there");
          insert(handle, "A-4");
          handle.releaseSavepoint("there");
        });

    assertEquals(List.of("A-1", "A-3", "A-4"), codes(pool));
  }

  @Test
  void handle_closedInATransaction_isRolledBack() throws SQLException {
    Handle handle = jdbi.open();
    handle.begin();
    insert(handle, "A-1");

    assertThrows(RuntimeException.class, handle::close);

    assertEquals(List.of(), codes(pool));
    assertEquals(0, pool.stats().writer().held());
  }

  @Test
  void handle_readOnly_readsOneCommitOnAReader() throws SQLException {
    // page: read-only
    long report =
        jdbi.withHandle(
            handle -> {
              handle.setReadOnly(true); // before the transaction; gone with the handle
              return handle.inTransaction(this::report);
            });
    // page end
    assertEquals(0, report);
    assertEquals(List.of("between"), codes(pool));
  }

  private long report(Handle handle) throws SQLException {
    long before = seen(handle);
    assertEquals(1, pool.stats().readers().held());
    insert(pool, "between");
    assertEquals(before, seen(handle));
    return before;
  }

  @Test
  void handle_readOnly_isRefusedToWrite() throws SQLException {
    try (Handle handle = jdbi.open()) {
      handle.setReadOnly(true);
      Exception failure = assertThrows(RuntimeException.class, () -> insert(handle, "A-1"));
      assertEquals("25006", state(failure));
    }
    try (Handle handle = jdbi.open()) {
      insert(handle, "A-2");
    }
    assertEquals(List.of("A-2"), codes(pool));
  }

  @Test
  void otherHandle_insideAWritingTransaction_readsTheLastCommitAndDoesNotWrite()
      throws SQLException {
    jdbi.useTransaction(
        handle -> {
          insert(handle, "A-1");
          try (Handle other = jdbi.open()) {
            assertEquals(0, seen(other));
            UnableToExecuteStatementException failure =
                assertThrows(UnableToExecuteStatementException.class, () -> insert(other, "A-2"));
            assertEquals("25001", state(failure));
          }
        });

    assertEquals(List.of("A-1"), codes(pool));
  }

  @Test
  void reads_whileAnotherTransactionWrites_runOnReaders() throws Exception {
    parcels.insert("A-1", 400);
    withWriterTaken(
        pool,
        () -> {
          assertEquals(1, jdbi.withHandle(JdbiTransactionTest::seen), "autocommit");
          assertEquals(List.of("A-1"), parcels.codes());
          assertEquals("[A-1]: 400 g", parcels.summary());
        });
  }

  @Test
  void retryingRunner_commitLostWithItsGroup_runsTheWorkAgain() throws SQLException {
    AtomicInteger runs = new AtomicInteger();
    // page: retry
    jdbi.setTransactionHandler(new SerializableTransactionRunner());
    // page end
    jdbi.useTransaction(
        handle -> {
          insert(handle, "A-1");
          if (runs.incrementAndGet() == 1) {
            ruinTheGroup(pool);
          }
        });

    assertEquals(2, runs.get());
    assertEquals(List.of("A-1"), codes(pool));
  }

  @Test
  void readOnlyMethod_insideAWritingTransaction_leavesItWhole() throws SQLException {
    jdbi.useTransaction(
        handle -> {
          insert(handle, "A-1");
          Parcels attached = handle.attach(Parcels.class);
          assertThrows(RuntimeException.class, attached::summary);
          assertTrue(handle.isInTransaction());
          insert(handle, "A-2");
        });

    assertEquals(List.of("A-1", "A-2"), codes(pool));
  }
}
