package dev.heddle.pool.tests.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.tests.Await;
import dev.heddle.pool.tests.Background;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Runs a program whose actors do not wait for each other. Nobody can know what each step comes to
 * then; but all that they see must fit one {@link History}.
 */
final class Free {

  /** Nothing is wrong with the file, so 08007 is not among them. */
  private static final Set<String> ANSWERS =
      Set.of(
          "ok", "failed", "08001", "08003", "23000", "23505", "25001", "40000", "40001", "57014");

  private final Program program;
  private final SqlitePool pool;
  private final List<Actor> actors;
  private final CountDownLatch left;
  private final Queue<Background<?>> closers = new ConcurrentLinkedQueue<>();
  private final Queue<String> story = new ConcurrentLinkedQueue<>();

  private Free(Program program, SqlitePool pool, History history) {
    this.program = program;
    this.pool = pool;
    left = new CountDownLatch(program.actors());
    actors =
        IntStream.range(0, program.actors())
            .mapToObj(
                i ->
                    new Actor("actor " + i, program.virtual(), pool, new Own(i), history.journal()))
            .toList();
  }

  /** Runs a program on a new database. */
  static void run(Program program, Site site, Duration patience) throws SQLException {
    Path home = site.home();
    History history = new History();
    Free run = new Free(program, Site.open(home, program), history);
    try {
      run.play(patience);
      Site.close(run.pool, home);
      try (SqlitePool again = Site.open(home, program)) {
        history.compare(again.read(lease -> Sql.query(lease, History.QUERY)));
      }
    } catch (AssertionError failure) {
      run.actors.forEach(actor -> actor.thread().interrupt());
      Background.start("clean up", run::close);
      throw new AssertionError(String.join("\n", run.story) + "\n" + failure.getMessage(), failure);
    }
    Site.delete(home);
  }

  private void play(Duration patience) {
    actors.forEach(actor -> actor.thread().start());
    assertTrue(await(patience), () -> "somebody does not leave: " + pool.dump());
    closers.forEach(Background::result);
    Await.until("the threads end", () -> actors.stream().noneMatch(a -> a.thread().isAlive()));
    Await.until("revoked leases are back", this::isIdle);
    List<String> strange = story.stream().filter(line -> line.endsWith("!")).toList();
    assertEquals(List.of(), strange, "answers");
  }

  private boolean await(Duration patience) {
    try {
      return left.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private boolean isIdle() {
    return pool.stats().readers().held() + pool.stats().writer().held() == 0;
  }

  private int close() {
    pool.close();
    return 0;
  }

  /** The steps of one actor, as fast as it can do them. */
  private final class Own implements Script {

    private final int number;
    private final List<Step> steps;
    private int next;

    Own(int number) {
      this.number = number;
      steps = program.steps().stream().filter(step -> step.actor() == number).toList();
    }

    @Override
    public Step next(Actor actor) {
      while (next < steps.size()) {
        Step step = steps.get(next++);
        if (step.op() == Op.CLOSE_POOL) {
          closers.add(Background.start("closer", Free.this::close));
        } else if (step.op() == Op.INTERRUPT) {
          actors.get(step.key() % actors.size()).thread().interrupt();
        } else if (actor.can(step.op())) {
          return step;
        }
      }
      return last(actor);
    }

    private Step last(Actor actor) {
      for (Op op : List.of(Op.NESTED_END, Op.CLOSE)) {
        if (actor.can(op)) {
          return new Step(number, op, 1, 1);
        }
      }
      left.countDown();
      return new Step(number, Op.LEAVE, 1, 1);
    }

    @Override
    public void done(Step step, String answer) {
      boolean isKnown = answer.startsWith("{") || ANSWERS.contains(answer);
      story.add("  %s: %s%s".formatted(step, answer, isKnown ? "" : " !"));
    }
  }
}
