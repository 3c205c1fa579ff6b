package dev.heddle.pool.internal.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.heddle.pool.internal.events.PoolEvents;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConnection;

/** What SQLite tells of the columns of a statement. */
class DescribedColumnsTest {

  private static final Object[] NOTHING = {};

  @TempDir private Path folder;
  private Session session;

  @BeforeEach
  void open() throws SQLException {
    SQLiteConnection connection =
        (SQLiteConnection) DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("a.db"));
    session =
        new Session(
            connection,
            Role.WRITER,
            true,
            10,
            Duration.ZERO,
            Duration.ZERO,
            new SessionCounts(),
            new SlowLog("test", 0, false, new PoolEvents("test")),
            null,
            new WatchedFile("test", folder.resolve("a.db")));
    run("CREATE TABLE t(id INTEGER PRIMARY KEY, price DECIMAL(10, 2), untyped)");
  }

  @AfterEach
  void close() {
    session.close();
  }

  private void run(String sql) throws SQLException {
    try (Prepared prepared = session.open(session.text(sql))) {
      prepared.run(NOTHING);
    }
  }

  private Columns columns(String sql) throws SQLException {
    try (Prepared prepared = session.open(session.text(sql))) {
      prepared.execute(NOTHING);
      return prepared.describedColumns();
    }
  }

  private static List<Columns.Declared> declared(Columns columns) {
    return IntStream.range(0, columns.size()).mapToObj(columns::declared).toList();
  }

  @Test
  void columns_ofATableAndOfAnExpression_haveWhatTheSchemaSays() throws SQLException {
    Columns columns = columns("SELECT id, price AS p, untyped, price + 1 FROM t AS other");
    assertEquals(List.of("id", "p", "untyped", "price + 1"), columns.names());
    assertEquals(
        List.of(
            new Columns.Declared("INTEGER", "t"),
            new Columns.Declared("DECIMAL(10, 2)", "t"),
            new Columns.Declared(null, "t"),
            Columns.Declared.NOTHING),
        declared(columns));
  }

  @Test
  void columns_ofAKeptStatement_areDescribedOnce() throws SQLException {
    String sql = "SELECT id FROM t";
    assertSame(columns(sql), columns(sql));
  }

  @Test
  void columns_ofAStar_followTheSchema() throws SQLException {
    String sql = "SELECT * FROM t";
    Columns before = columns(sql);
    assertSame(before, columns(sql));
    run("ALTER TABLE t ADD COLUMN added DATE");
    Columns after = columns(sql);
    assertNotSame(before, after);
    assertEquals(new Columns.Declared("DATE", "t"), after.declared(after.first("added")));
  }

  @Test
  void columns_nobodyHasDescribed_sayNothing() {
    Columns columns = new Columns(List.of("a"));
    assertEquals(List.of(Columns.Declared.NOTHING), declared(columns));
  }
}
