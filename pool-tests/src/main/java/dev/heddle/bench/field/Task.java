package dev.heddle.bench.field;

import dev.heddle.bench.Database;
import dev.heddle.bench.Measurement.Warming;
import java.sql.SQLException;
import java.util.List;

/** What a worker does over and over. */
enum Task {
  HOLD("acquire, yield, release", 100_000, 4) {
    @Override
    long run(Operations operations, long random) throws SQLException {
      return operations.hold();
    }
  },
  READ("point read", 200_000, 6) {
    @Override
    long run(Operations operations, long random) throws SQLException {
      return operations.read(among(random, Database.ROWS));
    }
  },
  RANGE("read of 100 rows", 10_000, 5) {
    @Override
    long run(Operations operations, long random) throws SQLException {
      return operations.range(among(random, Rows.LAST_RANGE));
    }
  },
  SCAN("scan of 10,000 rows", 200, 4) {
    @Override
    long run(Operations operations, long random) throws SQLException {
      return operations.scan();
    }
  },
  INSERT("one-row commit", 2_000, 3) {
    @Override
    long run(Operations operations, long random) throws SQLException {
      return operations.insert((double) random);
    }
  },
  TRANSFER("two-update commit", 2_000, 3) {
    @Override
    long run(Operations operations, long random) throws SQLException {
      return operations.transfer(among(random, Database.ROWS), among(random >>> 20, Database.ROWS));
    }
  },
  BATCH("batch of 10,000 rows", 300, 6) {
    @Override
    long run(Operations operations, long random) throws SQLException {
      return operations.batch(ITEMS);
    }
  },
  MIXED("80 % point reads, 20 % one-row commits", 20_000, 5) {
    @Override
    long run(Operations operations, long random) throws SQLException {
      return (inserts(random) ? INSERT : READ).run(operations, random);
    }
  };

  private static final int LEAST_SECONDS = 1;
  private static final List<Rows.Item> ITEMS = Rows.items(Rows.BATCH_ROWS);

  final String title;
  private final int warmUnits;
  private final int longestSeconds;

  Task(String title, int warmUnits, int longestSeconds) {
    this.title = title;
    this.warmUnits = warmUnits;
    this.longestSeconds = longestSeconds;
  }

  /** Until it has been done so often, or those seconds are over. */
  Warming warming() {
    return new Warming(LEAST_SECONDS, warmUnits, longestSeconds);
  }

  /** Does it once; returns the nanoseconds that it waited for a connection. */
  abstract long run(Operations operations, long random) throws SQLException;

  /** Whether the table is emptied before each, outside of what is timed. */
  boolean fillsTable() {
    return this == BATCH;
  }

  boolean writes() {
    return this == INSERT || this == TRANSFER || this == BATCH || this == MIXED;
  }

  private static long among(long random, long count) {
    return Long.remainderUnsigned(random, count) + 1;
  }

  /** One in five, by other bits than those that choose the row. */
  private static boolean inserts(long random) {
    return (random >>> 32) % 5 == 0;
  }
}
