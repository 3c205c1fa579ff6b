package dev.heddle.pool.tests.frameworks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.tests.Await;
import dev.heddle.pool.tests.Background;
import dev.heddle.pool.tests.ChildJvm;
import dev.heddle.pool.tests.Logs;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Flyway at the start of programs, of several at once, and beside programs that run. */
class FlywayTest extends MigrationFixture {

  private static final String TITLES = "SELECT title FROM novel ORDER BY id";

  private static FluentConfiguration flyway(SqlitePool pool, String... folders) {
    return flyway(forMigrations(pool), folders);
  }

  private static FluentConfiguration flyway(DataSource dataSource, String... folders) {
    return Flyway.configure()
        .dataSource(dataSource)
        .locations(Stream.of(folders).map("classpath:flyway/"::concat).toArray(String[]::new));
  }

  /** A migration in Java that stops in the middle, until the test lets it go on. */
  private static final class Stopped implements JavaMigration {
    final CountDownLatch reached = new CountDownLatch(1);
    final CountDownLatch goOn = new CountDownLatch(1);

    @Override
    public MigrationVersion getVersion() {
      return MigrationVersion.fromVersion("3");
    }

    @Override
    public String getDescription() {
      return "more novels";
    }

    @Override
    public @Nullable Integer getChecksum() {
      return null;
    }

    @Override
    public boolean canExecuteInTransaction() {
      return true;
    }

    @Override
    public void migrate(Context context) throws SQLException {
      insertNovel(context, "Mansfield Park");
      reached.countDown();
      Await.latch("the migration may go on", goOn);
      insertNovel(context, "Sanditon");
    }

    private static void insertNovel(Context context, String title) throws SQLException {
      try (Statement statement = context.getConnection().createStatement()) {
        statement.executeUpdate("INSERT INTO novel(author_id, title) VALUES (1, '" + title + "')");
      }
    }

    Stopped untilTheEnd() {
      goOn.countDown();
      return this;
    }
  }

  private static List<String> applied(SqlitePool pool) throws SQLException {
    return strings(pool, "SELECT version FROM flyway_schema_history ORDER BY installed_rank");
  }

  @Test
  void migrate_transactionsThatOnlyRead_areNobodysToMark() throws SQLException {
    SqlitePool pool = openEmpty();
    try (Logs logs = Logs.capture()) {
      flyway(pool, "library").load().migrate();
      flyway(pool, "library").load().validate();
      assertEquals(List.of(), logs.warnings("wrote nothing"));
    }
  }

  @Test
  void migrate_ofFilesAndClasses_appliesEachOnce() throws SQLException {
    SqlitePool pool = openEmpty();
    DataSource dataSource = forMigrations(pool);
    // page: migrate
    Flyway flyway =
        Flyway.configure().dataSource(dataSource).locations("classpath:flyway/library").load();
    flyway.migrate();
    // page end
    int second =
        flyway(pool, "library")
            .javaMigrations(new Stopped().untilTheEnd())
            .load()
            .migrate()
            .migrationsExecuted;

    assertEquals(1, second);
    assertEquals(List.of("1", "2", "3"), applied(pool));
    assertEquals(
        List.of("Emma", "Persuasion", "Ulysses", "Mansfield Park", "Sanditon"),
        strings(pool, TITLES));
    assertEquals(List.of("4", "1"), novelsOfEach(pool));
  }

  @Test
  void migrate_whileAnotherPoolOpens_isSeenByItWhenItIsCommitted() throws SQLException {
    SqlitePool migrating = openEmpty();
    Stopped stopped = new Stopped();
    Flyway flyway = flyway(migrating, "library").javaMigrations(stopped).load();
    Background<?> migration = start("migrating", flyway::migrate);
    Await.latch("the migration is in the middle", stopped.reached);

    SqlitePool reading = openEmpty();
    assertEquals(List.of("Emma", "Persuasion", "Ulysses"), strings(reading, TITLES));
    assertEquals(List.of("Emma", "Persuasion", "Ulysses"), strings(migrating, TITLES));

    stopped.goOn.countDown();
    migration.result();
    assertEquals(5, strings(reading, TITLES).size());
  }

  @Test
  void migrate_fromTwoPoolsAtOnce_appliesEachMigrationOnce() throws SQLException {
    SqlitePool first = openEmpty();
    SqlitePool second = openEmpty();
    Stopped stopped = new Stopped();
    Flyway flyway = flyway(first, "library").javaMigrations(stopped).load();
    Background<Integer> one = start("first", () -> flyway.migrate().migrationsExecuted);
    Await.latch("the first is in the middle", stopped.reached);

    Background<Integer> two =
        start(
            "second",
            () ->
                flyway(second, "library")
                    .javaMigrations(new Stopped().untilTheEnd())
                    .load()
                    .migrate()
                    .migrationsExecuted);
    Await.until("the second waits for the file", () -> second.stats().writer().held() == 1);
    stopped.goOn.countDown();

    assertEquals(3, one.result());
    assertEquals(0, two.result());
    assertEquals(List.of("1", "2", "3"), applied(second));
    assertEquals(5, strings(second, TITLES).size());
  }

  @Test
  void migrate_fromTwoThreadsOfOnePool_waitsWithoutTheWriterAndAppliesEachOnce()
      throws SQLException {
    SqlitePool pool = openEmpty();
    Stopped stopped = new Stopped();
    Flyway flyway = flyway(pool, "library").javaMigrations(stopped).load();
    Background<Integer> one = start("one", () -> flyway.migrate().migrationsExecuted);
    Await.latch("the first is in the middle", stopped.reached);

    Background<Integer> two = start("two", () -> flyway.migrate().migrationsExecuted);
    Await.until("the second stands in line", () -> pool.stats().writer().waiting() == 1);
    stopped.goOn.countDown();

    assertEquals(List.of(3, 0), Arrays.asList(one.result(), two.result()));
    assertEquals(List.of("1", "2", "3"), applied(pool));
  }

  /** A program that migrates when it is told to, and says how many migrations it has applied. */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) throws SQLException, IOException {
      try (SqlitePool pool = SqlitePool.open(Path.of(arguments[0]))) {
        Flyway flyway = flyway(pool.dataSource(), "library").load();
        ChildJvm.say("ready");
        int _ = System.in.read();
        ChildJvm.say("applied " + flyway.migrate().migrationsExecuted);
      }
    }
  }

  @Test
  void migrate_fromTwoProgramsAtOnce_appliesEachMigrationOnce() throws Exception {
    try (ChildJvm one = ChildJvm.start(Program.class, file()).killedWhenItHangs();
        ChildJvm two = ChildJvm.start(Program.class, file()).killedWhenItHangs()) {
      assertEquals(List.of("ready", "ready"), List.of(one.said(1).get(0), two.said(1).get(0)));
      one.tell("go");
      two.tell("go");

      int sum = Stream.of(one, two).mapToInt(FlywayTest::appliedBy).sum();

      assertEquals(2, sum);
      assertEquals(List.of(0, 0), List.of(one.awaitEnd(), two.awaitEnd()));
      assertEquals(List.of("1", "2"), applied(openEmpty()));
    }
  }

  private static int appliedBy(ChildJvm program) {
    try {
      return Integer.parseInt(program.said(1).getFirst().substring("applied ".length()));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void migrate_ofAMigrationThatFails_leavesNothingOfItAndSaysSo() throws SQLException {
    SqlitePool pool = openEmpty();

    FlywayException failure =
        assertThrows(
            FlywayException.class, () -> flyway(pool, "library", "failing").load().migrate());

    assertTrue(failure.toString().contains("V9__broken.sql"), failure::toString);
    assertTrue(failure.toString().contains("missing"), failure::toString);
    assertEquals(List.of("1", "2"), applied(pool));
    assertEquals(List.of(), tablesCalled(pool, "half_done"));
    assertEquals(0, pool.stats().writer().held());
  }

  @Test
  void migrate_thatTurnsForeignKeysOff_doesSoForItselfAlone() throws SQLException {
    SqlitePool pool = openEmpty();

    flyway(pool, "library", "pragma").load().migrate();

    assertEquals(List.of("1", "2", "4"), applied(pool));
    assertEquals(List.of("2", "1"), novelsOfEach(pool));
    assertForeignKeysAreOn(pool);
  }

  /** Replaces a table that others refer to, as a whole or not at all. */
  private static final class Rebuild implements JavaMigration {
    @Override
    public MigrationVersion getVersion() {
      return MigrationVersion.fromVersion("4");
    }

    @Override
    public String getDescription() {
      return "rebuild";
    }

    @Override
    public @Nullable Integer getChecksum() {
      return null;
    }

    // page: rebuild
    @Override
    public boolean canExecuteInTransaction() {
      return false; // it has a transaction of its own
    }

    @Override
    public void migrate(Context context) throws SQLException {
      Connection connection = context.getConnection();
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA foreign_keys = OFF");
        connection.setAutoCommit(false);
        statement.execute("DROP TRIGGER novel_added");
        statement.execute("CREATE TABLE new_author(id INTEGER PRIMARY KEY, name TEXT NOT NULL)");
        statement.execute("INSERT INTO new_author SELECT id, name FROM author");
        statement.execute("DROP TABLE author");
        statement.execute("ALTER TABLE new_author RENAME TO author");
        connection.setAutoCommit(true); // commits
        statement.execute("PRAGMA foreign_keys = ON");
      }
    }
    // page end
  }

  @Test
  void migrate_ofAClassThatTurnsForeignKeysOff_doesSoForItselfAlone() throws SQLException {
    SqlitePool pool = openEmpty();

    flyway(pool, "library").javaMigrations(new Rebuild()).load().migrate();

    assertEquals(List.of("1", "2", "4"), applied(pool));
    assertEquals(
        List.of("id", "name"), strings(pool, "SELECT name FROM pragma_table_info('author')"));
    assertForeignKeysAreOn(pool);
  }

  @Test
  void migrate_withVacuum_succeeds() throws SQLException {
    SqlitePool pool = openEmpty();

    flyway(pool, "library", "vacuum").load().migrate();

    assertEquals(List.of("1", "2", "6"), applied(pool));
  }

  @Test
  void migrate_thatLeavesForeignKeysOff_doesSoForItselfAlone() throws SQLException {
    SqlitePool pool = openEmpty();

    flyway(pool, "library", "forgotten").load().migrate();

    assertEquals(List.of("Austen; Jane"), strings(pool, "SELECT name FROM author"));
    assertForeignKeysAreOn(pool);
  }

  @Test
  void info_whileTheWriterIsTaken_needsOnlyAReader() throws SQLException {
    SqlitePool pool = openEmpty(IMPATIENT);
    Flyway flyway = flyway(pool.dataSource(), "library").load();
    flyway.migrate();

    try (OpenTransaction _ = OpenTransaction.after(pool, "DELETE FROM flyway_schema_history")) {
      assertEquals(0, flyway.info().pending().length);
    }
  }

  @Test
  void validate_onTheReadersWhileTheWriterIsTaken_needsNoWriter() throws SQLException {
    SqlitePool pool = openEmpty(IMPATIENT);
    flyway(pool.dataSource(), "library").load().migrate();

    try (OpenTransaction _ = OpenTransaction.after(pool, "DELETE FROM flyway_schema_history")) {
      // page: validate
      Flyway flyway =
          Flyway.configure()
              .dataSource(pool.readerDataSource())
              .locations("classpath:flyway/library")
              .load();
      boolean upToDate = flyway.validateWithResult().validationSuccessful;
      // page end

      assertTrue(upToDate);
    }
  }

  @Test
  void migrate_whileTheWriterIsTakenForTooLong_saysSo() throws SQLException {
    SqlitePool pool = openEmpty(IMPATIENT);
    flyway(pool.dataSource(), "library").load().migrate();
    Flyway flyway = flyway(pool.dataSource(), "library", "pragma").load();

    try (OpenTransaction _ = OpenTransaction.after(pool, "DELETE FROM novel")) {
      FlywayException failure = assertThrows(FlywayException.class, flyway::migrate);
      assertTrue(failure.getCause() instanceof SQLTransientConnectionException, failure::toString);
    }
  }
}
