package dev.heddle.pool.tests.frameworks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.tests.Await;
import dev.heddle.pool.tests.Background;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.TransactionTemplate;

/** Which of Spring's exceptions come of Heddle's. */
class SpringErrorsTest extends ParcelFixture {

  private static final String INSERT = "INSERT INTO parcel(code) VALUES (?)";

  private SqlitePool pool;
  private JdbcTemplate template;

  @BeforeEach
  void openThePool() throws SQLException {
    pool = parcels(config -> config.acquireTimeout(IMPATIENT));
    template = new JdbcTemplate(pool.dataSource());
  }

  private static String state(DataAccessException failure) {
    return cause(SQLException.class, failure).getSQLState();
  }

  private TransactionTemplate transaction() {
    return new TransactionTemplate(new JdbcTransactionManager(pool.dataSource()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO parcel(code) VALUES (NULL)",
        "INSERT INTO parcel(code, grams) VALUES ('A-1', -1)",
        "INSERT INTO stop(parcel) VALUES (77)",
      })
  void constraint_violated_isDataIntegrityViolation(String sql) throws SQLException {
    pool.useWriter(
        lease -> lease.script("CREATE TABLE stop(parcel INTEGER NOT NULL REFERENCES parcel)"));

    DataIntegrityViolationException failure =
        assertThrows(DataIntegrityViolationException.class, () -> template.update(sql));

    assertFalse(failure instanceof DuplicateKeyException);
    assertTrue(state(failure).startsWith("23"), () -> state(failure));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO parcel(code) VALUES ('A-1')",
        "INSERT INTO parcel(id, code) VALUES (1, 'A-2')"
      })
  void key_thatIsThere_isADuplicateKey(String sql) {
    template.update(INSERT, "A-1");

    assertThrows(DuplicateKeyException.class, () -> template.update(sql));
  }

  @Test
  void batch_oneRowFails_storesNothing() throws SQLException {
    assertThrows(
        DataIntegrityViolationException.class,
        () ->
            template.batchUpdate(
                INSERT, List.of(new Object[] {"A-1"}, new Object[] {"A-2"}, new Object[] {"A-1"})));

    assertEquals(List.of(), codes(pool));
  }

  @ParameterizedTest
  @ValueSource(strings = {"SELEKT 1", "SELECT * FROM parsel", "SELECT grammes FROM parcel"})
  void sql_wrong_isBadSqlGrammar(String sql) {
    BadSqlGrammarException failure =
        assertThrows(BadSqlGrammarException.class, () -> template.queryForList(sql));

    assertEquals(sql, failure.getSql());
  }

  @Test
  void queryTimeout_passed_isAQueryTimeout() {
    template.setQueryTimeout(1);

    QueryTimeoutException failure =
        assertThrows(
            QueryTimeoutException.class, () -> template.queryForObject(ENDLESS, Long.class));

    assertEquals("57014", state(failure));
    assertEquals(1, template.queryForObject("SELECT 1", Integer.class), "the pool goes on");
  }

  @Test
  void statement_interrupted_isAQueryTimeoutToo() {
    Background<Long> query = start("query", () -> template.queryForObject(ENDLESS, Long.class));
    Await.until("it runs", () -> pool.stats().readers().held() == 1);
    query.thread().interrupt();

    QueryTimeoutException failure = query.failure(QueryTimeoutException.class);

    cause(InterruptedException.class, cause(SQLException.class, failure));
  }

  @Test
  void write_writerTakenForTooLong_isTransient() throws Exception {
    withWriterTaken(
        pool,
        () -> {
          TransientDataAccessResourceException failure =
              assertThrows(
                  TransientDataAccessResourceException.class, () -> template.update(INSERT, "A-1"));
          assertEquals("08001", state(failure));
        });
  }

  @Test
  void queryTimeout_passedInLineForTheWriter_isAQueryTimeout() throws Exception {
    LeaseOptions patient = LeaseOptions.DEFAULTS.withWaitAtMost(Duration.ofMinutes(1));
    JdbcTemplate ofOneSecond = new JdbcTemplate(pool.dataSource(patient));
    ofOneSecond.setQueryTimeout(1);
    withWriterTaken(
        pool,
        () -> assertThrows(QueryTimeoutException.class, () -> ofOneSecond.update(INSERT, "A-1")));
  }

  @Test
  void transaction_writerTakenForTooLong_failsAtItsFirstStatement() throws Exception {
    withWriterTaken(
        pool,
        () ->
            transaction()
                .executeWithoutResult(
                    status ->
                        assertThrows(
                            TransientDataAccessResourceException.class,
                            () -> template.queryForList("SELECT * FROM parcel"))));
  }

  @Test
  void commit_lostWithItsGroup_isCannotAcquireLock() throws SQLException {
    assertThrows(
        CannotAcquireLockException.class,
        () ->
            transaction()
                .executeWithoutResult(
                    status -> {
                      template.update(INSERT, "A-1");
                      ruinTheGroup(pool);
                    }));

    assertEquals(List.of(), codes(pool));
  }

  @Test
  void commit_lostUnderADataSourceTransactionManager_isATransactionSystemException()
      throws SQLException {
    var transaction = new TransactionTemplate(new DataSourceTransactionManager(pool.dataSource()));

    TransactionSystemException failure =
        assertThrows(
            TransactionSystemException.class,
            () ->
                transaction.executeWithoutResult(
                    status -> {
                      template.update(INSERT, "A-1");
                      ruinTheGroup(pool);
                    }));

    assertEquals("40001", cause(SQLException.class, failure).getSQLState());
    assertEquals(List.of(), codes(pool));
  }

  @Test
  void write_onAReadOnlyConnection_isUncategorized() {
    JdbcTemplate readers = new JdbcTemplate(pool.readerDataSource());

    UncategorizedSQLException failure =
        assertThrows(UncategorizedSQLException.class, () -> readers.update(INSERT, "A-1"));

    assertEquals("25006", state(failure));
  }

  @Test
  void pool_closed_givesNoConnection() {
    pool.close();

    CannotGetJdbcConnectionException failure =
        assertThrows(
            CannotGetJdbcConnectionException.class, () -> template.queryForList("SELECT 1"));

    assertEquals("08003", state(failure));
  }
}
