package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.sqlite.Function;

/** A caller's code runs on the caller's thread, with all that hangs on that thread. */
class CallerContextTest extends GroupFixture {

  private static final ScopedValue<String> SCOPED = ScopedValue.newInstance();
  private static final ThreadLocal<@Nullable String> LOCAL = new ThreadLocal<>();
  private static final String MDC_KEY = "user";
  private static final String INSERT = "INSERT INTO t(v) VALUES (?)";
  private static final String THREE = "VALUES (1), (2), (3)";

  /** What hangs on a thread. */
  private record Context(
      Thread thread,
      @Nullable String scoped,
      @Nullable String local,
      @Nullable String mdc,
      @Nullable ClassLoader loader) {

    static Context now() {
      Thread thread = Thread.currentThread();
      return new Context(
          thread,
          SCOPED.isBound() ? SCOPED.get() : null,
          LOCAL.get(),
          MDC.get(MDC_KEY),
          thread.getContextClassLoader());
    }
  }

  /** Runs it with all of that set to a name. */
  private static <T extends @Nullable Object> T as(String name, Callable<T> work) throws Exception {
    LOCAL.set(name);
    MDC.put(MDC_KEY, name);
    try {
      return ScopedValue.where(SCOPED, name).call(work::call);
    } finally {
      MDC.remove(MDC_KEY);
      LOCAL.remove();
    }
  }

  /** The contexts that the places of a program were called in. */
  private static final class Seen {
    private final Map<String, List<Context>> contexts = new LinkedHashMap<>();

    void in(String place) {
      contexts.computeIfAbsent(place, any -> new ArrayList<>()).add(Context.now());
    }

    <T> T in(String place, T result) {
      in(place);
      return result;
    }

    void assertAll(Context expected, String... places) {
      assertEquals(List.of(places), List.copyOf(contexts.keySet()), "places that were called");
      contexts.forEach(
          (place, seen) -> seen.forEach(context -> assertEquals(expected, context, place)));
    }
  }

  /** A SQL function context(), which notes the context it is called in. */
  private SqlitePool openWithFunction(ConcurrentLinkedQueue<Context> calls) throws SQLException {
    return openPatient(
        config ->
            config.onConnect(
                connection -> Function.create(connection, "context", new Noting(calls))));
  }

  private static final class Noting extends Function {
    private final ConcurrentLinkedQueue<Context> calls;

    Noting(ConcurrentLinkedQueue<Context> calls) {
      this.calls = calls;
    }

    @Override
    protected void xFunc() throws SQLException {
      calls.add(Context.now());
      result(1);
    }
  }

  private static int readEverywhere(ReadLease lease, Seen seen) throws SQLException {
    lease.query(THREE, row -> seen.in("mapper", row.getLong(1)));
    lease.queryOne("VALUES (1)", row -> seen.in("mapper of one", row.getLong(1)));
    lease.forEach(THREE, row -> seen.in("forEach"));
    try (Statement statement = lease.connection().createStatement();
        ResultSet rows = statement.executeQuery(THREE)) {
      while (rows.next()) {
        seen.in("ResultSet");
      }
    }
    return seen.in("the end", 0);
  }

  private static int writeEverywhere(WriteLease lease, Seen seen) throws SQLException {
    lease.update(INSERT, 0); // a unit that begins with a batch shares no commit
    lease.batch(
        INSERT, List.of(1, 2), item -> seen.in("batch parameters", new @Nullable Object[] {item}));
    Iterable<Integer> items = () -> seen.in("batch items", List.of(3, 4).iterator());
    lease.batch(INSERT, items, item -> new @Nullable Object[] {item});
    lease.nested(part -> seen.in("nested", part.nested(inner -> seen.in("nested twice", 0))));
    try (PreparedStatement statement = lease.connection().prepareStatement(INSERT)) {
      statement.setInt(1, 5);
      seen.in("PreparedStatement", statement.executeUpdate());
    }
    return readEverywhere(lease, seen);
  }

  private static final String[] WRITES = {
    "write",
    "batch parameters",
    "batch items",
    "nested twice",
    "nested",
    "PreparedStatement",
    "mapper",
    "mapper of one",
    "forEach",
    "ResultSet",
    "the end"
  };

  @Test
  void write_allCodeGivenToIt_runsInTheCallersContext() throws SQLException {
    SqlitePool pool = open();
    Seen seen = new Seen();
    Context caller = start("caller", () -> as("caller", () -> write(pool, seen))).result();

    seen.assertAll(require(caller), WRITES);
  }

  private static Context write(SqlitePool pool, Seen seen) throws SQLException {
    pool.write(
        lease -> {
          seen.in("write");
          return writeEverywhere(lease, seen);
        });
    return Context.now();
  }

  private static Context require(@Nullable Context context) {
    assertTrue(context != null && context.scoped() != null, "no context");
    return context;
  }

  @Test
  void read_allCodeGivenToIt_runsInTheCallersContext() throws SQLException {
    SqlitePool pool = open();
    Seen seen = new Seen();
    Context caller =
        start(
                "caller",
                () ->
                    as(
                        "caller",
                        () -> {
                          pool.read(
                              lease -> {
                                seen.in("read");
                                pool.read(same -> seen.in("read inside", 0));
                                return readEverywhere(lease, seen);
                              });
                          return Context.now();
                        }))
            .result();

    seen.assertAll(
        require(caller),
        "read",
        "read inside",
        "mapper",
        "mapper of one",
        "forEach",
        "ResultSet",
        "the end");
  }

  @Test
  void bindings_madeInsideTheWork_holdUntilTheirEndAndNoLonger() throws SQLException {
    SqlitePool pool = open();
    List<@Nullable String> bound = new ArrayList<>();
    start(
            "caller",
            () ->
                as(
                    "outer",
                    () ->
                        pool.write(
                            lease -> {
                              bound.add(SCOPED.get());
                              ScopedValue.where(SCOPED, "inner")
                                  .call(
                                      () ->
                                          pool.write(
                                              part -> {
                                                part.update(INSERT, 1);
                                                return bound.add(SCOPED.get());
                                              }));
                              return bound.add(SCOPED.get());
                            })))
        .result();
    assertEquals(List.of("outer", "inner", "outer"), bound);
  }

  @Test
  void sqlFunction_calledByAStatement_runsInItsCallersContext() throws SQLException {
    ConcurrentLinkedQueue<Context> calls = new ConcurrentLinkedQueue<>();
    SqlitePool pool = openWithFunction(calls);
    Context caller =
        require(
            start(
                    "caller",
                    () ->
                        as(
                            "caller",
                            () -> {
                              pool.read(lease -> lease.query("SELECT context()"));
                              pool.write(
                                  lease -> lease.update("INSERT INTO t(v) VALUES (context())"));
                              try (Connection connection = pool.readerDataSource().getConnection();
                                  Statement statement = connection.createStatement()) {
                                statement.executeQuery("SELECT context() WHERE context()");
                              }
                              return Context.now();
                            }))
                .result());
    assertEquals(List.of(caller, caller, caller, caller), List.copyOf(calls));
  }

  @Test
  void connectionSetup_ofEveryConnection_runsInTheOpenersContext() throws SQLException {
    ConcurrentLinkedQueue<Context> calls = new ConcurrentLinkedQueue<>();
    Context opener =
        require(
            start(
                    "opener",
                    () ->
                        as(
                            "opener",
                            () -> {
                              opened(
                                  SqlitePool.open(
                                      PoolConfig.builder(file())
                                          .readers(2)
                                          .onConnect(connection -> calls.add(Context.now()))
                                          .build()));
                              return Context.now();
                            }))
                .result());
    assertEquals(List.of(opener, opener, opener), List.copyOf(calls));
  }

  // In company

  /** A unit of its own name; what its work sees, and what its thread sees after the commit. */
  private Background<Context> writer(SqlitePool pool, String name, Seen seen) {
    int waiting = pool.stats().writer().waiting();
    Background<Context> writer = start(name, () -> as(name, () -> write(pool, seen)));
    Await.until("it waits", () -> pool.stats().writer().waiting() == waiting + 1);
    return writer;
  }

  @Test
  void write_commitIsSharedAndMadeByAnother_eachRunsInItsOwnContext() throws SQLException {
    ConcurrentLinkedQueue<Context> calls = new ConcurrentLinkedQueue<>();
    SqlitePool pool = openWithFunction(calls);
    pool.useWriter(
        lease ->
            lease.script(
                "CREATE TABLE noted(n);"
                    + "INSERT INTO noted VALUES (0);"
                    + "CREATE TRIGGER noting AFTER INSERT ON t BEGIN"
                    + " UPDATE noted SET n = n + context(); END"));
    Unit first = holder(pool);
    Map<Background<Context>, Seen> writers = new LinkedHashMap<>();
    for (int i = 0; i < 4; i++) {
      Seen seen = new Seen();
      writers.put(writer(pool, "writer-" + i, seen), seen);
    }
    Counts counts = Counts.of(pool);
    first.rollback();
    writers.keySet().forEach(Background::result);

    Iterator<Context> noted = calls.iterator();
    for (Map.Entry<Background<Context>, Seen> writer : writers.entrySet()) {
      Context context = require(writer.getKey().result());
      assertEquals(writer.getKey().thread(), context.thread());
      writer.getValue().assertAll(context, WRITES);
      for (int row = 0; row < 6; row++) {
        assertEquals(context, noted.next(), "the trigger of row " + row);
      }
    }
    assertFalse(noted.hasNext());
    counts.assertSince(pool, 1, 4, 0);
  }

  /** The work of a unit that was rolled back with its group is done again by the same thread. */
  @Test
  void write_runsAgainForAnothersFault_runsInTheSameContext() throws SQLException {
    SqlitePool pool = openPatient();
    insert(pool, "old");
    Seen seen = new Seen();
    AtomicInteger runs = new AtomicInteger();
    Unit first = holder(pool);
    Background<Context> victim =
        start(
            "victim",
            () ->
                as(
                    "victim",
                    () -> {
                      pool.useWriter(
                          lease -> {
                            runs.incrementAndGet();
                            seen.in("write");
                            lease.update(INSERT, "victim");
                          });
                      return Context.now();
                    }));
    Await.until("it waits", () -> pool.stats().writer().waiting() == 1);
    Unit culprit = waiter(pool);
    first.rollback();
    culprit.awaitHolds();
    culprit.insert("culprit").fails("23505", "INSERT OR ROLLBACK INTO t(id) VALUES (1)");
    culprit.close();

    Context context = require(victim.result());

    assertEquals(2, runs.get());
    seen.assertAll(context, "write");
    assertEquals(List.of("old", "victim"), values(pool));
  }
}
