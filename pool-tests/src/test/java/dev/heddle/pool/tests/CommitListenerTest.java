package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sqlite.SQLiteCommitListener;
import org.sqlite.SQLiteConnection;

/** A listener of the user's own throws in the middle of a commit or a rollback. */
class CommitListenerTest extends GroupFixture {

  /** The driver asks its listeners in no order: some of these come before the pool's own. */
  private static final int LISTENERS = 16;

  private static final String LISTENERS_ERROR = "the listener's error";

  private final AtomicBoolean commitThrows = new AtomicBoolean();
  private final AtomicBoolean rollbackThrows = new AtomicBoolean();

  private final class Listener implements SQLiteCommitListener {
    @Override
    public void onCommit() {
      if (commitThrows.get()) {
        throw new IllegalStateException(LISTENERS_ERROR);
      }
    }

    @Override
    public void onRollback() {
      if (rollbackThrows.get()) {
        throw new IllegalStateException(LISTENERS_ERROR);
      }
    }
  }

  private SqlitePool openWithListeners() throws SQLException {
    return openPatient(
        config ->
            config.onConnect(
                connection -> {
                  SQLiteConnection driver = connection.unwrap(SQLiteConnection.class);
                  for (int i = 0; i < LISTENERS; i++) {
                    driver.addCommitListener(new Listener());
                  }
                }));
  }

  @AfterEach
  void behaveAgain() {
    commitThrows.set(false);
    rollbackThrows.set(false);
  }

  /** Whether that throws is not the question here. */
  private void rollBackSomehow(Unit unit) throws SQLException {
    try {
      unit.rollback();
    } catch (IllegalStateException e) {
      assertEquals(LISTENERS_ERROR, e.getMessage());
    }
  }

  private static String valuesOf(SqlitePool pool) {
    try {
      return String.valueOf(values(pool));
    } catch (SQLException e) {
      return e.toString();
    }
  }

  private static void assertUnknown(SQLException failure) {
    assertEquals("08007", failure.getSQLState(), failure::toString);
    Expect.mentions(failure, "unknown", "Look before you repeat it");
  }

  @Test
  void onCommit_throws_loneUnitIsToldThatTheOutcomeIsUnknown() throws SQLException {
    SqlitePool pool = openWithListeners();
    Unit unit = holder(pool).insert("unknown");
    commitThrows.set(true);
    assertUnknown(unit.startCommit().commitFailure());
    commitThrows.set(false);
    insert(pool, "next");
    assertEquals("next", values(pool).getLast());
  }

  @Test
  void onCommit_throws_eachUnitOfAGroupIsToldThatTheOutcomeIsUnknown() throws SQLException {
    SqlitePool pool = openWithListeners();
    List<Unit> units = queue(pool, 2);
    units.get(0).insert("unknown").startCommit();
    units.get(1).awaitHolds().insert("unknown");
    commitThrows.set(true);
    assertUnknown(units.get(1).startCommit().commitFailure());
    assertUnknown(units.get(0).commitFailure());
    commitThrows.set(false);
    insert(pool, "next");
    assertEquals("next", values(pool).getLast());
  }

  @Test
  void onCommit_throws_writeDoesNotRunItsWorkAgain() throws SQLException {
    SqlitePool pool = openWithListeners();
    AtomicInteger runs = new AtomicInteger();
    commitThrows.set(true);
    assertUnknown(
        Expect.sql(
            SQLException.class,
            "08007",
            () ->
                pool.useWriter(
                    lease -> {
                      runs.incrementAndGet();
                      lease.update("INSERT INTO t(v) VALUES ('unknown')");
                    })));
    assertEquals(1, runs.get());
    commitThrows.set(false);
    insert(pool, "next");
    assertEquals("next", values(pool).getLast());
  }

  @Test
  void onRollback_throwsWhenALeaseRollsBack_theNextLeaseWorks() throws SQLException {
    SqlitePool pool = openWithListeners();
    Unit unit = holder(pool).insert("no");
    rollbackThrows.set(true);
    rollBackSomehow(unit);
    rollbackThrows.set(false);
    assertDoesNotThrow(() -> insert(pool, "next"), () -> "it is kept: " + valuesOf(pool));
    assertEquals(List.of("next"), values(pool));
    try (WriteLease lease = pool.acquireWriter()) {
      lease.update("INSERT INTO t(v) VALUES ('not wanted')");
      lease.rollback();
    }
    assertEquals(List.of("next"), values(pool));
  }
}
