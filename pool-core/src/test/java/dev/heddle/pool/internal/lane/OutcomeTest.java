package dev.heddle.pool.internal.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OutcomeTest {

  private static final Set<Outcome.Kind> NOT_ITS_OWN_FAULT =
      EnumSet.of(Outcome.Kind.TAKEN_DOWN, Outcome.Kind.REFUSED);

  @ParameterizedTest
  @EnumSource
  void isWorthRepeating_eachKind_isWhatMayHaveBeenAnothersFault(Outcome.Kind kind) {
    assertEquals(NOT_ITS_OWN_FAULT.contains(kind), new Outcome(kind, null).isWorthRepeating());
  }
}
