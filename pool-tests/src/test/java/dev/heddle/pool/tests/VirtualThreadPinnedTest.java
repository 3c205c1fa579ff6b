package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.sqlite.Function;

/**
 * JFR's word for it: no virtual thread that waits for something of the pool keeps its carrier. Only
 * a wait inside of SQLite does, which user functions can bring about.
 */
class VirtualThreadPinnedTest extends PoolFixture {

  private static final int CROWD = 64;
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final String INSERT = "INSERT INTO t(v) VALUES (?)";

  /** So patient that only the test itself decides who gives up. */
  private SqlitePool openPatient() throws SQLException {
    return open(
        config ->
            config
                .acquireTimeout(LONG)
                .busyTimeout(LONG)
                .closeTimeout(LONG)
                .groupMaxAge(Duration.ofSeconds(10)));
  }

  /** Runs it twice: the first time the JVM loads classes, which pins whatever loads them. */
  private static PinnedThreads second(PinnedThreads.Body body) throws Exception {
    body.run();
    return PinnedThreads.during(body);
  }

  private static void park() {
    LockSupport.parkNanos(1);
  }

  private List<Background<?>> crowd(String name, Callable<?> work) {
    return crowd(name, CROWD, work);
  }

  private List<Background<?>> crowd(String name, int count, Callable<?> work) {
    List<Background<?>> crowd = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      crowd.add(start(name + "-" + i, work::call));
    }
    return crowd;
  }

  private static int waiting(SqlitePool pool) {
    return pool.stats().readers().waiting() + pool.stats().writer().waiting();
  }

  // The controls: what makes the other tests fail

  @Test
  void sqlFunction_parksInsideAQuery_isReportedAndNotAsThePools() throws Exception {
    SqlitePool pool =
        open(config -> config.onConnect(c -> Function.create(c, "parks", new Parks())));

    PinnedThreads pinned =
        second(() -> start("query", () -> pool.read(l -> l.query("SELECT parks()"))).result());

    assertFalse(pinned.inFunctions().isEmpty(), "parking inside SQLite was not noticed");
    assertEquals(List.of(), pinned.ofThePool());
  }

  private static final class Parks extends Function {
    @Override
    protected void xFunc() throws SQLException {
      park();
      result(1);
    }
  }

  /** The same, but what waits inside of that function is a pool: the one way to be blamed. */
  @Test
  void lane_waitedForInASqlFunction_isReportedAsThePools() throws Exception {
    SqlitePool pool = openPatient();
    SqlitePool asking =
        opened(
            SqlitePool.open(
                PoolConfig.builder(folder.resolve("asking.db"))
                    .onConnect(c -> Function.create(c, "inserts", new Inserts(pool)))
                    .build()));

    PinnedThreads pinned = second(() -> waitInAFunction(pool, asking));

    assertFalse(pinned.ofThePool().isEmpty(), "waiting inside SQLite was not noticed");
    assertTrue(pinned.ofThePool().getFirst().contains("LeasePool.write"));
  }

  private void waitInAFunction(SqlitePool pool, SqlitePool asking) throws SQLException {
    Background<?> waiting;
    try (WriteLease lease = pool.acquireWriter()) {
      waiting = start("waiting", () -> asking.read(l -> l.query("SELECT inserts()")));
      Await.until("it waits", () -> waiting(pool) == 1);
      lease.rollback();
    }
    waiting.result();
  }

  private static final class Inserts extends Function {
    private final SqlitePool pool;

    Inserts(SqlitePool pool) {
      this.pool = pool;
    }

    @Override
    protected void xFunc() throws SQLException {
      result(insert(pool, "in a function"));
    }
  }

  // The loads

  @Test
  void crowd_contendsForReadersAndWriter_pinsNobody() throws Exception {
    PinnedThreads pinned = second(this::contend);

    assertEquals(List.of(), pinned.ofThePool());
  }

  private void contend() throws SQLException {
    SqlitePool pool = openPatient();
    List<Background<?>> crowd;
    try (WriteLease writer = pool.acquireWriter();
        ReadLease _ = pool.acquireReader();
        ReadLease _ = pool.acquireReader()) {
      crowd = crowd("reads and writes", () -> readAndWrite(pool));
      Await.until("all wait", () -> waiting(pool) == CROWD);
      writer.rollback();
    }
    crowd.forEach(Background::result);
    assertTrue(pool.stats().commits().mostUnits() > 1, "nobody shared a commit");
    pool.close();
  }

  private static long readAndWrite(SqlitePool pool) throws SQLException {
    for (int i = 0; i < 10; i++) {
      insert(pool, "one");
      try (Connection connection = pool.writerDataSource().getConnection();
          PreparedStatement statement = connection.prepareStatement(INSERT)) {
        statement.setString(1, "two");
        statement.executeUpdate();
      }
      pool.read(
          lease ->
              lease.query("SELECT v FROM t LIMIT 10", row -> String.valueOf(row.getString(1))));
      try (Connection connection = pool.readerDataSource().getConnection();
          Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SELECT v FROM t LIMIT 10")) {
        while (rows.next()) {
          rows.getString(1);
        }
      }
    }
    return 0;
  }

  @Test
  void crowd_givesUpWaiting_pinsNobody() throws Exception {
    PinnedThreads pinned = second(this::giveUp);

    assertEquals(List.of(), pinned.ofThePool());
  }

  private void giveUp() throws SQLException {
    SqlitePool pool = openPatient();
    LeaseOptions hasty = LeaseOptions.DEFAULTS.withWaitAtMost(Duration.ofMillis(1));
    try (WriteLease writer = pool.acquireWriter();
        ReadLease _ = pool.acquireReader();
        ReadLease _ = pool.acquireSnapshot()) {
      List<Background<?>> late = new ArrayList<>();
      late.addAll(crowd("hasty writer", 16, () -> pool.acquireWriter(hasty)));
      late.addAll(crowd("hasty reader", 16, () -> pool.acquireSnapshot(hasty)));
      late.forEach(thread -> thread.failure(SQLTransientConnectionException.class));
      List<Background<?>> interrupted = new ArrayList<>();
      interrupted.addAll(crowd("writer", 16, pool::acquireWriter));
      interrupted.addAll(crowd("reader", 16, () -> pool.read(lease -> 0)));
      Await.until("all wait", () -> waiting(pool) == 32);
      interrupted.forEach(thread -> thread.thread().interrupt());
      interrupted.forEach(thread -> Expect.interrupted(thread.failure(SQLException.class)));
      writer.rollback();
    }
    assertEquals(32, pool.stats().readers().timedOut() + pool.stats().writer().timedOut());
    pool.close();
  }

  @Test
  void crowd_waitsForAnotherProcess_pinsNobody() throws Exception {
    open().close();
    try (ChildJvm other = ChildJvm.start(Locker.class, file())) {
      PinnedThreads pinned = second(() -> waitFor(other));

      assertEquals(List.of(), pinned.ofThePool());
      other.kill();
      other.awaitEnd();
    }
    open(); // and so clears up behind the other process
  }

  private void waitFor(ChildJvm other) throws Exception {
    SqlitePool pool = openPatient();
    List<Callable<?>> firsts =
        List.of(
            () -> insert(pool, "work"),
            () -> {
              try (Connection connection = pool.writerDataSource().getConnection();
                  Statement statement = connection.createStatement()) {
                statement.executeUpdate("INSERT INTO t(v) VALUES ('JDBC')");
                return 0;
              }
            });
    for (Callable<?> first : firsts) {
      other.tell("lock");
      assertEquals(List.of("locked"), other.said(1));
      List<Background<?>> crowd = crowd("first", 1, first);
      Await.until("it has the writer", () -> pool.stats().writer().held() == 1);
      Await.parked(crowd.getFirst().thread());
      crowd.addAll(crowd("next", 15, () -> insert(pool, "next")));
      Await.until("the others wait for it", () -> waiting(pool) == 15);
      other.tell("release");
      assertEquals(List.of("released"), other.said(1));
      crowd.forEach(Background::result);
    }
    pool.close();
  }

  /** Another process, which locks a file and lets it go as it is told. */
  static final class Locker {

    private Locker() {}

    public static void main(String[] arguments) throws Exception {
      BufferedReader input =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      try (Database database = Database.connect(Path.of(arguments[0]))) {
        for (String line = input.readLine(); line != null; line = input.readLine()) {
          boolean locks = line.equals("lock");
          database.run(locks ? "BEGIN IMMEDIATE" : "ROLLBACK");
          ChildJvm.say(locks ? "locked" : "released");
        }
      }
    }
  }

  @Test
  void pools_openAndCloseAndWaitForIt_pinsNobody() throws Exception {
    PinnedThreads pinned = second(this::openAndClose);

    assertEquals(List.of(), pinned.ofThePool());
  }

  private void openAndClose() throws SQLException {
    List<Background<?>> pools = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Path file = folder.resolve("own-" + i + ".db");
      pools.add(
          start(
              "own-" + i,
              () -> {
                try (SqlitePool pool = SqlitePool.open(patient(file))) {
                  return insertInto(pool);
                }
              }));
      pools.add(
          start(
              "ephemeral-" + i,
              () -> {
                try (SqlitePool pool = SqlitePool.ephemeral()) {
                  return insertInto(pool);
                }
              }));
    }
    pools.forEach(Background::result);
    waitForTheLock(folder.resolve("locked.db"));
    closeWhileHeld(folder.resolve("held.db"));
  }

  private static PoolConfig patient(Path file) {
    return PoolConfig.builder(file).readers(2).openTimeout(LONG).closeTimeout(LONG).build();
  }

  private static long insertInto(SqlitePool pool) throws SQLException {
    pool.useWriter(
        lease -> lease.script("CREATE TABLE IF NOT EXISTS t(id INTEGER PRIMARY KEY, v)"));
    return insert(pool, 1);
  }

  private void waitForTheLock(Path file) throws SQLException {
    Background<@Nullable Void> opening;
    try (Database other = Database.connect(file)) {
      other.run("PRAGMA journal_mode = DELETE", "BEGIN EXCLUSIVE");
      opening =
          start(
              "opening",
              () -> {
                SqlitePool.open(patient(file)).close();
                return null;
              });
      Await.parked(opening.thread());
      other.run("ROLLBACK");
    }
    opening.result();
  }

  private void closeWhileHeld(Path file) throws SQLException {
    SqlitePool pool = SqlitePool.open(patient(file));
    List<Background<?>> closers;
    try (ReadLease _ = pool.acquireReader()) {
      closers = crowd("closer", 2, () -> closed(pool));
      closers.forEach(closer -> Await.parked(closer.thread()));
    }
    closers.forEach(Background::result);
  }

  @Test
  void userCode_parksBetweenTwoCalls_pinsNobody() throws Exception {
    PinnedThreads pinned = second(this::parkEverywhere);

    assertEquals(List.of(), pinned.ofThePool());
  }

  private void parkEverywhere() throws SQLException {
    SqlitePool pool = open(config -> config.acquireTimeout(LONG).onConnect(connection -> park()));
    CountDownLatch parked = new CountDownLatch(CROWD);
    List<Background<?>> crowd =
        crowd(
            "parks",
            () -> {
              pool.useWriter(VirtualThreadPinnedTest::writeAndPark);
              pool.useReader(VirtualThreadPinnedTest::readAndPark);
              parked.countDown();
              return 0;
            });
    crowd.forEach(Background::result);
    assertEquals(0, parked.getCount());
    pool.close();
  }

  private static void writeAndPark(WriteLease lease) throws SQLException {
    park();
    List<Integer> items = IntStream.range(0, 3).boxed().toList();
    lease.batch(
        INSERT,
        items,
        item -> {
          park();
          return new @Nullable Object[] {item};
        });
    lease.nested(
        part -> {
          park();
          return part.update(INSERT, "nested");
        });
    readAndPark(lease);
  }

  private static void readAndPark(ReadLease lease) throws SQLException {
    String sql = "SELECT v FROM t LIMIT 3";
    lease.query(
        sql,
        row -> {
          park();
          return String.valueOf(row.getString(1));
        });
    lease.forEach(sql, row -> park());
    try (Statement statement = lease.connection().createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        park();
      }
    }
  }

  @Test
  void poolIsClosed_whileACrowdWaits_pinsNobody() throws Exception {
    PinnedThreads pinned = second(this::closeWhileACrowdWaits);

    assertEquals(List.of(), pinned.ofThePool());
  }

  private void closeWhileACrowdWaits() throws SQLException {
    SqlitePool pool = openPatient();
    Background<?> closer;
    try (WriteLease writer = pool.acquireWriter();
        ReadLease _ = pool.acquireReader();
        ReadLease _ = pool.acquireReader()) {
      List<Background<?>> crowd = crowd("writer", 32, pool::acquireWriter);
      crowd.addAll(crowd("reader", 32, pool::acquireReader));
      Await.until("all wait", () -> waiting(pool) == 64);
      closer = crowd("closer", 1, () -> closed(pool)).getFirst();
      for (Background<?> thread : crowd) {
        assertEquals("08003", thread.failure(SQLException.class).getSQLState());
      }
      Await.parked(closer.thread());
      writer.rollback();
    }
    closer.result();
  }

  private static int closed(SqlitePool pool) {
    pool.close();
    return 0;
  }
}
