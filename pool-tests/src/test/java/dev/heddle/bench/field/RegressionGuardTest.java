package dev.heddle.bench.field;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.bench.Database;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Notices a large loss of speed: Heddle and the driver, with its statements kept, take turns in
 * short slices, one thread each. What else goes on on the machine hits both alike, and a few slices
 * that it spoils do not move the median of the ratios.
 */
@Tag("slow")
class RegressionGuardTest {

  /** Heddle takes less time than the driver in all four; a tenth of that is noise. */
  private static final double MOST = 1.4;

  private static final int SLICES = 40;
  private static final long SLICE_NANOS = 50_000_000;
  private static final int WARM_SLICES = 10;
  private static final List<Rows.Item> ITEMS = Rows.items(1000);

  @TempDir Path folder;
  private Contender heddle;
  private Contender driver;
  private Operations leases;
  private Operations jdbc;
  private long random = 1;

  /** What is done in a slice, over and over. */
  private interface Operation {
    void run(Operations operations, long random) throws SQLException;
  }

  @BeforeEach
  void openBoth() throws Exception {
    // A file for each, so that neither grows for the other.
    Path ours = Database.create(folder, "heddle.db");
    Path theirs = Database.create(folder, "driver.db");
    heddle = Entrant.HEDDLE.open(ours, 1, Shape.NORMAL);
    driver = Entrant.DRIVER.open(theirs, 1, Shape.NORMAL);
    leases = heddle.operations();
    jdbc = driver.operations();
  }

  @AfterEach
  void closeBoth() throws Exception {
    leases.close();
    jdbc.close();
    heddle.close();
    driver.close();
  }

  @Test
  void pointRead_besideTheDriver_isNotMuchSlower() throws SQLException {
    assertTime((operations, random) -> Task.READ.run(operations, random));
  }

  @Test
  void scan_besideTheDriver_isNotMuchSlower() throws SQLException {
    assertTime((operations, random) -> operations.scan());
  }

  @Test
  void commit_besideTheDriver_isNotMuchSlower() throws SQLException {
    assertTime((operations, random) -> Task.INSERT.run(operations, random));
  }

  @Test
  void batch_besideTheDriver_isNotMuchSlower() throws SQLException {
    assertTime((operations, random) -> operations.batch(ITEMS));
  }

  private void assertTime(Operation operation) throws SQLException {
    List<Double> ratios = new ArrayList<>();
    for (int i = -WARM_SLICES; i < SLICES; i++) {
      // Whoever comes second finds the processor's caches as the first has left them: in turn.
      double first = nanos(i % 2 == 0 ? leases : jdbc, operation);
      double second = nanos(i % 2 == 0 ? jdbc : leases, operation);
      if (i >= 0) {
        ratios.add(i % 2 == 0 ? first / second : second / first);
      }
    }
    Collections.sort(ratios);
    double median = ratios.get(ratios.size() / 2);
    assertTrue(
        median <= MOST,
        () -> "%.2f times as long as the driver, of all slices: %s".formatted(median, ratios));
  }

  /** The mean time of an operation in one slice. */
  private double nanos(Operations operations, Operation operation) throws SQLException {
    long start = System.nanoTime();
    long count = 0;
    long passed;
    do {
      operation.run(operations, next());
      count++;
      passed = System.nanoTime() - start;
    } while (passed < SLICE_NANOS);
    return (double) passed / count;
  }

  private long next() {
    random ^= random << 13;
    random ^= random >>> 7;
    random ^= random << 17;
    return random;
  }
}
