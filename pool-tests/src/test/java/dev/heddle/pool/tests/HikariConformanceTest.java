package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.PoolStats;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLNonTransientException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What HikariCP's own tests ask of a pool, asked of Heddle's data source. Above each test is the
 * one of HikariCP, or of Agroal, that it corresponds to; those that have no counterpart here are
 * listed in docs/coming-from-hikaricp.md.
 */
class HikariConformanceTest extends PoolFixture {

  private static final String INSERT = "INSERT INTO t(v) VALUES (1)";

  /** More rows than are read at once, so that a reader is held until they have been read. */
  private static final String MANY_ROWS =
      "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 1000)"
          + " SELECT n FROM c";

  private static void assertAllIdle(SqlitePool pool) {
    PoolStats stats = pool.stats();
    assertEquals(stats.writer().connections(), stats.writer().idle(), "the writer");
    assertEquals(stats.readers().connections(), stats.readers().idle(), "readers");
  }

  private List<Background<?>> startMany(int count, JdbcProbe.Step work) {
    return IntStream.range(0, count)
        .<Background<?>>mapToObj(
            i ->
                start(
                    "thread " + i,
                    () -> {
                      work.run();
                      return i;
                    }))
        .toList();
  }

  private Background<?> startWaiting(SqlitePool pool) {
    Background<?> waiting =
        start(
            "waiting",
            () -> {
              try (Connection connection = pool.dataSource().getConnection()) {
                Jdbc.execute(connection, INSERT);
              }
              return 0;
            });
    Await.until("it waits for the writer", () -> pool.stats().writer().waiting() == 1);
    return waiting;
  }

  // Getting connections

  // TestConnections.testCreate
  @Test
  void connection_usedAndClosed_leavesEveryLaneIdle() throws SQLException {
    SqlitePool pool = open();
    long granted = pool.stats().readers().granted();
    try (Connection connection = pool.dataSource().getConnection();
        PreparedStatement statement = connection.prepareStatement("SELECT v FROM t WHERE id = ?")) {
      statement.setInt(1, 0);
      assertFalse(statement.executeQuery().next());
      assertNull(connection.getWarnings());
    }
    assertEquals(granted + 1, pool.stats().readers().granted());
    assertAllIdle(pool);
  }

  // TestConnections.testMaximumPoolLimit
  @Test
  void queries_moreThanReaders_theOthersWait() throws SQLException {
    SqlitePool pool = open();
    List<Background<?>> queries =
        startMany(
            3,
            () -> {
              try (Connection connection = pool.dataSource().getConnection()) {
                assertEquals("1", Jdbc.ask(connection, "SELECT gate()"));
              }
            });
    Await.until("one waits", () -> pool.stats().readers().waiting() == 1);
    assertEquals(2, pool.stats().readers().held());
    gate().open();
    queries.forEach(Background::result);
    assertEquals(2, pool.stats().readers().connections());
  }

  // ConnectionPoolSizeVsThreadsTest; Agroal's VirtualThreadTests
  @Test
  void crowd_moreThreadsThanConnections_allAreServed() throws SQLException {
    SqlitePool pool = open();
    List<Background<?>> crowd =
        startMany(
            50,
            () -> {
              try (Connection connection = pool.dataSource().getConnection()) {
                Jdbc.execute(connection, INSERT);
                Jdbc.ask(connection, "SELECT count(*) FROM t");
              }
            });
    crowd.forEach(Background::result);
    assertEquals(50, values(pool).size());
  }

  // ConnectionRaceConditionTest.testRaceCondition
  @Test
  void connections_openedAndClosedAtTheSameTime_noneIsLost() throws SQLException {
    SqlitePool pool = open();
    List<Background<?>> threads =
        startMany(
            10,
            () -> {
              for (int i = 0; i < 100; i++) {
                try (Connection connection = pool.dataSource().getConnection()) {
                  assertEquals("1", Jdbc.ask(connection, "SELECT 1"));
                }
              }
            });
    threads.forEach(Background::result);
    assertAllIdle(pool);
  }

  // Agroal's BasicTests, on acquisition by one thread
  @Test
  void connections_twoOfOneThread_readAndWriteSideBySide() throws SQLException {
    SqlitePool pool = open(config -> config.acquireTimeout(Duration.ZERO));
    try (Connection writing = pool.dataSource().getConnection();
        Connection reading = pool.dataSource().getConnection()) {
      writing.setAutoCommit(false);
      Jdbc.execute(writing, INSERT);
      assertEquals("0", Jdbc.ask(reading, "SELECT count(*) FROM t"));
      writing.commit();
      assertEquals("1", Jdbc.ask(reading, "SELECT count(*) FROM t"));
    }
  }

  // TestConnections.testInitializationFailure1, testInitializationFailure2
  @Test
  void open_folderIsMissing_failsAtOnce() {
    Path nowhere = folder.resolve("missing").resolve("test.db");
    Expect.sql(
        SQLNonTransientConnectionException.class, "08001", () -> SqlitePool.open(nowhere).close());
  }

  // TestConnections.testInvalidConnectionTestQuery, with what is run on each new connection
  @Test
  void open_setUpOfAConnectionFails_failsWithIt() {
    PoolConfig config =
        PoolConfig.builder(file())
            .onConnect(connection -> Jdbc.execute(connection, "SELECT nothing"))
            .build();
    SQLException failure = assertThrows(SQLException.class, () -> SqlitePool.open(config).close());
    assertTrue(failure.toString().contains("nothing"), failure::toString);
  }

  // Waiting

  // TestConnectionTimeoutRetry.testConnectionRetries2: it comes while one waits
  @Test
  void statement_theWriterComesBackInTime_runs() throws SQLException {
    SqlitePool pool = open();
    Background<?> waiting;
    try (WriteLease other = pool.acquireWriter()) {
      waiting = startWaiting(pool);
      other.rollback();
    }
    waiting.result();
    assertEquals(List.of(1L), values(pool));
  }

  // TestConnectionTimeoutRetry.testConnectionRetries; ExceptionTest.testLastErrorTimeout
  @Test
  void statement_theWriterDoesNotComeBack_saysWhoHasIt() throws SQLException {
    SqlitePool pool = open(config -> config.acquireTimeout(Duration.ofMillis(100)));
    try (WriteLease other = pool.acquireWriter(LeaseOptions.DEFAULTS.withLabel("import"))) {
      startMany(1, () -> assertTimesOut(pool, "import")).forEach(Background::result);
      other.rollback();
    }
  }

  private static void assertTimesOut(SqlitePool pool, String holder) throws SQLException {
    try (Connection connection = pool.dataSource().getConnection()) {
      SQLException failure =
          Expect.sql(
              SQLTransientConnectionException.class,
              "08001",
              () -> Jdbc.execute(connection, INSERT));
      Expect.mentions(failure, holder);
    }
  }

  // TestSaturatedPool830.saturatedPoolTest; MetricsTrackerTest.connectionTimeoutIsRecorded
  @Test
  void readers_heldForLongerThanOthersWait_areThereAgainAfterwards() throws SQLException {
    SqlitePool pool = open(config -> config.readers(1).acquireTimeout(Duration.ofMillis(100)));
    DataSource source = pool.dataSource();
    try (Connection holding = source.getConnection()) {
      Background<?> query = start("query", () -> Jdbc.ask(holding, "SELECT gate()"));
      gate().awaitReached();
      startMany(3, () -> assertNoReader(source)).forEach(Background::result);
      gate().open();
      query.result();
      assertEquals("1", Jdbc.ask(holding, "SELECT 1"));
    }
    assertEquals(3, pool.stats().readers().timedOut());
    assertAllIdle(pool);
  }

  private static void assertNoReader(DataSource source) throws SQLException {
    try (Connection connection = source.getConnection()) {
      Expect.sql(
          SQLTransientConnectionException.class, "08001", () -> Jdbc.ask(connection, "SELECT 1"));
    }
  }

  // TestMetrics.testMetricWait, testMetricUsage
  @Test
  void stats_whileAndAfterAThreadWaits_tellOfIt() throws SQLException {
    SqlitePool pool = open();
    long granted = pool.stats().writer().granted();
    Background<?> waiting;
    try (WriteLease other = pool.acquireWriter()) {
      waiting = startWaiting(pool);
      assertEquals(1, pool.stats().writer().held());
      other.rollback();
    }
    waiting.result();
    assertEquals(granted + 2, pool.stats().writer().granted());
    assertEquals(0, pool.stats().writer().waiting());
  }

  // Closing connections and statements

  // TestConnections.testDoubleClose
  @Test
  void connection_closedTwice_isClosedAndNothingElse() throws SQLException {
    SqlitePool pool = open();
    Connection connection = pool.dataSource().getConnection();
    connection.close();
    connection.close();
    connection.abort(Runnable::run);
    assertTrue(connection.isClosed());
    assertFalse(connection.isValid(1));
    assertAllIdle(pool);
  }

  // ConcurrentCloseConnectionTest.testConcurrentClose
  @Test
  void connections_closedByOtherThreads_giveTheirReadersBack() throws SQLException {
    SqlitePool pool = open();
    List<Connection> connections = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Connection connection = pool.dataSource().getConnection();
      assertTrue(connection.createStatement().executeQuery(MANY_ROWS).next());
      connections.add(connection);
    }
    assertEquals(0, pool.stats().readers().idle());
    for (Connection connection : connections) {
      startMany(4, connection::close).forEach(Background::result);
    }
    assertAllIdle(pool);
  }

  // ExceptionTest.testException1
  @Test
  void connection_afterAStatementFailed_goesOn() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection()) {
      assertThrows(SQLSyntaxErrorException.class, () -> Jdbc.ask(connection, "SELECT nothing"));
      assertFalse(connection.isClosed());
      assertTrue(connection.isValid(1));
      assertEquals("1", Jdbc.ask(connection, "SELECT 1"));
    }
    assertAllIdle(pool);
  }

  // ExceptionTest.testUseAfterClose
  @Test
  void connection_usedAfterItsClose_saysSo() throws SQLException {
    SqlitePool pool = open();
    Connection connection = pool.dataSource().getConnection();
    connection.close();
    Expect.over(connection::createStatement);
    Expect.over(() -> connection.prepareStatement("SELECT 1"));
    Expect.over(connection::getMetaData);
    Expect.over(connection::commit);
    Expect.over(() -> connection.setAutoCommit(false));
  }

  // ExceptionTest.testUseAfterStatementClose
  @Test
  void statement_usedAfterItsClose_saysSo() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection()) {
      Statement statement = connection.createStatement();
      statement.close();
      Expect.over(() -> statement.execute("SELECT 1"));
      Expect.over(statement::getMoreResults);
    }
  }

  // StatementTest.testAutoStatementClose; Agroal's ConnectionCloseTests
  @Test
  void connection_closed_closesItsStatementsAndResultSets() throws SQLException {
    SqlitePool pool = open();
    Connection connection = pool.dataSource().getConnection();
    Statement first = connection.createStatement();
    Statement second = connection.createStatement();
    ResultSet rows = first.executeQuery(MANY_ROWS);
    connection.close();
    assertTrue(first.isClosed());
    assertTrue(second.isClosed());
    assertTrue(rows.isClosed());
    Expect.over(rows::next);
    assertAllIdle(pool);
  }

  // StatementTest.testStatementResultSetProxyClose
  @Test
  void statement_closedByWayOfItsResultSet_isClosed() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection()) {
      Statement statement = connection.createStatement();
      ResultSet rows = statement.executeQuery("SELECT 1");
      rows.getStatement().close();
      assertTrue(statement.isClosed());
      assertTrue(rows.isClosed());
    }
  }

  // StatementTest.testStatementClose, testDoubleStatementClose
  @Test
  void statement_closedTwice_leavesItsConnectionOpen() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection()) {
      Statement statement = connection.createStatement();
      statement.close();
      statement.close();
      assertTrue(statement.isClosed());
      assertFalse(connection.isClosed());
    }
  }

  // StatementTest.testOutOfOrderStatementClose
  @Test
  void statements_closedInAnyOrder_areClosed() throws SQLException {
    SqlitePool pool = open();
    Connection connection = pool.dataSource().getConnection();
    Statement first = connection.createStatement();
    Statement second = connection.createStatement();
    first.close();
    assertFalse(second.isClosed());
    connection.close();
    second.close();
    first.close();
    assertTrue(second.isClosed());
  }

  // What the next connection has

  // ConnectionStateTest.testAutoCommit, testTransactionIsolation, testReadOnly, testCatalog;
  // Agroal's ConnectionResetTests
  @Test
  void connection_afterOneThatWasChanged_hasTheDefaults() throws SQLException {
    SqlitePool pool = open();
    try (Connection changed = pool.dataSource().getConnection()) {
      changed.setReadOnly(true);
      changed.setAutoCommit(false);
      changed.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      changed.setCatalog("other");
      changed.setNetworkTimeout(Runnable::run, 5);
      Jdbc.ask(changed, "SELECT 1");
    }
    try (Connection next = pool.dataSource().getConnection()) {
      assertTrue(next.getAutoCommit());
      assertFalse(next.isReadOnly());
      assertEquals(Connection.TRANSACTION_SERIALIZABLE, next.getTransactionIsolation());
      assertNull(next.getCatalog());
      assertEquals(0, next.getNetworkTimeout());
    }
  }

  // ConnectionStateTest.testCommitTracking
  @Test
  void connection_closedWithATransactionOpen_isRolledBack() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection()) {
      connection.setAutoCommit(false);
      Jdbc.execute(connection, INSERT);
      connection.commit();
      Jdbc.execute(connection, "DELETE FROM t");
    }
    assertEquals(List.of(1L), values(pool));
    assertAllIdle(pool);
  }

  // RequestBoundariesTest
  @Test
  void requestBoundaries_aroundATransaction_changeNothing() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection()) {
      connection.beginRequest();
      connection.setAutoCommit(false);
      Jdbc.execute(connection, INSERT);
      connection.commit();
      connection.endRequest();
      assertFalse(connection.getAutoCommit());
    }
    assertEquals(List.of(1L), values(pool));
  }

  // MiscTest.testInvalidIsolation
  @Test
  void isolation_none_isRefused() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection()) {
      Expect.sql(
          SQLNonTransientException.class,
          "22023",
          () -> connection.setTransactionIsolation(Connection.TRANSACTION_NONE));
    }
  }

  // MiscTest.testLeakDetection
  @Test
  void connection_holdsTheWriterForLong_isReportedWithItsLabel() throws SQLException {
    SqlitePool pool = open(config -> config.leakReportAfter(Duration.ofMillis(20)));
    LeaseOptions options = LeaseOptions.DEFAULTS.withLabel("nightly");
    try (Logs logs = Logs.capture();
        Connection connection = pool.dataSource(options).getConnection()) {
      connection.setAutoCommit(false);
      Jdbc.execute(connection, INSERT);
      Await.until("it is reported", () -> !logs.warnings("'nightly'").isEmpty());
      connection.rollback();
    }
  }

  // Closing the pool

  // ShutdownTest.testShutdown1: threads wait
  @Test
  void close_aThreadWaits_isTurnedAway() throws SQLException {
    SqlitePool pool = open(config -> config.closeTimeout(Duration.ZERO));
    WriteLease other = pool.acquireWriter();
    Background<?> waiting = startWaiting(pool);
    start("closing", () -> closed(pool)).result();
    assertEquals("08003", waiting.failure(SQLException.class).getSQLState());
    other.close();
  }

  private static boolean closed(SqlitePool pool) {
    pool.close();
    return true;
  }

  // ShutdownTest.testShutdown2, testShutdown3, testShutdown4: nobody waits
  @Test
  void close_aResultSetIsOpen_endsItAndTheConnection() throws SQLException {
    SqlitePool pool = open(config -> config.closeTimeout(Duration.ZERO));
    Connection connection = pool.dataSource().getConnection();
    ResultSet rows = connection.createStatement().executeQuery(MANY_ROWS);
    start("closing", () -> closed(pool)).result();
    Expect.over(() -> Jdbc.column(rows));
    Expect.over(() -> Jdbc.ask(connection, "SELECT 1"));
    assertFalse(connection.isValid(1));
    connection.close();
  }

  // ShutdownTest.testAfterShutdown; TestIsRunning.testShutdown
  @Test
  void getConnection_afterClose_saysSo() throws SQLException {
    SqlitePool pool = open();
    DataSource source = pool.dataSource();
    pool.close();
    pool.close();
    Expect.over(source::getConnection);
  }

  // ShutdownTest.testThreadedShutdown, testShutdown5
  @Test
  void close_poolsOfManyThreads_leaveNothing() {
    List<Background<?>> threads =
        IntStream.range(0, 4)
            .<Background<?>>mapToObj(i -> start("pool " + i, () -> openAndClose(i)))
            .toList();
    threads.forEach(Background::result);
    assertEquals(List.of(), OpenFiles.under(folder));
  }

  private String openAndClose(int number) throws SQLException {
    try (SqlitePool pool = SqlitePool.open(folder.resolve(number + ".db"));
        Connection connection = pool.dataSource().getConnection()) {
      return Jdbc.ask(connection, "SELECT 1");
    }
  }

  // Configuration

  // TestValidation; TestPropertySetter
  @ParameterizedTest
  @CsvSource({
    "readers, 0",
    "readers, many",
    "acquire-timeout, -1s",
    "acquire-timeout, 5",
    "leak-report.after, 25h",
    "database, jdbc:sqlite:test.db",
    "database, :memory:"
  })
  void config_valueIsNotAllowed_isRefusedByItsKey(String key, String value) {
    IllegalArgumentException failure =
        assertThrows(
            IllegalArgumentException.class,
            () -> PoolConfig.builder(file()).set(key, value).build());
    Expect.mentions(failure, key);
  }

  // TestPropertySetter.testSetNonExistantPropertyName
  @Test
  void config_keyIsUnknown_isRefusedWithTheOneThatWasMeant() {
    IllegalArgumentException failure =
        assertThrows(
            IllegalArgumentException.class,
            () -> PoolConfig.builder(file()).set("reader", "2").build());
    Expect.mentions(failure, "readers");
  }

  // TestSealedConfig
  @Test
  void config_itsBuilderGoesOn_staysAsItWasBuilt() throws SQLException {
    PoolConfig.Builder builder = PoolConfig.builder(file()).readers(1);
    PoolConfig config = builder.build();
    builder.readers(3);
    SqlitePool pool = opened(SqlitePool.open(config));
    assertEquals(1, pool.stats().readers().connections());
  }

  // What the objects are

  // TestProxies.testProxyCreation, testStatementProxy
  @Test
  void statements_ofEveryKind_belongToTheConnection() throws SQLException {
    SqlitePool pool = open();
    try (Connection connection = pool.dataSource().getConnection()) {
      int forward = ResultSet.TYPE_FORWARD_ONLY;
      int readOnly = ResultSet.CONCUR_READ_ONLY;
      int close = ResultSet.CLOSE_CURSORS_AT_COMMIT;
      for (Statement statement :
          List.of(
              connection.createStatement(),
              connection.createStatement(forward, readOnly),
              connection.createStatement(forward, readOnly, close),
              connection.prepareStatement("SELECT 1"),
              connection.prepareStatement("SELECT 1", forward, readOnly),
              connection.prepareStatement("SELECT 1", forward, readOnly, close),
              connection.prepareStatement(INSERT, Statement.RETURN_GENERATED_KEYS),
              connection.prepareStatement(INSERT, new int[] {1}),
              connection.prepareStatement(INSERT, new String[] {"id"}))) {
        assertSame(connection, statement.getConnection());
      }
      assertThrows(SQLFeatureNotSupportedException.class, () -> connection.prepareCall("x"));
    }
  }

  // UnwrapTest.testUnwrapConnection, testUnwrapDataSource
  @Test
  void unwrap_toJdbcAndToTheDriver_givesOnlyJdbc() throws SQLException {
    SqlitePool pool = open();
    DataSource source = pool.dataSource();
    assertSame(source, source.unwrap(DataSource.class));
    try (Connection connection = source.getConnection()) {
      assertSame(connection, connection.unwrap(Connection.class));
      Expect.refused(() -> connection.unwrap(org.sqlite.SQLiteConnection.class));
    }
  }

  // MiscTest.testLogWriter
  @Test
  void logWriter_isNotThere() throws SQLException {
    SqlitePool pool = open();
    DataSource source = pool.dataSource();
    assertNull(source.getLogWriter());
    assertThrows(
        SQLFeatureNotSupportedException.class,
        () -> source.setLogWriter(new PrintWriter(Writer.nullWriter())));
  }
}
