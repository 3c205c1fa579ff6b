package dev.heddle.pool.tests.frameworks;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.tests.Background;
import dev.heddle.pool.tests.PoolFixture;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Pools for frameworks. */
abstract class FrameworkFixture extends PoolFixture {

  /** As many virtual threads as the tests of many have. */
  static final int CROWD = 200;

  /** Who needs a lane that is held finds that out soon. */
  static final Duration IMPATIENT = Duration.ofMillis(300);

  /** Runs for minutes unless it is stopped. */
  static final String ENDLESS =
      "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 3000000000) SELECT"
          + " max(n) FROM c";

  /** A pool on a file that is empty, unless the test has filled it. */
  final SqlitePool openEmpty() throws SQLException {
    return openEmpty(Duration.ofSeconds(30));
  }

  final SqlitePool openEmpty(Duration acquireTimeout) throws SQLException {
    return opened(
        SqlitePool.open(
            PoolConfig.builder(file()).readers(2).acquireTimeout(acquireTimeout).build()));
  }

  /** What each thread of a crowd does. */
  @FunctionalInterface
  interface Part {
    void play(int number) throws Exception;
  }

  /** Plays a part on each of {@link #CROWD} virtual threads, and waits for all of them. */
  final void crowd(Part part) {
    List<Background<@Nullable Void>> threads =
        IntStream.range(0, CROWD)
            .mapToObj(number -> start("part-" + number, part, number))
            .toList();
    threads.forEach(Background::result);
  }

  private Background<@Nullable Void> start(String name, Part part, int number) {
    return start(
        name,
        () -> {
          part.play(number);
          return null;
        });
  }
}
