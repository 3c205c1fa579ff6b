package dev.heddle.pool.internal.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class GroupTallyTest {

  @Test
  void committed_twice_isAddedUpAndTheMostIsKept() {
    GroupTally tally = new GroupTally();
    tally.committed(3, 50, 7);
    tally.committed(2, 60, 5);
    assertEquals(2, tally.commits());
    assertEquals(5, tally.units());
    assertEquals(3, tally.mostUnits());
    assertEquals(110, tally.ageNanos());
    assertEquals(60, tally.longestAgeNanos());
    assertEquals(12, tally.commitNanos());
    assertEquals(7, tally.longestCommitNanos());
    assertEquals(0, tally.undone());
  }

  @Test
  void undone_severalTimes_isAddedUp() {
    GroupTally tally = new GroupTally();
    tally.undone(1);
    tally.undone(2);
    assertEquals(3, tally.undone());
    assertEquals(0, tally.commits());
  }
}
