package dev.heddle.pool.internal.sqlite;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.JJ_Result;

/**
 * What reports read of a session that somebody else has: opaque fields, so it may be late, but it
 * is whole, and never goes back.
 */
final class SessionStress {

  private SessionStress() {}

  /** The SQL that runs is looked at as it begins. */
  @JCStressTest
  @State
  @Outcome(id = "0", expect = ACCEPTABLE, desc = "Nothing yet.")
  @Outcome(id = "8", expect = ACCEPTABLE, desc = "The SQL, and all of it.")
  @Outcome(expect = FORBIDDEN, desc = "A part of it.")
  public static class Sql {

    private static final char[] SQL = "SELECT 1".toCharArray();

    private final StopSignal signal = new StopSignal();

    @Actor
    public void holder() {
      signal.runs(new String(SQL));
    }

    @Actor
    public void reporter(I_Result result) {
      String sql = signal.latestSql();
      result.r1 = sql == null ? 0 : (int) sql.chars().filter(c -> c != 0).count();
    }
  }

  /** Statements begin, one after the other, while somebody looks twice. */
  @JCStressTest
  @State
  @Outcome(
      id = {"0, 0", "0, 1", "0, -1", "1, 1", "1, -1", "-1, -1"},
      expect = ACCEPTABLE,
      desc = "In the order of time.")
  @Outcome(
      id = {"1, 0", "-1, 0", "-1, 1"},
      expect = FORBIDDEN,
      desc = "Back in time.")
  @Outcome(expect = FORBIDDEN, desc = "Half of one time, half of another.")
  public static class Began {

    private final StopSignal signal = new StopSignal();

    @Actor
    public void holder() {
      signal.begins(1);
      signal.begins(-1); // all bits
    }

    @Actor
    public void reporter(JJ_Result result) {
      result.r1 = signal.beganNanos();
      result.r2 = signal.beganNanos();
    }
  }

  /**
   * Two reads, one after the other, while somebody looks twice. Not {@code Session.reading} itself,
   * which needs a connection: the same steps on the same kind of field.
   */
  @JCStressTest
  @State
  @Outcome(
      id = {"0, 0", "0, 1", "0, 3", "1, 0", "1, 1", "1, 3", "3, 0", "3, 3"},
      expect = ACCEPTABLE,
      desc = "None, or one after the other.")
  @Outcome(id = "3, 1", expect = FORBIDDEN, desc = "A read that was over goes on.")
  @Outcome(expect = FORBIDDEN, desc = "A read that never was.")
  public static class Reading {

    private final AtomicLong reading = new AtomicLong();

    private void reads(boolean reads) {
      long now = reading.getPlain();
      if (reads != ((now & 1) != 0)) {
        reading.setOpaque(now + 1);
      }
    }

    private int number() {
      long now = reading.getOpaque();
      return (int) ((now & 1) == 0 ? 0 : now);
    }

    @Actor
    public void holder() {
      reads(true);
      reads(true);
      reads(false);
      reads(true);
      reads(false);
    }

    @Actor
    public void upkeep(II_Result result) {
      result.r1 = number();
      result.r2 = number();
    }
  }
}
