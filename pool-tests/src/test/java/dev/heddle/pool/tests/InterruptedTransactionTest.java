package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is left of a transaction when another thread interrupts the one that is in it: all, if a
 * query was ended; nothing, if a write was ended; and never less for its neighbours.
 */
class InterruptedTransactionTest extends PoolFixture {

  private static final Duration LONG = Duration.ofMinutes(1);
  private static final int ROWS = 2_000;
  private static final String INSERT = "INSERT INTO t(v) VALUES (?)";

  /** Stands still in its midst, and has thousands of instructions to go. */
  private static final String QUERY = "SELECT id FROM big WHERE id > 1 AND hold() + id = 0";

  private static final String UPDATE = "UPDATE big SET n = n + hold()";

  private static final String BIG_INSERT = "INSERT INTO big(n) SELECT n + hold() FROM big";

  private SqlitePool openWithRows() throws SQLException {
    SqlitePool pool =
        open(
            config ->
                config
                    .acquireTimeout(LONG)
                    .groupMaxAge(GroupFixture.PATIENT)
                    .closeTimeout(Duration.ofSeconds(1)));
    pool.useWriter(
        lease ->
            lease.script(
                "CREATE TABLE big(id INTEGER PRIMARY KEY, n);"
                    + "INSERT INTO big(n) WITH RECURSIVE c(i) AS"
                    + " (SELECT 0 UNION ALL SELECT 0 FROM c LIMIT "
                    + ROWS
                    + ") SELECT i FROM c"));
    return pool;
  }

  /** Something that an interrupt is to end. */
  record Way(String name, Unit.Act act) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** Runs it on a thread that is interrupted once the statement stands still. */
  private void interruptIn(SqlitePool pool, Unit.Act act) throws SQLException {
    Background<?> interrupted =
        start(
            "interrupted",
            () -> {
              try (WriteLease lease = pool.acquireWriter()) {
                act.run(lease);
                return 0;
              }
            });
    gate().awaitReached();
    interrupted.thread().interrupt();
    gate().open();
    interrupted.result();
  }

  private static void assertBigIsAsBefore(SqlitePool pool) throws SQLException {
    assertBig(pool, 0);
  }

  private static void assertBig(SqlitePool pool, int sum) throws SQLException {
    assertEquals(
        List.of(ROWS, sum),
        pool.read(
            lease ->
                lease
                    .queryOne(
                        "SELECT count(*), sum(n) FROM big",
                        row -> List.of(row.getInt(1), row.getInt(2)))
                    .orElseThrow()));
  }

  // A query is ended

  static Stream<Way> queries() {
    return Stream.of(
        new Way("query", lease -> lease.query(QUERY)),
        new Way("queryOne", lease -> lease.queryOne(QUERY)),
        new Way("mapper", lease -> lease.query(QUERY, row -> 1)),
        new Way("forEach", lease -> lease.forEach(QUERY, row -> {})),
        new Way("plain", lease -> plain(lease, statement -> statement.executeQuery(QUERY).next())),
        new Way("prepared", lease -> prepared(lease, QUERY, PreparedStatement::executeQuery)));
  }

  /** Something done with a plain statement. */
  @FunctionalInterface
  private interface Plain {
    void run(Statement statement) throws SQLException;
  }

  private static void plain(WriteLease lease, Plain use) throws SQLException {
    try (Statement statement = lease.connection().createStatement()) {
      use.run(statement);
    }
  }

  /** Something done with a prepared statement. */
  @FunctionalInterface
  private interface Use {
    @Nullable Object run(PreparedStatement statement) throws SQLException;
  }

  private static void prepared(WriteLease lease, String sql, Use use) throws SQLException {
    try (PreparedStatement statement = lease.connection().prepareStatement(sql)) {
      use.run(statement);
    }
  }

  private static void assertInterrupted(WriteLease lease, Way way) {
    Expect.interrupted(Expect.sql(SQLException.class, "57014", () -> way.act().run(lease)));
    assertTrue(Thread.currentThread().isInterrupted());
  }

  @ParameterizedTest
  @MethodSource("queries")
  void query_interrupted_leavesTheTransactionWhichGoesOnAndIsCommitted(Way way)
      throws SQLException {
    SqlitePool pool = openWithRows();
    interruptIn(
        pool,
        lease -> {
          lease.update(INSERT, "earlier");
          assertInterrupted(lease, way);
          assertTrue(Thread.interrupted());
          lease.update(INSERT, "later");
          lease.commit();
        });
    assertEquals(List.of("earlier", "later"), values(pool));
  }

  static Stream<Way> ends() {
    return Stream.of(
        new Way("commit", WriteLease::commit),
        new Way("commit of JDBC", lease -> lease.connection().commit()),
        new Way("rollback", WriteLease::rollback),
        new Way("rollback of JDBC", lease -> lease.connection().rollback()));
  }

  @ParameterizedTest
  @MethodSource("ends")
  void query_interruptedAndTheFlagIsStillSet_transactionCanBeEnded(Way end) throws SQLException {
    SqlitePool pool = openWithRows();
    interruptIn(
        pool,
        lease -> {
          lease.update(INSERT, "earlier");
          assertInterrupted(lease, new Way("query", l -> l.query(QUERY)));
          end.act().run(lease);
          assertTrue(Thread.currentThread().isInterrupted());
        });
    assertEquals(end.name().startsWith("commit") ? List.of("earlier") : List.of(), values(pool));
  }

  /** Else a part that has failed would be committed with the rest. */
  @Test
  void query_interruptedAfterASavepoint_partCanBeUndone() throws SQLException {
    SqlitePool pool = openWithRows();
    interruptIn(
        pool,
        lease -> {
          Connection connection = lease.connection();
          lease.update(INSERT, "earlier");
          Savepoint savepoint = connection.setSavepoint();
          lease.update(INSERT, "in the part");
          assertInterrupted(lease, new Way("query", l -> l.query(QUERY)));
          connection.rollback(savepoint);
          lease.commit();
        });
    assertEquals(List.of("earlier"), values(pool));
  }

  @Test
  void query_interruptedInANestedPart_undoesThatPartOnly() throws SQLException {
    SqlitePool pool = openWithRows();
    interruptIn(
        pool,
        lease -> {
          lease.update(INSERT, "earlier");
          Unit.Act nested =
              l ->
                  l.nested(
                      part -> {
                        part.update(INSERT, "in the part");
                        return part.query(QUERY);
                      });
          assertInterrupted(lease, new Way("nested", nested));
          lease.commit();
        });
    assertEquals(List.of("earlier"), values(pool));
  }

  private static ResultSet rowByRow(Statement statement, String sql) throws SQLException {
    statement.setFetchSize(1);
    return statement.executeQuery(sql);
  }

  @Test
  void resultSet_interruptedInNext_leavesTheTransaction() throws SQLException {
    SqlitePool pool = openWithRows();
    String stream = "SELECT id FROM big WHERE +id = 1 OR (hold() = 1 AND +id = 0)";
    interruptIn(
        pool,
        lease -> {
          lease.update(INSERT, "earlier");
          try (Statement statement = lease.connection().createStatement();
              ResultSet rows = rowByRow(statement, stream)) {
            assertTrue(rows.next());
            Expect.interrupted(assertThrows(SQLException.class, rows::next));
            assertTrue(Thread.interrupted());
          }
          lease.connection().createStatement().execute("INSERT INTO t(v) VALUES ('later')");
          lease.connection().commit();
        });
    assertEquals(List.of("earlier", "later"), values(pool));
  }

  @Test
  void write_workSwallowsItsInterruptedQuery_isCommittedAndTheFlagStays() throws SQLException {
    SqlitePool pool = openWithRows();
    Background<?> writing =
        start(
            "writing",
            () ->
                pool.write(
                    lease -> {
                      lease.update(INSERT, "earlier");
                      return assertThrows(SQLException.class, () -> lease.query(QUERY));
                    }));
    gate().awaitReached();
    writing.thread().interrupt();
    gate().open();

    writing.result();

    assertTrue(writing.interruptedAtEnd());
    assertEquals(List.of("earlier"), values(pool));
  }

  // A write is ended

  static Stream<Way> writes() {
    return Stream.of(
        new Way("update", lease -> lease.update(UPDATE)),
        new Way("insert", lease -> lease.insert(BIG_INSERT)),
        new Way("delete", lease -> lease.update("DELETE FROM big WHERE n + hold() > 0")),
        new Way("batch", lease -> lease.batch(UPDATE, List.of(1), i -> new Object[0])),
        new Way("script", lease -> lease.script("INSERT INTO t(v) VALUES (0); " + UPDATE)),
        new Way("RETURNING", lease -> lease.query(UPDATE + " RETURNING n")),
        new Way("nested", lease -> lease.nested(part -> part.update(UPDATE))),
        new Way("plain", lease -> plain(lease, statement -> statement.executeUpdate(UPDATE))),
        new Way("prepared", lease -> prepared(lease, UPDATE, PreparedStatement::executeUpdate)));
  }

  @ParameterizedTest
  @MethodSource("writes")
  void write_interruptedAlone_isUndoneWithItsTransactionAndSaysSo(Way way) throws SQLException {
    SqlitePool pool = openWithRows();
    insert(pool, "before");
    interruptIn(
        pool,
        lease -> {
          lease.update(INSERT, "lost");
          assertInterrupted(lease, way);
          assertTrue(Thread.interrupted());
          Expect.lost(() -> lease.update(INSERT, "late"));
          Expect.lost(() -> lease.query("SELECT 1"));
          Expect.lost(lease::commit);
        });
    insert(pool, "after");
    assertEquals(List.of("before", "after"), values(pool));
    assertBigIsAsBefore(pool);
  }

  static Stream<Way> batches() {
    return Stream.of(
        new Way(
            "prepared batch",
            lease ->
                prepared(
                    lease,
                    UPDATE,
                    statement -> {
                      statement.addBatch();
                      return statement.executeBatch();
                    })),
        new Way(
            "plain batch",
            lease ->
                plain(
                    lease,
                    statement -> {
                      statement.addBatch("INSERT INTO t(v) VALUES (0)");
                      statement.addBatch(UPDATE);
                      statement.executeBatch();
                    })));
  }

  /** The exception of JDBC's batches has the interruption behind another cause. */
  @ParameterizedTest
  @MethodSource("batches")
  void jdbcBatch_interruptedAlone_isUndoneWithItsTransactionAndSaysSo(Way way) throws SQLException {
    SqlitePool pool = openWithRows();
    insert(pool, "before");
    interruptIn(
        pool,
        lease -> {
          lease.update(INSERT, "lost");
          Expect.sql(SQLException.class, "57014", () -> way.act().run(lease));
          assertTrue(Thread.interrupted());
          Expect.lost(lease::commit);
        });
    insert(pool, "after");
    assertEquals(List.of("before", "after"), values(pool));
    assertBigIsAsBefore(pool);
  }

  @ParameterizedTest
  @EnumSource(Canceller.Way.class)
  void write_interruptedInItsStatement_isNotRepeatedAndLeavesNothing(Canceller.Way way)
      throws SQLException {
    SqlitePool pool = openWithRows();
    AtomicInteger runs = new AtomicInteger();
    Attempt attempt =
        new Attempt(
            () ->
                pool.write(
                    lease -> {
                      runs.incrementAndGet();
                      lease.update(INSERT, "lost");
                      return lease.update(UPDATE);
                    }),
            () -> insert(pool, "same thread"));
    try (Canceller canceller = Canceller.by(way)) {
      canceller.start(attempt);
      gate().awaitReached();
      canceller.cancel();
      gate().open();
      Expect.interrupted(attempt.failure(SQLException.class));
      attempt.assertWentOn();
    }
    assertEquals(1, runs.get());
    assertEquals(List.of("same thread"), values(pool));
    assertBigIsAsBefore(pool);
  }

  // In company

  /** What the holder of the writer does when all are interrupted, and what becomes of it. */
  enum Holder {
    /** Its query is ended, and so is its work. */
    READS,
    /** Its statement is finished, for the others' sake; then its work is done. */
    WRITES,
    /** Its statement is finished, and its next one is refused. */
    WRITES_TWICE;

    void run(WriteLease lease) throws SQLException {
      lease.update(INSERT, "holder");
      if (this == READS) {
        lease.query(QUERY);
      } else {
        assertEquals(ROWS, lease.update(UPDATE));
      }
      if (this == WRITES_TWICE) {
        lease.update(INSERT, "never");
      }
    }
  }

  static Stream<Arguments> company() {
    return Stream.of(Canceller.Way.values())
        .flatMap(way -> Stream.of(Holder.values()).map(holder -> Arguments.of(way, holder)));
  }

  /**
   * Four wait for the commit they share, one has the writer, and three wait for it; then all eight
   * are interrupted.
   */
  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("company")
  void units_allInterrupted_thoseThatWereDoneKeepTheirRows(Canceller.Way way, Holder holder)
      throws SQLException {
    SqlitePool pool = openWithRows();
    List<Attempt> done =
        IntStream.range(0, 4).mapToObj(i -> writing(pool, l -> l.update(INSERT, i))).toList();
    Attempt holding = writing(pool, holder::run);
    List<Attempt> queued =
        IntStream.range(0, 3).mapToObj(i -> writing(pool, l -> l.update(INSERT, "no"))).toList();
    try (Canceller canceller = Canceller.by(way)) {
      List<Attempt> all = new ArrayList<>(done);
      all.add(holding);
      all.addAll(queued);
      try (WriteLease lease = pool.acquireWriter()) {
        for (Attempt attempt : all) {
          int waiting = pool.stats().writer().waiting();
          canceller.start(attempt);
          Await.until("it waits", () -> pool.stats().writer().waiting() == waiting + 1);
        }
        lease.rollback();
      }
      gate().awaitReached();
      assertEquals(4, pool.stats().commits().waiting());

      canceller.cancel();

      queued.forEach(attempt -> Expect.interrupted(attempt.failure(SQLException.class)));
      gate().open();
      done.forEach(Attempt::assertDone);
      if (holder == Holder.WRITES) {
        holding.assertDone();
      } else {
        Expect.interrupted(holding.failure(SQLException.class));
      }
      all.forEach(Attempt::assertWentOn);
    }
    List<@Nullable Object> kept = new ArrayList<>(List.of(0L, 1L, 2L, 3L));
    if (holder == Holder.WRITES) {
      kept.add("holder");
    }
    assertEquals(kept, values(pool));
    assertBig(pool, holder == Holder.WRITES ? ROWS : 0);
  }

  private static Attempt writing(SqlitePool pool, Unit.Act act) {
    return new Attempt(
        () ->
            pool.write(
                lease -> {
                  act.run(lease);
                  return 0;
                }),
        () -> pool.read(lease -> count(lease)));
  }
}
