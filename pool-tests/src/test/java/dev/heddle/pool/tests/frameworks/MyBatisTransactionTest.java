package dev.heddle.pool.tests.frameworks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.tests.Await;
import dev.heddle.pool.tests.Background;
import dev.heddle.pool.tests.Logs;
import dev.heddle.pool.tests.frameworks.MyBatisParcels.Item;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransactionRollbackException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import org.apache.ibatis.exceptions.PersistenceException;
import org.apache.ibatis.executor.BatchExecutorException;
import org.apache.ibatis.session.ExecutorType;
import org.apache.ibatis.session.SqlSession;
import org.apache.ibatis.session.SqlSessionFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** MyBatis' sessions: which lane they take, what they keep, who sees it, and how they fail. */
class MyBatisTransactionTest extends ParcelFixture {

  private SqlitePool pool;
  private SqlSessionFactory sessions;
  private SqlSessionFactory readers;

  @BeforeEach
  void openThePool() throws SQLException {
    pool = parcels(config -> config.acquireTimeout(IMPATIENT));
    // page: factories
    sessions = MyBatisParcels.sessions(pool.dataSource());
    readers = MyBatisParcels.sessions(pool.readerDataSource());
    // page end
  }

  private static MyBatisParcels mapper(SqlSession session) {
    return session.getMapper(MyBatisParcels.class);
  }

  private static void insert(SqlSession session, String code) {
    mapper(session).insert(new Item(code));
  }

  /** MyBatis' exception, and in it Heddle's. */
  private static <X extends SQLException> X failure(Class<X> type, Executable call) {
    PersistenceException failure = assertThrows(PersistenceException.class, call);
    return cause(type, failure);
  }

  @Test
  void session_committed_isKept() throws SQLException {
    try (SqlSession session = sessions.openSession()) {
      assertEquals(0, pool.stats().writer().held(), "nothing before the first statement");
      insert(session, "A-1");
      assertEquals(List.of(), codes(pool), "not yet");
      session.commit();
      assertEquals(List.of("A-1"), codes(pool));
      insert(session, "A-2");
      session.commit();
    }
    assertEquals(List.of("A-1", "A-2"), codes(pool));
  }

  @Test
  void session_rolledBackOrClosed_keepsNothing() throws SQLException {
    try (SqlSession session = sessions.openSession()) {
      insert(session, "A-1");
      session.rollback();
      insert(session, "A-2");
    }
    assertEquals(List.of(), codes(pool));
    assertEquals(0, pool.stats().writer().held());
  }

  @Test
  void autoCommitSession_insert_isCommittedAtOnce() throws SQLException {
    try (SqlSession session = sessions.openSession(true)) {
      insert(session, "A-1");
      assertEquals(List.of("A-1"), codes(pool));
      assertEquals(0, pool.stats().writer().held());
    }
  }

  @Test
  void session_onlyReadsOnTheWriter_isAdvisedToBeReadOnly() {
    try (Logs logs = Logs.capture()) {
      try (SqlSession session = sessions.openSession()) {
        mapper(session).codes();
        assertEquals(1, pool.stats().writer().held());
      }
      assertEquals(0, pool.stats().writer().held());
      assertEquals(1, logs.warnings("Mark it read-only").size());
      assertEquals(1, logs.warnings("MyBatisTransactionTest").size(), "it names the place");
    }
  }

  @Test
  void readerSession_onlyReads_isNotAdvised() {
    try (Logs logs = Logs.capture()) {
      try (SqlSession session = readers.openSession()) {
        mapper(session).codes();
      }
      assertEquals(List.of(), logs.warnings());
    }
  }

  @Test
  void readerSession_allItsSelects_seeOneCommit() throws SQLException {
    insert(pool, "A-1");
    try (SqlSession session = readers.openSession()) {
      assertEquals(1, mapper(session).count());
      insert(pool, "A-2");
      assertEquals(1, mapper(session).count());
      assertEquals(1, pool.stats().readers().held());
    }
    assertEquals(0, pool.stats().readers().held());
  }

  @Test
  void readerSession_write_isRefused() throws SQLException {
    try (SqlSession session = readers.openSession()) {
      SQLException failure = failure(SQLException.class, () -> insert(session, "A-1"));
      assertEquals("25006", failure.getSQLState());
    }
    assertEquals(List.of(), codes(pool));
  }

  @Test
  void secondSession_insideAWritingOne_readsTheLastCommitAndDoesNotWrite() throws SQLException {
    try (SqlSession first = sessions.openSession();
        SqlSession second = sessions.openSession(true)) {
      insert(first, "A-1");
      assertEquals(0, mapper(second).count());
      SQLException failure = failure(SQLException.class, () -> insert(second, "A-2"));
      assertEquals("25001", failure.getSQLState());
      first.commit();
    }
    assertEquals(List.of("A-1"), codes(pool));
  }

  @Test
  void reads_whileAnotherTransactionWrites_runOnReaders() throws Exception {
    insert(pool, "A-1");
    withWriterTaken(
        pool,
        () -> {
          // page: reads
          try (SqlSession session = sessions.openSession(true)) { // each statement for itself
            assertEquals(List.of("A-1"), session.getMapper(MyBatisParcels.class).codes());
          }
          try (SqlSession session = readers.openSession()) { // all statements on one commit
            assertEquals(List.of("A-1"), session.getMapper(MyBatisParcels.class).codes());
          }
          // page end
        });
  }

  @Test
  void constraint_violated_isInThePersistenceException() {
    try (SqlSession session = sessions.openSession()) {
      insert(session, "A-1");
      SQLIntegrityConstraintViolationException failure =
          failure(SQLIntegrityConstraintViolationException.class, () -> insert(session, "A-1"));
      assertTrue(failure.getSQLState().startsWith("23"), failure::getSQLState);
      assertEquals(2067, failure.getErrorCode());
    }
  }

  @Test
  void batch_oneRowFails_storesNothing() throws SQLException {
    try (SqlSession session = sessions.openSession(ExecutorType.BATCH, true)) {
      List.of("A-1", "A-2", "A-1").forEach(code -> insert(session, code));
      PersistenceException failure =
          assertThrows(PersistenceException.class, session::flushStatements);
      BatchExecutorException batch = cause(BatchExecutorException.class, failure);
      BatchUpdateException cause = cause(BatchUpdateException.class, batch);
      assertTrue(cause.getSQLState().startsWith("23"), cause::getSQLState);
    }
    assertEquals(List.of(), codes(pool));
  }

  @Test
  void sql_wrong_isInThePersistenceException() throws SQLException {
    pool.useWriter(lease -> lease.update("DROP TABLE parcel"));
    try (SqlSession session = sessions.openSession(true)) {
      failure(SQLSyntaxErrorException.class, () -> mapper(session).count());
    }
  }

  @Test
  void timeout_passed_isInThePersistenceException() {
    try (SqlSession session = sessions.openSession(true)) {
      failure(SQLTimeoutException.class, () -> mapper(session).endlessForOneSecond());
      assertEquals(0, mapper(session).count());
    }
  }

  @Test
  void statement_interrupted_isInThePersistenceException() {
    Background<Long> query =
        start(
            "query",
            () -> {
              try (SqlSession session = sessions.openSession(true)) {
                return mapper(session).endless();
              }
            });
    Await.until("it runs", () -> pool.stats().readers().held() == 1);
    query.thread().interrupt();

    PersistenceException failure = query.failure(PersistenceException.class);

    cause(InterruptedException.class, cause(SQLException.class, failure));
  }

  @Test
  void write_writerTakenForTooLong_isInThePersistenceException() throws Exception {
    withWriterTaken(
        pool,
        () -> {
          try (SqlSession session = sessions.openSession()) {
            failure(SQLTransientConnectionException.class, () -> insert(session, "A-1"));
          }
        });
  }

  @Test
  void commit_lostWithItsGroup_isInThePersistenceException() throws SQLException {
    try (SqlSession session = sessions.openSession()) {
      insert(session, "A-1");
      ruinTheGroup(pool);
      failure(SQLTransactionRollbackException.class, session::commit);
    }
    assertEquals(List.of(), codes(pool));
  }

  @Test
  void pool_closed_isInThePersistenceException() {
    pool.close();
    try (SqlSession session = sessions.openSession(true)) {
      SQLException failure = failure(SQLException.class, () -> mapper(session).count());
      assertEquals("08003", failure.getSQLState());
    }
  }
}
