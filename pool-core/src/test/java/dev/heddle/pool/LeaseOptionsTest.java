package dev.heddle.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Options of a lease, made from others. */
class LeaseOptionsTest {

  private static final Duration WAIT = Duration.ofSeconds(1);
  private static final Duration HOLD = Duration.ofMinutes(1);
  private static final LeaseOptions ALL = new LeaseOptions("old", WAIT, HOLD, true, true);

  @Test
  void withLabel_keepsTheRest() {
    assertEquals(new LeaseOptions("new", WAIT, HOLD, true, true), ALL.withLabel("new"));
  }

  @Test
  void withWaitAtMost_keepsTheRest() {
    assertEquals(
        new LeaseOptions("old", Duration.ZERO, HOLD, true, true),
        ALL.withWaitAtMost(Duration.ZERO));
  }

  @Test
  void withHoldAtMost_keepsTheRest() {
    assertEquals(new LeaseOptions("old", WAIT, WAIT, true, true), ALL.withHoldAtMost(WAIT));
  }

  @Test
  void withCommitAlone_keepsTheRest() {
    assertEquals(new LeaseOptions("old", WAIT, HOLD, false, true), ALL.withCommitAlone(false));
    assertEquals(
        new LeaseOptions(null, null, null, true, false),
        LeaseOptions.DEFAULTS.withCommitAlone(true));
  }

  @Test
  void withSnapshotAfterCommit_keepsTheRest() {
    assertEquals(
        new LeaseOptions("old", WAIT, HOLD, true, false), ALL.withSnapshotAfterCommit(false));
    assertEquals(
        new LeaseOptions(null, null, null, false, true),
        LeaseOptions.DEFAULTS.withSnapshotAfterCommit(true));
  }

  @Test
  void withers_inAnyOrder_giveTheSame() {
    assertEquals(
        LeaseOptions.DEFAULTS
            .withLabel("a")
            .withWaitAtMost(WAIT)
            .withHoldAtMost(HOLD)
            .withCommitAlone(true)
            .withSnapshotAfterCommit(true),
        LeaseOptions.DEFAULTS
            .withSnapshotAfterCommit(true)
            .withCommitAlone(true)
            .withHoldAtMost(HOLD)
            .withWaitAtMost(WAIT)
            .withLabel("a"));
  }

  @Test
  void withWaitAtMost_negative_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> ALL.withWaitAtMost(Duration.ofNanos(-1)));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE})
  void withHoldAtMost_notPositive_isRefused(long nanos) {
    assertThrows(IllegalArgumentException.class, () -> ALL.withHoldAtMost(Duration.ofNanos(nanos)));
  }
}
