package dev.heddle.pool.tests.frameworks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.tests.Await;
import dev.heddle.pool.tests.Background;
import dev.heddle.pool.tests.ChildJvm;
import dev.heddle.pool.tests.Database;
import dev.heddle.pool.tests.Logs;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import liquibase.change.Change;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.changelog.visitor.AbstractChangeExecListener;
import liquibase.command.CommandScope;
import liquibase.command.core.UpdateCommandStep;
import liquibase.command.core.helpers.DbUrlConnectionArgumentsCommandStep;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.CommandExecutionException;
import liquibase.lockservice.StandardLockService;
import org.junit.jupiter.api.Test;

/** Liquibase at the start of programs, of several at once, and beside programs that run. */
class LiquibaseTest extends MigrationFixture {

  private static final String LIBRARY = "library.xml";
  private static final List<String> CHANGE_SETS =
      List.of("authors", "novels", "trigger", "first-novels");

  /** As Liquibase in another program does. */
  private static final String LOCK =
      "UPDATE DATABASECHANGELOGLOCK SET LOCKED = 1, LOCKEDBY = 'another program', LOCKGRANTED = 1";

  private static final String UNLOCK =
      "UPDATE DATABASECHANGELOGLOCK SET LOCKED = 0, LOCKEDBY = NULL, LOCKGRANTED = NULL";

  private static List<String> applied(SqlitePool pool) throws SQLException {
    return strings(pool, "SELECT id FROM DATABASECHANGELOG ORDER BY orderexecuted");
  }

  private static String locked(SqlitePool pool) throws SQLException {
    return strings(pool, "SELECT locked FROM DATABASECHANGELOGLOCK").getFirst();
  }

  @Test
  void update_transactionsThatOnlyRead_areNobodysToMark() throws Exception {
    SqlitePool pool = openEmpty();
    try (Logs logs = Logs.capture()) {
      Updates.update(forMigrations(pool), LIBRARY);
      assertEquals(List.of(), logs.warnings("wrote nothing"));
    }
  }

  @Test
  void update_ofAChangelog_appliesEachChangeSetOnce() throws Exception {
    SqlitePool pool = openEmpty();
    DataSource dataSource = forMigrations(pool);
    Updates.quietly(
        () -> {
          // page: update
          try (Connection connection = dataSource.getConnection()) {
            new CommandScope(UpdateCommandStep.COMMAND_NAME)
                .addArgumentValue(
                    DbUrlConnectionArgumentsCommandStep.DATABASE_ARG,
                    DatabaseFactory.getInstance()
                        .findCorrectDatabaseImplementation(new JdbcConnection(connection)))
                .addArgumentValue(UpdateCommandStep.CHANGELOG_FILE_ARG, "liquibase/library.xml")
                .execute();
          }
          // page end
        });
    Updates.update(forMigrations(pool), LIBRARY);

    assertEquals(CHANGE_SETS, applied(pool));
    assertEquals(List.of("2", "1"), novelsOfEach(pool));
    assertEquals("0", locked(pool));
  }

  /** Stops an update after the first change of a change set, before it is committed. */
  private static final class Stop extends AbstractChangeExecListener {
    final String changeSet;
    final CountDownLatch reached = new CountDownLatch(1);
    final CountDownLatch goOn = new CountDownLatch(1);

    Stop(String changeSet) {
      this.changeSet = changeSet;
    }

    @Override
    public void ran(
        Change change,
        ChangeSet changeSet,
        DatabaseChangeLog changelog,
        liquibase.database.Database database) {
      if (changeSet.getId().equals(this.changeSet)) {
        reached.countDown();
        Await.latch("the update may go on", goOn);
      }
    }
  }

  @Test
  void update_whileAnotherPoolOpens_isSeenByItWhenItIsCommitted() throws Exception {
    SqlitePool updating = openEmpty();
    Stop stop = new Stop("first-novels");
    Background<?> update =
        start(
            "updating",
            () -> {
              Updates.update(forMigrations(updating), LIBRARY, stop);
              return "done";
            });
    Await.latch("the update is in the middle", stop.reached);

    SqlitePool reading = openEmpty();
    assertEquals(List.of(), strings(reading, "SELECT title FROM novel"));
    assertEquals(List.of(), strings(updating, "SELECT title FROM novel"));

    stop.goOn.countDown();
    assertEquals("done", update.result());
    assertEquals(3, strings(reading, "SELECT title FROM novel").size());
  }

  /** A program that updates when it is told to. */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) throws Exception {
      try (SqlitePool pool = SqlitePool.open(Path.of(arguments[0]))) {
        ChildJvm.say("ready");
        int _ = System.in.read();
        Updates.update(forMigrations(pool), LIBRARY);
        ChildJvm.say("updated");
      }
    }
  }

  @Test
  void update_fromTwoProgramsAtOnce_appliesEachChangeSetOnce() throws Exception {
    try (ChildJvm one = ChildJvm.start(Program.class, file()).killedWhenItHangs();
        ChildJvm two = ChildJvm.start(Program.class, file()).killedWhenItHangs()) {
      assertEquals(List.of("ready"), one.said(1));
      assertEquals(List.of("ready"), two.said(1));
      one.tell("go");
      two.tell("go");

      assertEquals(List.of("updated"), one.said());
      assertEquals(List.of("updated"), two.said());
      assertEquals(List.of(0, 0), List.of(one.awaitEnd(), two.awaitEnd()));
    }
    SqlitePool pool = openEmpty();
    assertEquals(CHANGE_SETS, applied(pool));
    assertEquals("0", locked(pool));
  }

  @Test
  void update_thatWaitsForTheChangeLogLock_holdsNoLockAndNoLaneWhileItSleeps() throws Exception {
    SqlitePool pool = openEmpty();
    Updates.update(forMigrations(pool), LIBRARY);
    pool.useWriter(lease -> lease.script("CREATE TABLE t(v)"));
    pool.useWriter(lease -> lease.update(LOCK));

    Background<String> waiting =
        start(
            "waiting",
            () -> {
              Updates.update(forMigrations(pool), "pragma.sql");
              return "updated";
            });
    Await.until("it sleeps and holds nothing", () -> sleepsWithoutLane(pool, waiting.thread()));
    for (int i = 0; i < 100; i++) {
      pool.useWriter(lease -> lease.update("INSERT INTO t VALUES (1)"));
    }
    try (Database other = Database.connect(file())) {
      other.run("BEGIN IMMEDIATE", "INSERT INTO t VALUES (2)", "COMMIT");
    }
    assertFalse(waiting.isDone(), "it did not wait for the change-log lock");
    pool.useWriter(lease -> lease.update(UNLOCK));

    assertEquals("updated", waiting.result());
    assertEquals(List.of("101"), strings(pool, "SELECT count(*) FROM t"));
    assertEquals("0", locked(pool));
  }

  /** Looked at twice, since it wakes up now and then. */
  private static boolean sleepsWithoutLane(SqlitePool pool, Thread thread) {
    return sleeps(thread) && pool.stats().writer().held() == 0 && sleeps(thread);
  }

  private static boolean sleeps(Thread thread) {
    List<StackTraceElement> stack = List.of(thread.getStackTrace());
    return has(stack, Thread.class, "sleep")
        && has(stack, StandardLockService.class, "waitForLock");
  }

  private static boolean has(List<StackTraceElement> stack, Class<?> type, String method) {
    return stack.stream()
        .anyMatch(
            frame ->
                frame.getClassName().equals(type.getName())
                    && frame.getMethodName().equals(method));
  }

  @Test
  void update_ofAChangeSetThatFails_leavesNothingOfItAndSaysSo() throws Exception {
    SqlitePool pool = openEmpty();

    CommandExecutionException failure =
        assertThrows(
            CommandExecutionException.class,
            () -> Updates.update(forMigrations(pool), "failing.sql"));

    assertTrue(failure.toString().contains("failing.sql::broken::heddle"), failure::toString);
    assertTrue(failure.toString().contains("missing"), failure::toString);
    assertEquals(List.of("good"), applied(pool));
    assertEquals(List.of(), tablesCalled(pool, "half_done"));
    assertEquals("0", locked(pool));
  }

  @Test
  void update_thatTurnsForeignKeysOff_doesSoForItselfAlone() throws Exception {
    SqlitePool pool = openEmpty();
    Updates.update(forMigrations(pool), LIBRARY);

    Updates.update(forMigrations(pool), "pragma.sql");

    assertEquals("rebuild", applied(pool).getLast());
    assertEquals(List.of("2", "1"), novelsOfEach(pool));
    assertForeignKeysAreOn(pool);
  }

  @Test
  void update_thatLeavesForeignKeysOff_doesSoForItselfAlone() throws Exception {
    SqlitePool pool = openEmpty();
    Updates.update(forMigrations(pool), LIBRARY);

    Updates.update(forMigrations(pool), "forgotten.sql");

    assertEquals(List.of("Austen; Jane"), strings(pool, "SELECT name FROM author"));
    assertForeignKeysAreOn(pool);
  }

  @Test
  void status_onTheReadersWhileTheWriterIsTaken_needsNoWriter() throws Exception {
    SqlitePool pool = openEmpty(IMPATIENT);
    Updates.update(forMigrations(pool), LIBRARY);

    try (OpenTransaction _ = OpenTransaction.after(pool, "DELETE FROM DATABASECHANGELOG")) {
      assertTrue(Updates.status(pool.readerDataSource(), LIBRARY).contains("is up to date"));
      assertTrue(
          Updates.status(pool.readerDataSource(), "pragma.sql")
              .contains("1 changeset has not been applied"));
    }
  }
}
