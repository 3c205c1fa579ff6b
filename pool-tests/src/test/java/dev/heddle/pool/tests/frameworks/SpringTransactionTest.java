package dev.heddle.pool.tests.frameworks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.tests.Logs;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.resilience.annotation.EnableResilientMethods;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Spring's declared transactions: which lane they take, what they keep, and who sees it. */
class SpringTransactionTest extends ParcelFixture {

  // page: config
  @Configuration
  @EnableTransactionManagement
  @EnableResilientMethods // for @Retryable
  static class Database {

    @Bean
    SqlitePool pool(PoolConfig config) throws SQLException {
      return SqlitePool.open(config); // closed with the context
    }

    @Bean
    DataSource dataSource(SqlitePool pool) {
      return pool.dataSource();
    }

    @Bean
    JdbcTransactionManager transactionManager(DataSource dataSource) {
      return new JdbcTransactionManager(dataSource);
    }

    @Bean
    JdbcClient jdbcClient(DataSource dataSource) {
      return JdbcClient.create(dataSource);
    }
  }

  // page end

  // page: service
  static class Parcels {

    private final JdbcClient jdbc;

    Parcels(JdbcClient jdbc) {
      this.jdbc = jdbc;
    }

    /** The writer, from the first statement to the commit. */
    @Transactional
    public void register(String code, int grams) {
      jdbc.sql("INSERT INTO parcel(code) VALUES (?)").param(code).update();
      jdbc.sql("UPDATE parcel SET grams = ? WHERE code = ?").params(grams, code).update();
    }

    /** A reader, on which both queries see the same commit. */
    @Transactional(readOnly = true)
    public String summary() {
      List<@Nullable String> codes = jdbc.sql("SELECT code FROM parcel").query(String.class).list();
      Long grams = jdbc.sql("SELECT sum(grams) FROM parcel").query(Long.class).single();
      return codes + ": " + grams + " g";
    }

    /** No transaction: a reader, for this statement alone. */
    public long count() {
      return jdbc.sql("SELECT count(*) FROM parcel").query(Long.class).single();
    }
  }

  // page end

  static class Retried {

    // page: retry
    /** Runs again when its commit was lost through no fault of its own. */
    @Retryable(includes = CannotAcquireLockException.class)
    @Transactional
    public void write(Runnable work) {
      work.run();
    }

    // page end
  }

  /** An action in a transaction of each kind. */
  static class Transactions {

    @Transactional
    public void required(ThrowingAction action) throws Exception {
      action.run();
    }

    @Transactional(rollbackFor = IOException.class)
    public void rolledBackByIo(ThrowingAction action) throws Exception {
      action.run();
    }

    @Transactional(readOnly = true)
    public void readOnly(ThrowingAction action) throws Exception {
      action.run();
    }

    @Transactional(isolation = Isolation.READ_COMMITTED)
    public void readCommitted(ThrowingAction action) throws Exception {
      action.run();
    }

    @Transactional(timeout = 1)
    public void ofOneSecond(ThrowingAction action) throws Exception {
      action.run();
    }

    @Transactional(propagation = Propagation.NESTED)
    public void nested(ThrowingAction action) throws Exception {
      action.run();
    }

    @Transactional(propagation = Propagation.REQUIRES_NEW)
    public void requiresNew(ThrowingAction action) throws Exception {
      action.run();
    }

    @Transactional(propagation = Propagation.REQUIRES_NEW, readOnly = true)
    public void requiresNewReadOnly(ThrowingAction action) throws Exception {
      action.run();
    }

    @Transactional(propagation = Propagation.SUPPORTS)
    public void supports(ThrowingAction action) throws Exception {
      action.run();
    }

    @Transactional(propagation = Propagation.NOT_SUPPORTED)
    public void notSupported(ThrowingAction action) throws Exception {
      action.run();
    }
  }

  private AnnotationConfigApplicationContext context;
  private SqlitePool pool;
  private JdbcClient jdbc;
  private Parcels parcels;
  private Transactions transactions;

  @BeforeEach
  void startTheContext() throws SQLException {
    PoolConfig config = PoolConfig.builder(file()).readers(2).acquireTimeout(IMPATIENT).build();
    context = new AnnotationConfigApplicationContext();
    context.registerBean(PoolConfig.class, () -> config);
    context.register(Database.class, Parcels.class, Retried.class, Transactions.class);
    context.refresh();
    pool = opened(context.getBean(SqlitePool.class));
    pool.useWriter(lease -> lease.script(TABLE));
    jdbc = context.getBean(JdbcClient.class);
    parcels = context.getBean(Parcels.class);
    transactions = context.getBean(Transactions.class);
  }

  @AfterEach
  void closeTheContext() {
    context.close();
  }

  private void insert(String code) {
    jdbc.sql("INSERT INTO parcel(code) VALUES (?)").param(code).update();
  }

  private long seen() {
    return jdbc.sql("SELECT count(*) FROM parcel").query(Long.class).single();
  }

  private int writersHeld() {
    return pool.stats().writer().held();
  }

  private int readersHeld() {
    return pool.stats().readers().held();
  }

  @Test
  void service_asOnThePage_worksWithoutAWarning() {
    try (Logs logs = Logs.capture()) {
      parcels.register("A-1", 800);
      parcels.register("A-2", 400);

      assertEquals("[A-1, A-2]: 1200 g", parcels.summary());
      assertEquals(2, parcels.count());
      assertEquals(List.of(), logs.warnings());
    }
  }

  @Test
  void context_closed_closesThePool() {
    context.close();

    SQLException failure = assertThrows(SQLException.class, pool::acquireReader);
    assertEquals("08003", failure.getSQLState());
  }

  @Test
  void required_methodReturns_isCommitted() throws Exception {
    transactions.required(
        () -> {
          insert("A-1");
          assertEquals(List.of(), codes(pool), "not yet");
          insert("A-2");
        });

    assertEquals(List.of("A-1", "A-2"), codes(pool));
  }

  @Test
  void required_uncheckedException_isRolledBack() throws Exception {
    assertThrows(
        IllegalStateException.class,
        () ->
            transactions.required(
                () -> {
                  insert("A-1");
                  throw new IllegalStateException("planned");
                }));

    assertEquals(List.of(), codes(pool));
  }

  @Test
  void required_checkedException_isCommittedAsSpringDoes() throws Exception {
    assertThrows(
        IOException.class,
        () ->
            transactions.required(
                () -> {
                  insert("A-1");
                  throw new IOException("planned");
                }));

    assertEquals(List.of("A-1"), codes(pool));
  }

  @Test
  void rollbackFor_checkedException_isRolledBack() throws Exception {
    assertThrows(
        IOException.class,
        () ->
            transactions.rolledBackByIo(
                () -> {
                  insert("A-1");
                  throw new IOException("planned");
                }));

    assertEquals(List.of(), codes(pool));
  }

  @Test
  void required_beforeTheFirstStatement_holdsNothing() throws Exception {
    transactions.required(
        () -> {
          assertEquals(0, writersHeld());
          insert("A-1");
          assertEquals(1, writersHeld());
        });
    assertEquals(0, writersHeld());
  }

  @Test
  void required_onlyReads_isAdvisedToBeReadOnly() throws Exception {
    try (Logs logs = Logs.capture()) {
      transactions.required(this::seen);

      assertEquals(1, logs.warnings("@Transactional(readOnly = true)").size());
      assertEquals(1, logs.warnings("Transactions").size(), "it names the method's class");
    }
  }

  @Test
  void retryable_commitLostWithItsGroup_runsAgain() throws SQLException {
    AtomicInteger runs = new AtomicInteger();

    context
        .getBean(Retried.class)
        .write(
            () -> {
              insert("A-1");
              if (runs.incrementAndGet() == 1) {
                ruinTheGroup(pool);
              }
            });

    assertEquals(2, runs.get());
    assertEquals(List.of("A-1"), codes(pool));
  }

  @Test
  void isolation_another_isAccepted() throws Exception {
    transactions.readCommitted(() -> insert("A-1"));

    assertEquals(List.of("A-1"), codes(pool));
  }

  @Test
  void readOnly_select_runsOnAReader() throws Exception {
    transactions.readOnly(
        () -> {
          assertEquals(0, seen());
          assertEquals(1, readersHeld());
          assertEquals(0, writersHeld());
        });
    assertEquals(0, readersHeld());
  }

  @Test
  void readOnly_twoSelects_seeOneCommit() throws Exception {
    transactions.readOnly(
        () -> {
          assertEquals(0, seen());
          ParcelFixture.insert(pool, "A-1");
          assertEquals(0, seen());
        });
    assertEquals(1, seen());
  }

  @Test
  void readOnly_write_isRefused() throws Exception {
    transactions.readOnly(
        () -> {
          DataAccessException failure =
              assertThrows(DataAccessException.class, () -> insert("A-1"));
          assertEquals("25006", cause(SQLException.class, failure).getSQLState());
        });
    assertEquals(List.of(), codes(pool));
  }

  @Test
  void readOnly_over_leavesNothingReadOnly() throws Exception {
    transactions.readOnly(this::seen);

    transactions.required(() -> insert("A-1"));
    insert("A-2");

    assertEquals(List.of("A-1", "A-2"), codes(pool));
  }

  @Test
  void timeout_endlessStatement_endsAndIsRolledBack() throws Exception {
    assertThrows(
        QueryTimeoutException.class,
        () ->
            transactions.ofOneSecond(
                () -> {
                  insert("A-1");
                  jdbc.sql(ENDLESS).query(Long.class).single();
                }));

    assertEquals(List.of(), codes(pool));
    transactions.required(() -> insert("A-2"));
  }

  @Test
  void nested_innerThrows_undoesTheInnerAlone() throws Exception {
    transactions.required(
        () -> {
          insert("A-1");
          assertThrows(
              IllegalStateException.class,
              () ->
                  transactions.nested(
                      () -> {
                        insert("A-2");
                        throw new IllegalStateException("planned");
                      }));
          transactions.nested(() -> insert("A-3"));
        });

    assertEquals(List.of("A-1", "A-3"), codes(pool));
  }

  @Test
  void nested_outerThrows_undoesBoth() throws Exception {
    assertThrows(
        IllegalStateException.class,
        () ->
            transactions.required(
                () -> {
                  transactions.nested(() -> insert("A-1"));
                  throw new IllegalStateException("planned");
                }));

    assertEquals(List.of(), codes(pool));
  }

  @Test
  void requiresNew_insideAWritingTransaction_isRefusedByName() throws Exception {
    transactions.required(
        () -> {
          insert("A-1");
          DataAccessException failure =
              assertThrows(
                  DataAccessException.class, () -> transactions.requiresNew(() -> insert("A-2")));
          assertEquals("25001", cause(SQLException.class, failure).getSQLState());
          String message = String.valueOf(cause(SQLException.class, failure).getMessage());
          assertTrue(message.contains("REQUIRES_NEW"), message);
          insert("A-3");
        });

    assertEquals(List.of("A-1", "A-3"), codes(pool));
  }

  @Test
  void requiresNew_beforeTheOuterWrites_isCommittedAlone() throws Exception {
    assertThrows(
        IllegalStateException.class,
        () ->
            transactions.required(
                () -> {
                  transactions.requiresNew(() -> insert("A-1"));
                  insert("A-2");
                  throw new IllegalStateException("planned");
                }));

    assertEquals(List.of("A-1"), codes(pool));
  }

  @Test
  void requiresNew_insideAReadOnlyTransaction_writes() throws Exception {
    transactions.readOnly(
        () -> {
          assertEquals(0, seen());
          transactions.requiresNew(() -> insert("A-1"));
          assertEquals(0, seen(), "still the commit from before");
        });

    assertEquals(List.of("A-1"), codes(pool));
  }

  @Test
  void requiresNewReadOnly_insideAWritingTransaction_seesTheLastCommit() throws Exception {
    transactions.required(
        () -> {
          insert("A-1");
          transactions.requiresNewReadOnly(() -> assertEquals(0, seen()));
          assertEquals(1, seen());
        });
  }

  @Test
  void notSupported_insideAWritingTransaction_readsTheLastCommitAndDoesNotWrite() throws Exception {
    transactions.required(
        () -> {
          insert("A-1");
          transactions.notSupported(
              () -> {
                assertEquals(0, seen());
                DataAccessException failure =
                    assertThrows(DataAccessException.class, () -> insert("A-2"));
                assertEquals("25001", cause(SQLException.class, failure).getSQLState());
              });
        });

    assertEquals(List.of("A-1"), codes(pool));
  }

  @Test
  void supports_withoutATransaction_holdsNothingBetweenStatements() throws Exception {
    transactions.supports(
        () -> {
          insert("A-1");
          assertEquals(1, seen());
          assertEquals(0, writersHeld() + readersHeld());
          assertEquals(List.of("A-1"), codes(pool), "committed at once");
        });
  }

  @Test
  void supports_insideATransaction_isPartOfIt() throws Exception {
    assertThrows(
        IllegalStateException.class,
        () ->
            transactions.required(
                () -> {
                  transactions.supports(() -> insert("A-1"));
                  throw new IllegalStateException("planned");
                }));

    assertEquals(List.of(), codes(pool));
  }

  @Test
  void reads_whileAnotherTransactionWrites_runOnReaders() throws Exception {
    ParcelFixture.insert(pool, "A-1");
    withWriterTaken(
        pool,
        () -> {
          assertEquals(1, parcels.count(), "autocommit");
          transactions.readOnly(() -> assertEquals(1, seen()));
          transactions.supports(() -> assertEquals(1, seen()));
          transactions.notSupported(() -> assertEquals(1, seen()));
        });
  }
}
