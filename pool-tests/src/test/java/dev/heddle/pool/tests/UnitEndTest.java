package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** How units and their statements end: what is said about it, and what is left behind. */
class UnitEndTest {

  private static final Logger LEASE_LOG = (Logger) LoggerFactory.getLogger("dev.heddle.pool.lease");

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private SqlitePool pool;

  @BeforeEach
  void open() throws SQLException {
    pool = SqlitePool.ephemeral();
    pool.useWriter(lease -> lease.script("CREATE TABLE t(id INTEGER PRIMARY KEY, n INTEGER)"));
    log.start();
    LEASE_LOG.addAppender(log);
  }

  @AfterEach
  void close() {
    LEASE_LOG.detachAppender(log);
    assertEquals(pool.stats().readers().connections(), pool.stats().readers().idle());
    assertEquals(1, pool.stats().writer().idle());
    pool.close();
  }

  private long count() throws SQLException {
    return pool.read(lease -> lease.queryOne("SELECT count(*) FROM t").orElseThrow().getLong(1));
  }

  @Test
  void write_workCommitsItself_isRefusedAndNothingIsKept() throws SQLException {
    SQLException e =
        assertThrows(
            SQLException.class,
            () ->
                pool.useWriter(
                    lease -> {
                      lease.insert("INSERT INTO t(n) VALUES (1)");
                      lease.commit();
                    }));
    assertEquals("25001", e.getSQLState());
    assertEquals(0, count());
  }

  @Test
  void write_workCommitsThroughJdbc_isRefusedAndNothingIsKept() throws SQLException {
    SQLException e =
        assertThrows(
            SQLException.class,
            () ->
                pool.useWriter(
                    lease -> {
                      lease.insert("INSERT INTO t(n) VALUES (1)");
                      lease.connection().commit();
                    }));
    assertEquals("25001", e.getSQLState());
    assertEquals(0, count());
  }

  @Test
  void write_workThrows_isRolledBackWithoutAWarning() throws SQLException {
    assertThrows(
        IllegalStateException.class,
        () ->
            pool.useWriter(
                lease -> {
                  lease.insert("INSERT INTO t(n) VALUES (1)");
                  throw new IllegalStateException("planned");
                }));
    assertEquals(0, count());
    assertEquals(List.of(), log.list);
  }

  @Test
  void close_changedAndNotCommitted_warnsWithLabelAndThread() throws SQLException {
    try (WriteLease lease = pool.acquireWriter(LeaseOptions.DEFAULTS.withLabel("forgetful"))) {
      lease.insert("INSERT INTO t(n) VALUES (1)");
    }
    assertEquals(1, log.list.size());
    String warning = log.list.getFirst().getFormattedMessage();
    assertTrue(warning.contains("'forgetful'"), warning);
    assertTrue(warning.contains("#" + Thread.currentThread().threadId()), warning);
    assertEquals(0, count());
  }

  @Test
  void close_onlyRead_doesNotWarn() throws SQLException {
    try (WriteLease lease = pool.acquireWriter()) {
      lease.query("SELECT * FROM t");
    }
    assertEquals(List.of(), log.list);
  }

  @Test
  void close_lastStatementFailed_doesNotWarn() throws SQLException {
    try (WriteLease lease = pool.acquireWriter()) {
      lease.insert("INSERT INTO t(id) VALUES (1)");
      assertThrows(SQLException.class, () -> lease.insert("INSERT INTO t(id) VALUES (1)"));
    }
    assertEquals(List.of(), log.list);
  }

  @Test
  void stats_snapshotReads_areNoRollbacks() throws SQLException {
    long before = pool.stats().commits().rolledBack();
    count();
    count();
    assertEquals(before, pool.stats().commits().rolledBack());
  }

  @Test
  void batch_rowWithTooManyValues_isNamed() throws SQLException {
    try (WriteLease lease = pool.acquireWriter()) {
      List<Object[]> rows = List.of(new Object[] {1}, new Object[] {2, 3});
      SQLException e =
          assertThrows(SQLException.class, () -> lease.batch("INSERT INTO t(n) VALUES (?)", rows));
      assertTrue(String.valueOf(e.getMessage()).contains("row 2 of the batch"), e::toString);
      lease.rollback();
    }
  }

  @Test
  void timeOut_limitOfTheCall_advisesTheCallAndNamesTheAsker() throws Exception {
    try (WriteLease held = pool.acquireWriter(LeaseOptions.DEFAULTS.withLabel("holder"))) {
      assertFalse(held.toString().isEmpty());
      LeaseOptions impatient =
          LeaseOptions.DEFAULTS.withLabel("asker").withWaitAtMost(Duration.ofMillis(1));
      SQLException[] thrown = new SQLException[1];
      Thread.ofVirtual()
          .start(
              () ->
                  thrown[0] = assertThrows(SQLException.class, () -> pool.acquireWriter(impatient)))
          .join();
      String message = String.valueOf(thrown[0].getMessage());
      assertTrue(message.contains("'asker'") && message.contains("'holder'"), message);
      assertFalse(message.contains("acquire-timeout"), message);
    }
  }

  @Test
  void preparedStatement_snapshotEnded_livesOnAndNeverSharesItsParameters() throws SQLException {
    try (ReadLease lease = pool.acquireSnapshot()) {
      Connection connection = lease.connection();
      try (PreparedStatement before = connection.prepareStatement("SELECT ?")) {
        before.setInt(1, 8);
        connection.commit();
        try (PreparedStatement after = connection.prepareStatement("SELECT ?")) {
          after.setInt(1, 7);
          assertEquals(8, only(before));
          assertEquals(7, only(after));
        }
      }
    }
  }

  private static int only(PreparedStatement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery()) {
      assertTrue(rows.next());
      return rows.getInt(1);
    }
  }

  @Test
  void metadataResult_leftOpen_doesNotPinTheNextLeasesView() throws SQLException {
    int readers = pool.stats().readers().connections();
    for (int i = 0; i < readers; i++) {
      try (ReadLease lease = pool.acquireReader()) {
        ResultSet tables = lease.connection().getMetaData().getTables(null, null, "%", null);
        assertTrue(tables.next());
      }
    }
    pool.useWriter(lease -> lease.insert("INSERT INTO t(n) VALUES (1)"));
    for (int i = 0; i < readers; i++) {
      assertEquals(1, count());
    }
  }
}
