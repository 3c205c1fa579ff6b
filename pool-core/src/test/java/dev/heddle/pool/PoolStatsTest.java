package dev.heddle.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What follows from the numbers. */
class PoolStatsTest {

  private static PoolStats.Commits commits(long transactions, long units) {
    return new PoolStats.Commits(
        transactions, units, 0, 0, 0, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1.0", "2, 5, 2.5", "4, 4, 1.0", "1, 1000, 1000.0"})
  void unitsPerCommit_someCommits_isTheMean(long transactions, long units, double mean) {
    assertEquals(mean, commits(transactions, units).unitsPerCommit());
  }

  @Test
  void unitsPerCommit_beforeTheFirst_isZero() {
    assertEquals(0.0, commits(0, 0).unitsPerCommit());
  }
}
