package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.Row;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.math.BigDecimal;
import java.sql.BatchUpdateException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A batch may insert many rows with one statement. Nobody must be able to tell: each table here is
 * filled from a collection, whose rows may go together, and from something else, whose rows go one
 * by one, and everything that a program can see has to be the same.
 */
class BatchOfManyRowsTest extends PoolFixture {

  /** Rows begin to go together after some hundreds. */
  private static final int ROWS = 1_500;

  /** Which row is special, in one where they go together. */
  private static final int SPECIAL = 1_203;

  private static final Random RANDOM = new Random(7);

  /** Gives the values of a row, by its index. */
  @FunctionalInterface
  interface Values {
    @Nullable Object @Nullable [] of(int index);
  }

  record Kind(String name, String schema, String insert, Values values) {

    @SuppressWarnings("NullAway") // one of them is null, as it should not be
    List<@Nullable Object[]> rows() {
      List<@Nullable Object[]> rows = new ArrayList<>();
      for (int i = 0; i < ROWS; i++) {
        rows.add(values.of(i));
      }
      return rows;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static @Nullable Object[] row(@Nullable Object... values) {
    return values;
  }

  /** One row is unlike the others. */
  private static Values but(Values most, @Nullable Object @Nullable [] special) {
    return i -> i == SPECIAL ? special : most.of(i);
  }

  private static @Nullable Object anything() {
    return switch (RANDOM.nextInt(9)) {
      case 0 -> null;
      case 1 -> RANDOM.nextLong();
      case 2 -> RANDOM.nextDouble();
      case 3 -> "" + RANDOM.nextInt();
      case 4 -> RANDOM.nextInt() + ".50";
      case 5 -> "ä€😀 " + RANDOM.nextInt();
      case 6 -> new byte[RANDOM.nextInt(9)];
      case 7 -> (double) RANDOM.nextInt();
      default -> "";
    };
  }

  private static final String TYPED =
      "CREATE TABLE x(id INTEGER PRIMARY KEY, i INTEGER, r REAL, s TEXT, n NUMERIC, b BLOB, any)";

  static List<Kind> tables() {
    Values one = i -> row(i);
    Values two = i -> row(i, "value " + i);
    List<Kind> kinds = new ArrayList<>();
    kinds.addAll(plainTables(one, two));
    kinds.addAll(failingRows(one, two));
    kinds.addAll(conflicts(two));
    kinds.addAll(tablesWithMore(one, two));
    kinds.addAll(foreignKeys());
    return kinds;
  }

  private static List<Kind> plainTables(Values one, Values two) {
    return List.of(
        new Kind(
            "affinities",
            TYPED,
            "INSERT INTO x(i, r, s, n, b, any) VALUES (?, ?, ?, ?, ?, ?)",
            i -> row(anything(), anything(), anything(), anything(), anything(), anything())),
        new Kind(
            "literals",
            TYPED,
            "INSERT INTO x(i, r, s, n, b, any) VALUES ('1', -2, +3, x'34', null, ?) ; -- that's it",
            i -> row(anything())),
        new Kind(
            "values that are converted",
            "CREATE TABLE x(a TEXT, b, c, d)",
            "INSERT INTO x VALUES (?, ?, ?, ?)",
            i -> row(Instant.ofEpochMilli(i), new BigDecimal(i), TimeUnit.DAYS, i % 2 == 0)),
        new Kind("ids", TYPED, "INSERT INTO x(id, s) VALUES (?, ?)", two),
        new Kind("ids going down", TYPED, "INSERT INTO x(s, id) VALUES (?, ?)", i -> row(i, -i)),
        new Kind(
            "ids anywhere", TYPED, "INSERT INTO x(id) VALUES (?)", i -> row(RANDOM.nextLong())),
        new Kind(
            "ids or none",
            TYPED,
            "INSERT INTO x(id) VALUES (?)",
            i -> row(i % 7 == 0 ? null : 2 * i)),
        new Kind("ids as texts", TYPED, "INSERT INTO x(id) VALUES (?)", i -> row("" + i)),
        new Kind(
            "the last id there is",
            TYPED + "; INSERT INTO x(id) VALUES (9223372036854774600)",
            "INSERT INTO x(id, s) VALUES (?, ?)",
            i -> row(Long.MAX_VALUE - ROWS + i + 1, "v")),
        new Kind(
            "AUTOINCREMENT",
            "CREATE TABLE x(id INTEGER PRIMARY KEY AUTOINCREMENT, a); INSERT INTO x VALUES (99, 0)",
            "INSERT INTO x(a) VALUES (?)",
            one),
        new Kind(
            "AUTOINCREMENT, one id given",
            "CREATE TABLE x(id INTEGER PRIMARY KEY AUTOINCREMENT, a)",
            "INSERT INTO x VALUES (?, 0)",
            but(i -> row((Object) null), row(77_000))),
        new Kind(
            "generated columns",
            "CREATE TABLE x(a INT, b INT AS (a + 1) STORED, c AS (b * 2))",
            "INSERT INTO x VALUES (?)",
            one),
        new Kind(
            "large values",
            "CREATE TABLE x(a)",
            "INSERT INTO x VALUES (?)",
            i -> row(i > SPECIAL && i < SPECIAL + 9 ? "x".repeat(70_000 + i) : "small")));
  }

  private static List<Kind> failingRows(Values one, Values two) {
    String strict = "CREATE TABLE x(a INTEGER NOT NULL CHECK (a < 10000), b TEXT) STRICT";
    String insert = "INSERT INTO x VALUES (?, ?)";
    return List.of(
        new Kind("NOT NULL", strict, insert, but(two, row(null, "b"))),
        new Kind("CHECK", strict, insert, but(two, row(10_000, "b"))),
        new Kind("STRICT", strict, insert, but(two, row("no number", "b"))),
        new Kind(
            "STRICT, nothing else",
            "CREATE TABLE x(a INT) STRICT",
            "INSERT INTO x VALUES (?)",
            but(one, row("no number"))),
        new Kind("an id twice", TYPED, "INSERT INTO x(id) VALUES (?)", but(one, row(SPECIAL - 1))),
        new Kind(
            "an id that exists",
            TYPED + "; INSERT INTO x(id) VALUES (%d)".formatted(SPECIAL),
            "INSERT INTO x(id) VALUES (?)",
            one),
        new Kind("an id that is none", TYPED, "INSERT INTO x(id) VALUES (?)", but(one, row("x"))),
        new Kind(
            "an id that is none, and no conflict",
            "CREATE TABLE x(a)",
            "INSERT INTO x(a, rowid) VALUES (?, ?)",
            but(i -> row(i, i), row(0, 0.5))),
        new Kind("too few values", strict, insert, but(two, row(1))),
        new Kind("too many values", strict, insert, but(two, row(1, "b", "c"))),
        new Kind("no values", strict, insert, but(two, null)),
        new Kind("NaN", strict, insert, but(two, row(Double.NaN, "b"))),
        new Kind("a type that can't be bound", strict, insert, but(two, row(new Object(), "b"))),
        new Kind(
            "a value too long for SQLite",
            "CREATE TABLE x(a, b)",
            "INSERT INTO x VALUES (?, zeroblob(?))",
            but(two, row(1, 2_000_000_000))));
  }

  private static List<Kind> conflicts(Values two) {
    List<Kind> kinds = new ArrayList<>();
    Values twice = but(two, row(SPECIAL - 1, "again"));
    String key = "CREATE TABLE x(id INTEGER PRIMARY KEY, a)";
    for (String or : List.of("OR ABORT", "OR IGNORE", "OR REPLACE", "OR FAIL", "OR ROLLBACK")) {
      kinds.add(new Kind("INSERT " + or, key, "INSERT " + or + " INTO x VALUES (?, ?)", twice));
    }
    kinds.add(new Kind("REPLACE", key, "REPLACE INTO x VALUES (?, ?)", twice));
    String upsert = "INSERT INTO x VALUES (?, ?) ON CONFLICT DO UPDATE SET a = a || excluded.a";
    kinds.add(new Kind("upsert", key, upsert, twice));
    for (String on : List.of("ABORT", "IGNORE", "REPLACE", "FAIL", "ROLLBACK")) {
      String schema = "CREATE TABLE x(id INTEGER PRIMARY KEY ON CONFLICT " + on + ", a)";
      kinds.add(new Kind("ON CONFLICT " + on, schema, "INSERT INTO x VALUES (?, ?)", twice));
      String notNull = "CREATE TABLE x(a NOT NULL ON CONFLICT " + on + " DEFAULT 5, b)";
      kinds.add(
          new Kind(
              "NOT NULL ON CONFLICT " + on,
              notNull,
              "INSERT INTO x VALUES (?, ?)",
              but(two, row(null, "b"))));
    }
    return kinds;
  }

  private static List<Kind> tablesWithMore(Values one, Values two) {
    String log = "CREATE TABLE x(a, b); CREATE TABLE log(a, n); ";
    String insert = "INSERT INTO x VALUES (?, ?)";
    Values twice = but(two, row(SPECIAL - 1, "again"));
    return List.of(
        new Kind("index", "CREATE TABLE x(a, b); CREATE INDEX i ON x(b, a)", insert, two),
        new Kind("UNIQUE", "CREATE TABLE x(a UNIQUE, b)", insert, twice),
        new Kind("WITHOUT ROWID", "CREATE TABLE x(a PRIMARY KEY, b) WITHOUT ROWID", insert, twice),
        new Kind(
            "functions of the connection",
            "CREATE TABLE x(a, b DEFAULT (last_insert_rowid()), c DEFAULT (total_changes()))",
            "INSERT INTO x(a) VALUES (?)",
            one),
        new Kind(
            "function in a CHECK",
            "CREATE TABLE x(a, b CHECK (length(b) < 99))",
            insert,
            but(two, row(1, "x".repeat(100)))),
        new Kind(
            "AFTER trigger",
            log
                + "CREATE TRIGGER tr AFTER INSERT ON x BEGIN INSERT INTO log SELECT new.a, count(*)"
                + " FROM x; END",
            insert,
            two),
        new Kind(
            "BEFORE trigger",
            log
                + "CREATE TRIGGER tr BEFORE INSERT ON x BEGIN INSERT INTO log SELECT new.a,"
                + " count(*) FROM x; END",
            insert,
            two),
        new Kind("RAISE(ABORT)", log + raising("ABORT"), insert, two),
        new Kind("RAISE(FAIL)", log + raising("FAIL"), insert, two),
        new Kind("RAISE(ROLLBACK)", log + raising("ROLLBACK"), insert, two),
        new Kind("RAISE(IGNORE)", log + raising("IGNORE"), insert, two),
        new Kind(
            "view",
            log
                + "CREATE VIEW v AS SELECT a FROM x; CREATE TRIGGER tr INSTEAD OF INSERT ON v BEGIN"
                + " INSERT INTO x VALUES (new.a, 0); INSERT INTO log SELECT new.a, count(*) FROM x;"
                + " END",
            "INSERT INTO v VALUES (?)",
            one),
        new Kind("FTS5", "CREATE VIRTUAL TABLE x USING fts5(a, b)", insert, two));
  }

  private static String raising(String what) {
    String raise = what.equals("IGNORE") ? "RAISE(IGNORE)" : "RAISE(" + what + ", 'raised')";
    return "CREATE TRIGGER tr AFTER INSERT ON x WHEN new.a = %d BEGIN SELECT %s; END"
        .formatted(SPECIAL, raise);
  }

  private static List<Kind> foreignKeys() {
    String parents =
        """
        CREATE TABLE p(id INTEGER PRIMARY KEY);
        WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 20)
          INSERT INTO p SELECT i FROM n;
        """;
    String child = parents + "CREATE TABLE x(id INTEGER PRIMARY KEY, p INTEGER REFERENCES p";
    String insert = "INSERT INTO x(p) VALUES (?)";
    Values children = i -> row(i % 20);
    String tree = "CREATE TABLE x(id INTEGER PRIMARY KEY, up INTEGER REFERENCES x";
    String leaf = "INSERT INTO x VALUES (?, ?)";
    return List.of(
        new Kind("child", child + ")", insert, children),
        new Kind("child without parent", child + ")", insert, but(children, row(4711))),
        new Kind(
            "child without parent, deferred",
            child + " DEFERRABLE INITIALLY DEFERRED)",
            insert,
            but(children, row(4711))),
        new Kind(
            "parent",
            "CREATE TABLE x(id INTEGER PRIMARY KEY); CREATE TABLE y(x REFERENCES x)",
            "INSERT INTO x VALUES (?)",
            i -> row(i)),
        new Kind("tree, parents first", tree + ")", leaf, i -> row(i, i / 2)),
        new Kind(
            "tree, one child first",
            tree + ")",
            leaf,
            but(i -> row(i, i / 2), row(SPECIAL, SPECIAL + 1))),
        new Kind(
            "tree, one child first, deferred",
            tree + " DEFERRABLE INITIALLY DEFERRED)",
            leaf,
            but(i -> row(i, i / 2), row(SPECIAL, SPECIAL + 1))));
  }

  /** Everything that a program can see of a batch. */
  private record Outcome(String result, List<String> within, String commit, List<String> after) {}

  @ParameterizedTest
  @MethodSource("tables")
  void batch_ofCollection_isAsRowByRow(Kind kind) throws SQLException {
    List<@Nullable Object[]> rows = kind.rows();
    try (SqlitePool one = pool("one.db");
        SqlitePool many = pool("many.db")) {
      Outcome expected = outcome(one, kind, lease -> lease.batch(kind.insert(), lazily(rows)));
      Outcome actual = outcome(many, kind, lease -> lease.batch(kind.insert(), rows));
      assertEquals(expected, actual);
    }
  }

  @ParameterizedTest
  @MethodSource("tables")
  void executeBatch_isAsRowByRow(Kind kind) throws SQLException {
    List<@Nullable Object[]> rows = bindable(kind.rows());
    try (SqlitePool one = pool("one.db");
        SqlitePool many = pool("many.db")) {
      List<Long> expectedCounts = new ArrayList<>();
      Outcome expected =
          outcome(one, kind, lease -> executeEach(lease, kind.insert(), rows, expectedCounts));
      List<Long> counts = new ArrayList<>();
      Outcome actual =
          outcome(many, kind, lease -> executeBatch(lease, kind.insert(), rows, counts));
      assertEquals(expected, actual);
      assertEquals(expectedCounts, counts);
    }
  }

  /** The rows as something that may not have them yet. */
  private static Iterable<@Nullable Object[]> lazily(List<@Nullable Object[]> rows) {
    return () -> rows.iterator();
  }

  /** Those that a JDBC statement can be given at all. */
  private static List<@Nullable Object[]> bindable(List<@Nullable Object[]> rows) {
    int width = rows.getFirst().length;
    return rows.stream().filter(row -> isBindable(row, width)).toList();
  }

  private static boolean isBindable(@Nullable Object @Nullable [] row, int width) {
    return row != null
        && row.length == width
        && Arrays.stream(row)
            .noneMatch(v -> v != null && (v.equals(Double.NaN) || v.getClass() == Object.class));
  }

  private static long executeEach(
      WriteLease lease, String sql, List<@Nullable Object[]> rows, List<Long> counts)
      throws SQLException {
    try (PreparedStatement statement = lease.connection().prepareStatement(sql)) {
      for (@Nullable Object[] row : rows) {
        bind(statement, row);
        counts.add(statement.executeLargeUpdate());
      }
    }
    return counts.size();
  }

  private static long executeBatch(
      WriteLease lease, String sql, List<@Nullable Object[]> rows, List<Long> counts)
      throws SQLException {
    try (PreparedStatement statement = lease.connection().prepareStatement(sql)) {
      for (@Nullable Object[] row : rows) {
        bind(statement, row);
        statement.addBatch();
      }
      Arrays.stream(statement.executeLargeBatch()).forEach(counts::add);
    } catch (BatchUpdateException e) {
      Arrays.stream(e.getLargeUpdateCounts()).forEach(counts::add);
      Expect.mentions(e, "Statement " + (counts.size() + 1) + " of the batch");
      throw e.getNextException();
    }
    return counts.size();
  }

  private static void bind(PreparedStatement statement, @Nullable Object[] row)
      throws SQLException {
    for (int i = 0; i < row.length; i++) {
      statement.setObject(i + 1, row[i]);
    }
  }

  @FunctionalInterface
  private interface Batch {
    long run(WriteLease lease) throws SQLException;
  }

  private SqlitePool pool(String name) throws SQLException {
    return SqlitePool.open(PoolConfig.builder(folder.resolve(name)).readers(1).build());
  }

  private static Outcome outcome(SqlitePool pool, Kind kind, Batch batch) throws SQLException {
    pool.useWriter(lease -> lease.script(kind.schema()));
    WriteLease lease = pool.acquireWriter();
    try (lease) {
      String result = told(() -> "" + batch.run(lease));
      List<String> within = new ArrayList<>();
      within.add(told(() -> "" + seen(lease)));
      within.add(
          told(
              () ->
                  ""
                      + lease.query(
                          "SELECT changes(), total_changes(), last_insert_rowid()", Row::toMap)));
      String commit =
          told(
              () -> {
                lease.commit();
                return "committed";
              });
      try (ReadLease reader = pool.acquireReader()) {
        return new Outcome(result, within, commit, seen(reader));
      }
    }
  }

  @FunctionalInterface
  private interface Telling {
    String tell() throws SQLException;
  }

  private static String told(Telling telling) {
    try {
      return telling.tell();
    } catch (SQLException e) {
      return e.getClass().getName()
          + ' '
          + e.getSQLState()
          + ' '
          + e.getErrorCode()
          + ' '
          + e.getMessage();
    } catch (NullPointerException e) {
      return e.toString();
    }
  }

  /** Every row of every table, with the types of the values. */
  private static List<String> seen(ReadLease lease) throws SQLException {
    List<String> rows = new ArrayList<>();
    for (String table :
        lease.query(
            "SELECT name FROM pragma_table_list WHERE type IN ('table', 'virtual')"
                + " AND name NOT IN ('sqlite_schema', 'sqlite_temp_schema') ORDER BY name",
            row -> String.valueOf(row.getString(1)))) {
      String rowid =
          lease
                  .query(
                      "SELECT wr FROM pragma_table_list WHERE name = ?",
                      row -> row.getLong(1),
                      table)
                  .contains(1L)
              ? ""
              : "rowid, ";
      lease.forEach(
          "SELECT " + rowid + "* FROM \"" + table + '"', row -> rows.add(table + text(row)));
    }
    return rows;
  }

  private static String text(Row row) {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= row.columns().size(); i++) {
      Object value = row.get(i, Object.class);
      text.append(' ').append(value == null ? "" : value.getClass().getSimpleName() + ':');
      text.append(value instanceof byte[] bytes ? Arrays.toString(bytes) : value);
    }
    return text.toString();
  }

  // What else may happen meanwhile

  private static List<@Nullable Object[]> numbers(int rows) {
    return IntStream.range(0, rows).<@Nullable Object[]>mapToObj(i -> row(i)).toList();
  }

  private static final String INSERT = "INSERT INTO t(v) VALUES (?)";

  @Test
  void batch_triggerWasCreatedSinceTheLast_runsForEachRow() throws SQLException {
    SqlitePool pool = open();
    try (WriteLease lease = pool.acquireWriter()) {
      lease.batch(INSERT, numbers(ROWS));
      lease.script(
          """
          CREATE TABLE log(n);
          CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO log SELECT count(*) FROM t; END;
          """);

      lease.batch(INSERT, numbers(ROWS));

      List<Long> expected = LongStream.rangeClosed(ROWS + 1, 2 * ROWS).boxed().toList();
      assertEquals(expected, lease.query("SELECT n FROM log ORDER BY n", row -> row.getLong(1)));
    }
  }

  @Test
  void batch_tableWasMadeAnewSinceTheLast_isAsTheNewOneWantsIt() throws SQLException {
    SqlitePool pool = open();
    try (WriteLease lease = pool.acquireWriter()) {
      lease.batch(INSERT, numbers(ROWS));
      lease.script("DROP TABLE t; CREATE TABLE t(id INTEGER PRIMARY KEY, v UNIQUE)");

      SQLException failure =
          assertThrows(
              SQLException.class,
              () ->
                  lease.batch(INSERT, numbers(ROWS).stream().map(r -> modulo(r, 1_400)).toList()));

      Expect.mentions(failure, "row 1401 of the batch");
      assertEquals(1_400, count(lease));
    }
  }

  private static @Nullable Object[] modulo(@Nullable Object[] row, int by) {
    return row((Integer) Objects.requireNonNull(row[0]) % by);
  }

  @Test
  void batch_otherWriteIsInItsMiddle_isDone() throws SQLException {
    SqlitePool pool = open();
    try (WriteLease lease = pool.acquireWriter()) {
      lease.forEach(
          "INSERT INTO t(v) VALUES ('a'), ('b') RETURNING id",
          row -> assertEquals(ROWS, lease.batch(INSERT, numbers(ROWS))));
      assertEquals(2 * ROWS + 2, count(lease));
    }
  }

  @Test
  void batch_readIsInItsMiddle_isDoneAndTheReadGoesOn() throws SQLException {
    SqlitePool pool = open();
    try (WriteLease lease = pool.acquireWriter()) {
      lease.script("CREATE TABLE other(v); INSERT INTO other VALUES (1), (2)");
      List<Long> read = new ArrayList<>();
      lease.forEach(
          "SELECT v FROM other ORDER BY v",
          row -> {
            assertThrows(SQLException.class, () -> lease.batch(INSERT, withOneTooLong()));
            read.add(row.getLong(1));
          });
      assertEquals(List.of(1L, 2L), read);
      assertEquals(2 * SPECIAL, count(lease));
    }
  }

  private static List<@Nullable Object[]> withOneTooLong() {
    List<@Nullable Object[]> rows = new ArrayList<>(numbers(ROWS));
    rows.set(SPECIAL, row(1, 2));
    return rows;
  }

  @ParameterizedTest
  @ValueSource(strings = {"v", "v CHECK (v >= 0)"})
  void batch_databaseBecomesFull_losesTheTransactionAndSaysWhere(String column)
      throws SQLException {
    SqlitePool pool = open(config -> config.writerPragma("max_page_count", "20"));
    pool.useWriter(lease -> lease.script("CREATE TABLE full(" + column + ", w)"));
    String filler = "x".repeat(50);
    try (WriteLease lease = pool.acquireWriter()) {
      SQLException failure =
          assertThrows(
              SQLException.class,
              () ->
                  lease.batch("INSERT INTO full VALUES (?, '" + filler + "')", numbers(10 * ROWS)));
      Expect.mentions(failure, "full", "row", "of the batch");
      Expect.lost(lease::commit);
    }
    try (ReadLease lease = pool.acquireReader()) {
      assertEquals(List.of(), lease.query("SELECT v FROM full"));
    }
  }

  @Test
  void batch_ofSeveralThousands_keepsNoOtherStatementFromTheCache() throws SQLException {
    SqlitePool pool = open(config -> config.statementCache(2));
    try (WriteLease lease = pool.acquireWriter()) {
      lease.batch(INSERT, numbers(ROWS));
      lease.query("SELECT v FROM t WHERE id = 1");
      lease.batch(INSERT, numbers(ROWS));
      long misses = pool.stats().statementCacheMisses();
      lease.query("SELECT v FROM t WHERE id = 1");
      lease.batch(INSERT, numbers(ROWS));
      assertEquals(misses, pool.stats().statementCacheMisses());
    }
  }
}
