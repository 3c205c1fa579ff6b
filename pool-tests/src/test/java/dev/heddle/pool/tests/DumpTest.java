package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What dump() shows, and what of it is in the message of who waited in vain. */
class DumpTest extends PoolFixture {

  private static final LeaseOptions NIGHTLY = LeaseOptions.DEFAULTS.withLabel("nightly");
  private static final String QUERY = "SELECT gate(), ?";

  private Background<?> holdInQuery(SqlitePool pool) {
    Background<?> holder =
        start("holder", () -> pool.write(NIGHTLY, lease -> lease.query(QUERY, "secret")));
    gate().awaitReached();
    return holder;
  }

  private static List<String> lines(String dump, String part) {
    return dump.lines().filter(line -> line.contains(part)).toList();
  }

  private static void assertMatches(String regex, String text) {
    assertTrue(Pattern.compile(regex).matcher(text).find(), () -> regex + " is not in: " + text);
  }

  @Test
  void dump_nobodyHolds_showsEachConnectionAsIdle() throws SQLException {
    SqlitePool pool = open(config -> config.name("orders"));
    String dump = pool.dump();
    assertTrue(dump.startsWith("pool 'orders'\n"), dump);
    assertEquals(
        List.of("    writer 1: idle", "    reader 1: idle", "    reader 2: idle"),
        lines(dump, ": idle"));
    assertEquals(1, lines(dump, "WAL: ").size(), dump);
    assertEquals(1, lines(dump, "group.max-age=5ms (default)").size(), dump);
  }

  @Test
  void dump_holderIsInAQuery_showsItsSqlItsAgeAndNoValues() throws SQLException {
    SqlitePool pool = open();
    Background<?> holder = holdInQuery(pool);

    String dump = pool.dump();

    assertMatches(
        "writer 1: held by virtual thread #%d \"holder\" 'nightly' for \\S+ \\S+ \\(running for \\S+ \\S+: %s\\)"
            .formatted(holder.thread().threadId(), Pattern.quote(QUERY)),
        dump);
    assertFalse(dump.contains("secret"), dump);
    gate().open();
    holder.result();
    assertFalse(pool.dump().contains(QUERY));
  }

  @Test
  void dump_holderDoesSomethingElse_showsNoSql() throws SQLException {
    SqlitePool pool = open();
    try (ReadLease lease = pool.acquireReader(NIGHTLY)) {
      assertEquals(0, count(lease));
      String line = lines(pool.dump(), "'nightly'").getFirst();
      assertTrue(line.contains("reader "), line);
      assertFalse(line.contains("running"), line);
    }
  }

  @Test
  void dump_manyWait_listsThemInTheirOrder() throws SQLException {
    SqlitePool pool = open();
    List<Background<?>> waiters = new ArrayList<>();
    try (WriteLease lease = pool.acquireWriter()) {
      for (int i = 1; i <= 105; i++) {
        int number = i;
        LeaseOptions label = LeaseOptions.DEFAULTS.withLabel("unit " + i);
        waiters.add(
            start(
                "waiter " + i,
                () -> pool.write(label, l -> l.insert("INSERT INTO t(v) VALUES (?)", number))));
        Await.until("it waits", () -> pool.stats().writer().waiting() == number);
      }

      List<String> lines = lines(pool.dump(), "waiting ");

      assertEquals(
          IntStream.rangeClosed(1, 100)
              .mapToObj(i -> "\"waiter " + i + "\" for 'unit " + i + "', for ")
              .collect(Collectors.joining("\n")),
          lines.stream()
              .filter(line -> line.contains("virtual thread"))
              .map(line -> line.replaceAll("^ *waiting \\d+: virtual thread #\\d+ ", ""))
              .map(line -> line.replaceAll(", for .*", ", for "))
              .collect(Collectors.joining("\n")));
      assertTrue(pool.dump().contains("    and 5 more\n"), pool::dump);
      lease.rollback();
    }
    waiters.forEach(Background::result);
    assertEquals(List.of(), lines(pool.dump(), "waiting 1"));
  }

  @Test
  void dump_whileEverythingMoves_neverFails() throws SQLException {
    SqlitePool pool = open();
    List<Background<Integer>> busy = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      busy.add(
          start(
              "busy " + i,
              () -> {
                for (int n = 0; n < 200; n++) {
                  insert(pool, n);
                  pool.useReader(PoolFixture::count);
                }
                return 200;
              }));
    }
    int dumps = 0;
    while (busy.stream().anyMatch(one -> !one.isDone())) {
      String dump = pool.dump();
      assertEquals(3, lines(dump, "er 1: ").size() + lines(dump, "er 2: ").size(), dump);
      dumps++;
    }
    assertTrue(dumps > 0);
    busy.forEach(Background::result);
  }

  @Test
  void acquire_timesOut_saysWhatTheHolderRuns() throws SQLException {
    SqlitePool pool = open();
    Background<?> holder = holdInQuery(pool);

    SQLException failure =
        start("late", () -> pool.acquireWriter(NIGHTLY.withWaitAtMost(Duration.ofMillis(20))))
            .failure(SQLException.class);

    Expect.mentions(
        failure, "held by virtual thread #", "\"holder\"", "'nightly'", "running for", QUERY);
    assertFalse(String.valueOf(failure.getMessage()).contains("secret"));
    gate().open();
    holder.result();
  }

  @Test
  void stats_holderAndWaiter_tellHowLong() throws SQLException {
    SqlitePool pool = open();
    assertEquals(Duration.ZERO, pool.stats().writer().longestHeld());
    assertEquals(Duration.ZERO, pool.stats().writer().longestWaiting());
    Background<?> waiter;
    try (WriteLease lease = pool.acquireWriter()) {
      waiter = start("waiter", () -> insert(pool, 1));
      Await.until("it waits", () -> pool.stats().writer().waiting() == 1);
      var writer = pool.stats().writer();
      assertTrue(writer.longestWaiting().isPositive(), writer::toString);
      assertTrue(writer.longestHeld().compareTo(writer.longestWaiting()) > 0, writer::toString);
      lease.rollback();
    }
    waiter.result();
  }

  @Test
  void stats_anotherProgramHasTheFile_countRetries() throws Exception {
    SqlitePool pool = open();
    assertEquals(0, pool.stats().busyRetries());
    try (var other = DriverManager.getConnection("jdbc:sqlite:" + file());
        var statement = other.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      Background<Long> writer = start("writer", () -> insert(pool, 1));
      Await.until("it is tried again", () -> pool.stats().busyRetries() > 2);
      statement.execute("COMMIT");
      assertEquals(1, writer.result());
    }
  }
}
