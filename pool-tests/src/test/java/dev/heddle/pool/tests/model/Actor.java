package dev.heddle.pool.tests.model;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.tests.model.Op.Kind;
import java.sql.SQLException;
import java.time.Duration;

/** A thread that does the steps of a script with a pool. */
final class Actor {

  /** User code that fails. */
  static final class Planned extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Planned() {
      super("planned", null, false, false);
    }
  }

  private static final LeaseOptions BRIEFLY =
      LeaseOptions.DEFAULTS.withWaitAtMost(Duration.ofMillis(3));

  private final SqlitePool pool;
  private final Script script;
  private final Journal journal;
  private final Units units;
  private final Thread thread;

  /** What it has. */
  private Held held = Held.nothing();

  private Step current = new Step(0, Op.CALM, 1, 1);

  Actor(String name, boolean virtual, SqlitePool pool, Script script, Journal journal) {
    this.pool = pool;
    this.script = script;
    this.journal = journal;
    this.units = new Units(pool, journal);
    thread =
        virtual
            ? Thread.ofVirtual().name(name).unstarted(this::run)
            : Thread.ofPlatform().name(name).daemon().unstarted(this::run);
  }

  Thread thread() {
    return thread;
  }

  /** Whether the actor can do that now; on its own thread. */
  boolean can(Op op) {
    return op.fits(held.kind(), held.parts());
  }

  private void run() {
    try {
      while (next() != Op.LEAVE) {
        reply(perform());
      }
    } finally {
      held.close();
    }
  }

  private Op next() {
    current = script.next(this);
    return current.op();
  }

  private void reply(String answer) {
    script.done(current, answer);
  }

  private String perform() {
    try {
      return act(current);
    } catch (SQLException e) {
      return Answers.of(e);
    } catch (Planned e) {
      return "failed";
    } catch (RuntimeException | Error e) {
      return "unexpected " + e;
    }
  }

  private String act(Step step) throws SQLException {
    return switch (step.op()) {
      case WRITER, WRITER_AGAIN -> writer(LeaseOptions.DEFAULTS);
      case WRITER_BRIEFLY -> writer(BRIEFLY);
      case WRITER_ALONE -> writer(LeaseOptions.DEFAULTS.withCommitAlone(true));
      case WRITER_AND_READER -> writer(LeaseOptions.DEFAULTS.withSnapshotAfterCommit(true));
      case JDBC -> hold(HeldTransaction.begin(pool.dataSource()));
      case READER -> hold(Held.of(pool.acquireReader(), Kind.READER));
      case READER_BRIEFLY -> hold(Held.of(pool.acquireReader(BRIEFLY), Kind.READER));
      case SNAPSHOT -> hold(Held.of(pool.acquireSnapshot(), Kind.SNAPSHOT));
      case NESTED -> nested();
      case NESTED_FAIL -> throw new Planned();
      case COMMIT, COMMIT_NESTED, COMMIT_AND_READ, ROLLBACK, CLOSE -> end(step.op());
      case WRITE, WRITE_FAIL, JDBC_PUT, JDBC_READ, REVOKED, TIMED_OUT -> units.run(step);
      case INTERRUPT -> {
        Thread.currentThread().interrupt();
        yield "ok";
      }
      case CALM -> {
        Thread.interrupted();
        yield "ok";
      }
      default -> held.run(step, journal);
    };
  }

  private String writer(LeaseOptions options) throws SQLException {
    return hold(HeldWriter.acquire(pool, options, current.viaJdbc()));
  }

  private String hold(Held lease) {
    held = lease;
    return "ok";
  }

  /** Answers for the step that ends the part; that it has begun is said at once. */
  private String nested() throws SQLException {
    return held.runNested(
        () -> {
          reply("ok");
          while (next() != Op.NESTED_END) {
            if (current.op() == Op.NESTED_FAIL || current.op() == Op.LEAVE) {
              throw new Planned();
            }
            reply(perform());
          }
        });
  }

  /** The lease is over then, unless it refuses that. */
  private String end(Op op) throws SQLException {
    boolean commits = op.commits();
    boolean ends = held.mayEnd(op);
    Held next = Held.nothing();
    try {
      if (commits && ends) {
        journal.ending(held.sql());
      }
      ReadLease snapshot = held.end(op);
      next = snapshot == null ? next : Held.of(snapshot, Kind.SNAPSHOT);
      journal.ended(commits);
      return "ok";
    } finally {
      if (ends) {
        journal.ended(false); // unless it is known already that it is committed
        held.close();
        held = next;
      }
    }
  }
}
