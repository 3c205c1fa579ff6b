package dev.heddle.pool.internal.lease;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heddle.pool.PoolListener;
import dev.heddle.pool.internal.events.PoolEvents;
import dev.heddle.pool.internal.lane.Hold;
import dev.heddle.pool.internal.lane.Terms;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.J_Result;

/**
 * A lease that is taken away in the moment of its grant: whoever hands it back tells of it with all
 * that was written before, or not at all. {@code LeaseWatch.granted} is written with release
 * semantics, and no more.
 */
@JCStressTest
@State
@Outcome(id = "-1", expect = ACCEPTABLE, desc = "Handed back before it was known: not told.")
@Outcome(id = "7", expect = ACCEPTABLE, desc = "Told, with how long it was waited for.")
@Outcome(id = "0", expect = FORBIDDEN, desc = "Told, without what was written before.")
public class LeaseWatchStress {

  private final PoolEvents events = new PoolEvents("stress");
  private final LeaseWatch watch =
      new LeaseWatch(
          events,
          PoolListener.Lane.READER,
          new Hold<>(new Terms(null, Terms.FOR_EVER, "nothing", null)));

  /** Touched by the one who hands back, who tells. */
  private long told = -1;

  public LeaseWatchStress() {
    events.listen(
        new PoolListener() {
          @Override
          public void leaseEnded(Lease lease) {
            told = lease.waitedNanos();
          }
        });
  }

  @Actor
  public void holder() {
    watch.granted(7);
  }

  @Actor
  public void revoker(J_Result result) {
    watch.holderTells();
    watch.back();
    watch.tell();
    result.r1 = told;
  }
}
