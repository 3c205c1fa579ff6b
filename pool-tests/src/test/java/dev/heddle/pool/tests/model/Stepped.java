package dev.heddle.pool.tests.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.PoolStats;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.tests.Await;
import dev.heddle.pool.tests.Background;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs a program one step after the other: each has ended, or its thread is seen to wait, when the
 * next one begins. So the model knows what each step comes to.
 */
final class Stepped {

  /** So long that no group gets impatient: as long as may be. */
  private static final Duration GROUP_AGE = Duration.ofSeconds(10);

  private final boolean patientClose;
  private final Duration patience;
  private final Model model;
  private final SqlitePool pool;
  private final List<Puppet> puppets = new ArrayList<>();
  private final List<Actor> actors = new ArrayList<>();
  private final List<Background<?>> closers = new ArrayList<>();

  /** Members who have a step whose answer was not looked at. */
  private final Set<Member> busy = new HashSet<>();

  private final List<String> story = new ArrayList<>();

  private Stepped(Program program, SqlitePool pool, Duration patience) {
    this.patientClose = program.patientClose();
    this.model = new Model(program);
    this.pool = pool;
    this.patience = patience;
    for (int i = 0; i < program.actors(); i++) {
      Puppet puppet = new Puppet();
      puppets.add(puppet);
      actors.add(new Actor("actor " + i, program.virtual(), pool, puppet, Journal.NONE));
    }
  }

  /**
   * Runs a program on a new database, and compares everything with the model.
   *
   * @param patience how long something may take that is to happen at once
   */
  static void run(Program program, Site site, Duration patience) throws SQLException {
    Path home = site.home();
    SqlitePool pool = Site.open(home, program, config -> config.groupMaxAge(GROUP_AGE));
    Stepped run = new Stepped(program, pool, patience);
    AtomicLong heard = new AtomicLong();
    pool.onCommit(commit -> heard.addAndGet(commit.commits()));
    try {
      run.play(program.steps());
      Site.close(pool, home);
      run.compareCommits(heard.get());
      try (SqlitePool again = Site.open(home, program)) {
        run.compareRows(again);
      }
    } catch (AssertionError failure) {
      Background.start("clean up", run::close);
      throw new AssertionError(String.join("\n", run.story) + "\n" + failure.getMessage(), failure);
    }
    Site.delete(home);
  }

  private void play(List<Step> steps) {
    actors.forEach(actor -> actor.thread().start());
    try {
      for (Step step : steps) {
        // TIMED_OUT: the time may be up before the statement has begun.
        if (step.op() != Op.TIMED_OUT && model.allows(step)) {
          take(step);
        }
      }
      windDown();
    } finally {
      actors.forEach(this::dismiss);
    }
    closers.forEach(Background::result);
  }

  private void dismiss(Actor actor) {
    puppets.get(actors.indexOf(actor)).does(new Step(0, Op.LEAVE, 1, 1));
    if (!busy.isEmpty()) {
      actor.thread().interrupt();
    }
  }

  private int close() {
    pool.close();
    return 0;
  }

  private void take(Step step) {
    Member member = model.members().get(step.actor());
    boolean waits = member.waits();
    story.add("  " + step);
    model.take(step);
    switch (step.op()) {
      case CLOSE_POOL -> startClosing();
      case INTERRUPT -> {
        if (waits) {
          actors.get(step.actor()).thread().interrupt();
        } else {
          give(step, member);
        }
      }
      default -> give(step, member);
    }
    compare();
  }

  private void startClosing() {
    closers.add(Background.start("closer", this::close));
    Await.until("the pool turns away", this::turnsAway);
    if (!patientClose) {
      closers.forEach(Background::result);
    }
  }

  private boolean turnsAway() {
    try {
      pool.acquireReader(Duration.ZERO).close();
      return false;
    } catch (SQLException e) {
      return "08003".equals(e.getSQLState());
    }
  }

  private void give(Step step, Member member) {
    busy.add(member);
    puppets.get(member.number).does(step);
  }

  /** Everybody leaves, and is left to. */
  private void windDown() {
    boolean hasLeft = true;
    while (hasLeft) {
      hasLeft = model.members().stream().anyMatch(this::hasLeft);
    }
    assertTrue(busy.isEmpty(), () -> "somebody waits for ever; the model: " + model);
  }

  /** True if there was something to leave. */
  private boolean hasLeft(Member member) {
    for (Op op : List.of(Op.NESTED_END, Op.CLOSE)) {
      Step step = new Step(member.number, op, 1, 1);
      if (model.allows(step)) {
        take(step);
        return true;
      }
    }
    return false;
  }

  private void compare() {
    for (Member member : model.members()) {
      String expected = member.answer;
      if (busy.contains(member) && expected != null) {
        compare(member, expected);
      }
    }
    awaitQuiet();
    for (Member member : busy) {
      assertTrue(
          !puppets.get(member.number).hasAnswered(),
          () -> "actor " + member.number + " is to wait, and does not; the model: " + model);
    }
  }

  private void compare(Member member, String expected) {
    String answer = puppets.get(member.number).answer(patience);
    story.add("    actor %d: %s".formatted(member.number, answer));
    assertTrue(
        answer != null && Arrays.asList(expected.split("\\|", -1)).contains(answer),
        () ->
            "actor %d: %s is expected, not %s; the model: %s"
                .formatted(member.number, expected, answer, model));
    busy.remove(member);
  }

  /** Until the pool says, too, who holds what, and who waits for what. */
  private void awaitQuiet() {
    long start = System.nanoTime();
    while (!isQuiet(pool.stats())) {
      assertTrue(
          System.nanoTime() - start < patience.toNanos(),
          () -> "the pool: %s\nthe model: %s".formatted(pool.stats(), model));
      LockSupport.parkNanos(20_000);
    }
  }

  private boolean isQuiet(PoolStats stats) {
    Lanes lanes = model.lanes();
    return stats.writer().waiting() == lanes.waitForWriter()
        && stats.readers().waiting() == lanes.waitForReaders()
        && stats.commits().waiting() == model.transaction().waiting()
        && stats.writer().held() == (lanes.writerIsHeld() ? 1 : 0)
        && stats.readers().idle() == lanes.idleReaders();
  }

  private void compareRows(SqlitePool again) throws SQLException {
    List<Integer> rows = again.read(lease -> Sql.query(lease, Table.QUERY));
    assertEquals(model.transaction().committed().toString(), Sql.rows(rows), "reopened");
  }

  /**
   * A transaction that changed nothing need not be heard of, and close() waits for the listener as
   * long as for leases.
   */
  private void compareCommits(long heard) {
    PoolStats.Commits commits = pool.stats().commits();
    assertEquals(model.transaction().transactions(), commits.transactions(), "transactions");
    assertEquals(model.transaction().units(), commits.units(), "units");
    assertTrue(
        heard <= commits.transactions()
            && (!patientClose || heard >= model.transaction().changes()),
        () -> "the listener heard of %d commits of %s".formatted(heard, commits));
  }
}
