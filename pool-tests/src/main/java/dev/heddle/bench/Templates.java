package dev.heddle.bench;

import com.zaxxer.hikari.HikariDataSource;
import dev.heddle.pool.SqlitePool;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Virtual threads that call Spring's {@code JdbcTemplate}, as a server would that knows of no pool:
 * four calls in five read a row, the fifth inserts one. A JVM of its own for each contender. At the
 * end each row that was acknowledged must be there, and no other.
 */
final class Templates {

  static final int THREADS = 1000;

  /** Heddle's data source. */
  static final String HEDDLE = "heddle";

  /** HikariCP over the driver. */
  static final String HIKARI = "hikari";

  /** As the driver has it by default, and longer. */
  private static final Duration BUSY_TIMEOUT = Duration.ofSeconds(5);

  private static final String READ = "SELECT balance FROM t WHERE id = ?";
  private static final String INSERT = "INSERT INTO b(name, value) VALUES (?, ?)";
  private static final String COUNT = "SELECT count(*) FROM b";

  private static final int SQLITE_BUSY = 5;

  private static final Measurement.Warming WARMING = new Measurement.Warming(3, 100_000, 15);

  private final LongAdder inserted = new LongAdder();
  private final LongAdder busy = new LongAdder();

  private Templates() {}

  /**
   * Measures one contender.
   *
   * @param args contender, file, value of {@code synchronous}, connections, seconds to measure
   */
  public static void main(String[] args) throws Exception {
    new Templates()
        .run(args[0], Path.of(args[1]), args[2], Integer.parseInt(args[3]), seconds(args[4]));
  }

  private static int seconds(String text) {
    return Integer.parseInt(text);
  }

  private void run(String contender, Path file, String synchronous, int connections, int seconds)
      throws SQLException, InterruptedException {
    long before = Database.number(file, COUNT);
    if (contender.equals(HEDDLE)) {
      try (SqlitePool pool = Contenders.heddle(file, connections - 1, synchronous)) {
        ReadBack.requireSynchronous(ReadBack.ofWriter(pool), synchronous);
        measure(pool.dataSource(), seconds);
      }
    } else {
      try (HikariDataSource pool =
          Contenders.hikari(file, connections, BUSY_TIMEOUT, synchronous)) {
        Map<String, String> pragmas = ReadBack.of(pool);
        ReadBack.requireSynchronous(pragmas, synchronous);
        measure(pool, seconds);
      }
    }
    long rows = Database.number(file, COUNT) - before;
    if (rows != inserted.sum()) {
      throw new AssertionError(rows + " rows, acknowledged: " + inserted.sum());
    }
  }

  private void measure(DataSource source, int seconds) throws InterruptedException {
    JdbcTemplate template = new JdbcTemplate(source);
    Measurement measurement = new Measurement();
    Crowd crowd = new Crowd(measurement, true);
    crowd.start(Thread.ofVirtual().factory(), THREADS, random -> call(template, random));
    measurement.run(WARMING, seconds, () -> {});
    crowd.join();
    new Figures()
        .units(measurement, crowd)
        .put("leastServed", crowd.leastServed())
        .put("mostServed", crowd.mostServed())
        .put("busy", busy.sum())
        .print();
  }

  private long call(JdbcTemplate template, long random) throws SQLException {
    long id = Long.remainderUnsigned(random, Database.ROWS) + 1;
    long start = System.nanoTime();
    try {
      if (Long.remainderUnsigned(Long.rotateLeft(random, 21), 5) == 0) {
        template.update(INSERT, "somebody", id);
        inserted.increment();
      } else {
        requireBalance(template.queryForObject(READ, Long.class, id), id);
      }
    } catch (DataAccessException e) {
      throw counted(e);
    }
    return System.nanoTime() - start;
  }

  private static void requireBalance(@Nullable Long balance, long id) {
    if (balance == null || balance != id * 17) {
      throw new AssertionError("row " + id + " is " + balance);
    }
  }

  private SQLException counted(DataAccessException e) {
    if (e.getMostSpecificCause() instanceof SQLException cause) {
      if ((cause.getErrorCode() & 0xFF) == SQLITE_BUSY) {
        busy.increment();
      }
      return cause;
    }
    throw e;
  }
}
