package dev.heddle.pool.tests.frameworks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.tests.Await;
import dev.heddle.pool.tests.Background;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.StatementException;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which of Jdbi's exceptions come of Heddle's; the cause is Heddle's own. */
class JdbiErrorsTest extends ParcelFixture {

  private SqlitePool pool;
  private Jdbi jdbi;

  @BeforeEach
  void openThePool() throws SQLException {
    pool = parcels(config -> config.acquireTimeout(IMPATIENT));
    jdbi = Jdbi.create(pool.dataSource());
  }

  private int execute(String sql) {
    return jdbi.withHandle(handle -> handle.execute(sql));
  }

  private long endless(Handle handle, int timeoutSeconds) {
    return handle.createQuery(ENDLESS).setQueryTimeout(timeoutSeconds).mapTo(long.class).one();
  }

  @Test
  void constraint_violated_isUnableToExecute() {
    // page: errors
    execute("INSERT INTO parcel(code) VALUES ('A-1')");
    UnableToExecuteStatementException failure =
        assertThrows(
            UnableToExecuteStatementException.class,
            () -> execute("INSERT INTO parcel(code) VALUES ('A-1')"));
    SQLIntegrityConstraintViolationException cause =
        assertInstanceOf(SQLIntegrityConstraintViolationException.class, failure.getCause());
    assertEquals(2067, cause.getErrorCode()); // SQLITE_CONSTRAINT_UNIQUE
    // page end
    assertTrue(cause.getSQLState().startsWith("23"), cause::getSQLState);
  }

  @Test
  void batch_oneRowFails_storesNothing() throws SQLException {
    UnableToExecuteStatementException failure =
        assertThrows(
            UnableToExecuteStatementException.class,
            () ->
                jdbi.useHandle(
                    handle -> {
                      PreparedBatch batch =
                          handle.prepareBatch("INSERT INTO parcel(code) VALUES (:code)");
                      List.of("A-1", "A-2", "A-1").forEach(code -> batch.bind("code", code).add());
                      batch.execute();
                    }));

    String state = cause(SQLException.class, failure).getSQLState();
    assertTrue(state.startsWith("23"), state);
    assertEquals(List.of(), codes(pool));
  }

  @Test
  void sql_wrong_isAStatementException() {
    StatementException failure = assertThrows(StatementException.class, () -> execute("SELEKT 1"));

    assertEquals("42000", cause(SQLSyntaxErrorException.class, failure).getSQLState());
  }

  @Test
  void queryTimeout_passed_isUnableToExecute() {
    UnableToExecuteStatementException failure =
        assertThrows(
            UnableToExecuteStatementException.class,
            () -> jdbi.withHandle(handle -> endless(handle, 1)));

    assertEquals("57014", cause(SQLTimeoutException.class, failure).getSQLState());
  }

  @Test
  void statement_interrupted_isUnableToExecute() {
    Background<Long> query = start("query", () -> jdbi.withHandle(handle -> endless(handle, 0)));
    Await.until("it runs", () -> pool.stats().readers().held() == 1);
    query.thread().interrupt();

    UnableToExecuteStatementException failure =
        query.failure(UnableToExecuteStatementException.class);

    cause(InterruptedException.class, cause(SQLException.class, failure));
  }

  @Test
  void write_writerTakenForTooLong_isUnableToExecute() throws Exception {
    withWriterTaken(
        pool,
        () -> {
          UnableToExecuteStatementException failure =
              assertThrows(
                  UnableToExecuteStatementException.class,
                  () -> execute("INSERT INTO parcel(code) VALUES ('A-1')"));
          assertEquals(
              "08001", cause(SQLTransientConnectionException.class, failure).getSQLState());
        });
  }

  @Test
  void pool_closed_givesNoConnection() {
    pool.close();

    ConnectionException failure = assertThrows(ConnectionException.class, jdbi::open);

    assertEquals("08003", cause(SQLException.class, failure).getSQLState());
  }
}
