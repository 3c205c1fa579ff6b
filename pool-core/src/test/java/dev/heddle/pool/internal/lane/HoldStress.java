package dev.heddle.pool.internal.lane;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * The mark of a hold, on the bare machine: jcstress has two threads collide in it, millions of
 * times, compiled by each of the JVM's compilers. What it guards is counted in plain fields, as
 * those of a session are: if the mark orders nothing, a count is lost.
 *
 * <p>Two threads at a time, as there may be only two processors; {@link LaneInterleavingTest} has
 * three.
 */
final class HoldStress {

  private HoldStress() {}

  static class Guarded {

    final Hold<Probe> hold = new Hold<>(Terms.labelled(null));
    int used;

    /** Only by who has it to itself. */
    final int use() {
      int now = used + 1;
      used = now;
      return now;
    }
  }

  /** Two threads begin a call each. */
  @JCStressTest
  @State
  @Outcome(
      id = {"1, 2", "2, 1"},
      expect = ACCEPTABLE,
      desc = "One after the other, who sees what the first one did.")
  @Outcome(
      id = {"1, 0", "0, 1"},
      expect = ACCEPTABLE,
      desc = "One is refused, because the other one is in its call.")
  @Outcome(id = "1, 1", expect = FORBIDDEN, desc = "Both at once, or the second one sees nothing.")
  @Outcome(id = "0, 0", expect = FORBIDDEN, desc = "Both are refused.")
  public static class TwoCalls extends Guarded {

    private int useInCall() {
      if (!hold.enter()) {
        return 0;
      }
      int now = use();
      hold.exit();
      return now;
    }

    @Actor
    public void one(II_Result result) {
      result.r1 = useInCall();
    }

    @Actor
    public void other(II_Result result) {
      result.r2 = useInCall();
    }
  }

  /** A unit that waits borrows what the holder begins to use. */
  @JCStressTest
  @State
  @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "The loan comes first, and is seen.")
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "The call comes first: there is no loan.")
  @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "The call has to wait for the loan.")
  @Outcome(id = "2, 1", expect = FORBIDDEN, desc = "Lent when it was in use.")
  @Outcome(id = "1, 1", expect = FORBIDDEN, desc = "Both at once, or the call sees nothing.")
  @Outcome(id = "0, 0", expect = FORBIDDEN, desc = "Neither of them has it.")
  public static class LoanAndFirstCall extends Guarded {

    @Actor
    public void borrower(II_Result result) {
      if (hold.lend()) {
        result.r1 = use();
        hold.giveBack();
      }
    }

    @Actor
    public void holder(II_Result result) {
      if (hold.enter()) {
        hold.use();
        result.r2 = use();
        hold.exit();
      }
    }
  }

  /** The hold is taken away from one who has it. */
  @Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "Handed back by the one who had it.")
  @Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "Handed back by the revoker.")
  @Outcome(id = "0, 0, .*", expect = FORBIDDEN, desc = "Lost.")
  @Outcome(id = "1, 1, .*", expect = FORBIDDEN, desc = "Handed back twice.")
  @Outcome(id = ".*, 1", expect = FORBIDDEN, desc = "Used after it was handed back, or not seen.")
  static class TakenAway extends Guarded {

    private int usedWhenBack;
    private int backByUser;
    private int backByRevoker;

    final void handBack() {
      usedWhenBack = used;
      backByUser++;
    }

    final void revoke() {
      if (hold.revoke(Revocation.OVERDUE) == Hold.Taken.NOW) {
        usedWhenBack = used;
        backByRevoker++;
      }
    }

    final void look(III_Result result) {
      result.r1 = backByUser;
      result.r2 = backByRevoker;
      result.r3 = used - usedWhenBack;
    }
  }

  /** Around a call. */
  @JCStressTest
  @JCStressMeta(TakenAway.class)
  @State
  public static class CallAndRevoke extends TakenAway {

    @Actor
    public void holder() {
      if (hold.enter()) {
        use();
        if (!hold.exit()) {
          handBack();
        }
      }
    }

    @Actor
    public void revoker() {
      revoke();
    }

    @Arbiter
    public void outcome(III_Result result) {
      look(result);
    }
  }

  /** Around the last call, such as a commit. */
  @JCStressTest
  @JCStressMeta(TakenAway.class)
  @State
  public static class LastCallAndRevoke extends TakenAway {

    @Actor
    public void holder() {
      if (hold.enter()) {
        use();
        hold.endInCall();
        handBack();
      }
    }

    @Actor
    public void revoker() {
      revoke();
    }

    @Arbiter
    public void outcome(III_Result result) {
      look(result);
    }
  }

  /** Around a loan. */
  @JCStressTest
  @JCStressMeta(TakenAway.class)
  @State
  public static class LoanAndRevoke extends TakenAway {

    @Actor
    public void borrower() {
      if (hold.lend()) {
        use();
        if (!hold.giveBack()) {
          handBack();
        }
      }
    }

    @Actor
    public void revoker() {
      revoke();
    }

    @Arbiter
    public void outcome(III_Result result) {
      look(result);
    }
  }

  /** As its holder ends it. */
  @JCStressTest
  @JCStressMeta(TakenAway.class)
  @State
  public static class EndAndRevoke extends TakenAway {

    @Actor
    public void holder() {
      if (hold.end()) {
        handBack();
      }
    }

    @Actor
    public void revoker() {
      revoke();
    }

    @Arbiter
    public void outcome(III_Result result) {
      look(result);
    }
  }

  /** Who finds that it was taken away asks why. */
  @JCStressTest
  @State
  @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "Taken away, and known why.")
  @Outcome(id = "false, true", expect = ACCEPTABLE, desc = "Taken away between the two looks.")
  @Outcome(id = "false, false", expect = ACCEPTABLE, desc = "Not taken away yet.")
  @Outcome(id = "true, false", expect = FORBIDDEN, desc = "Taken away, and nobody knows why.")
  public static class RevokedForWhat extends TakenAway {

    @Actor
    public void revoker() {
      revoke();
    }

    @Actor
    public void holder(ZZ_Result result) {
      result.r1 = hold.isRevoked();
      result.r2 = hold.revocation() != null;
    }
  }
}
