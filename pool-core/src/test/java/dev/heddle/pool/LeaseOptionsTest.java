package dev.heddle.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Options of a lease, made from others. */
class LeaseOptionsTest {

  private static final LeaseOptions ALL = new LeaseOptions("old", Duration.ofSeconds(1), true);

  @Test
  void withLabel_keepsTheRest() {
    assertEquals(new LeaseOptions("new", Duration.ofSeconds(1), true), ALL.withLabel("new"));
  }

  @Test
  void withWaitAtMost_keepsTheRest() {
    assertEquals(new LeaseOptions("old", Duration.ZERO, true), ALL.withWaitAtMost(Duration.ZERO));
  }

  @Test
  void withCommitAlone_keepsTheRest() {
    assertEquals(new LeaseOptions("old", Duration.ofSeconds(1), false), ALL.withCommitAlone(false));
    assertEquals(new LeaseOptions(null, null, true), LeaseOptions.DEFAULTS.withCommitAlone(true));
  }

  @Test
  void withers_inAnyOrder_giveTheSame() {
    assertEquals(
        LeaseOptions.DEFAULTS
            .withLabel("a")
            .withWaitAtMost(Duration.ofSeconds(2))
            .withCommitAlone(true),
        LeaseOptions.DEFAULTS
            .withCommitAlone(true)
            .withWaitAtMost(Duration.ofSeconds(2))
            .withLabel("a"));
  }

  @Test
  void withWaitAtMost_negative_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> ALL.withWaitAtMost(Duration.ofNanos(-1)));
  }
}
