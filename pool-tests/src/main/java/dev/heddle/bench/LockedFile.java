package dev.heddle.bench;

import com.zaxxer.hikari.HikariDataSource;
import dev.heddle.pool.SqlitePool;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;

/**
 * The gaps of a heartbeat while virtual threads want to write one row each, and another process has
 * the file locked; and what becomes of the rows. A JVM of its own for each contender, and an empty
 * table.
 */
final class LockedFile {

  /** Heddle as it comes. */
  static final String HEDDLE = "heddle";

  /** Heddle with the carriers that there are. */
  static final String HEDDLE_OFF = "heddle-off";

  static final String HIKARI = "hikari";

  /** HikariCP with one connection: what its users do for writing. */
  static final String HIKARI_ONE = "hikari-one";

  static final int WRITERS = 100;
  static final int CONNECTIONS = 4;
  static final Duration LOCKED = Duration.ofSeconds(3);

  /** What Heddle has by itself. */
  static final Duration BUSY_TIMEOUT = Duration.ofSeconds(5);

  private static final int WARMING_ROUNDS = 50;
  private static final String INSERT = "INSERT INTO b(name, value) VALUES (?, ?)";

  /** A pool's way to write a row and commit it. */
  private interface Write {
    void run(int number) throws SQLException;
  }

  private final Path file;
  private final Figures figures = new Figures();
  private final LongAdder committed = new LongAdder();
  private final LongAdder timeouts = new LongAdder();
  private final LongAdder errors = new LongAdder();
  private final AtomicReference<@Nullable SQLException> first = new AtomicReference<>();

  private LockedFile(Path file) {
    this.file = file;
  }

  /**
   * Measures one contender.
   *
   * @param args contender, file
   */
  public static void main(String[] args) throws Exception {
    new LockedFile(Path.of(args[1])).run(args[0]);
  }

  private void run(String contender) throws SQLException, IOException, InterruptedException {
    switch (contender) {
      case HEDDLE, HEDDLE_OFF -> heddle(contender.equals(HEDDLE));
      case HIKARI -> hikari(CONNECTIONS);
      case HIKARI_ONE -> hikari(1);
      default -> throw new IllegalArgumentException(contender);
    }
    figures.print();
  }

  private void heddle(boolean reserve) throws SQLException, IOException, InterruptedException {
    try (SqlitePool pool = Contenders.heddle(file, CONNECTIONS, reserve)) {
      measure(
          number ->
              pool.useWriter(lease -> lease.update(INSERT, "name of a row", (double) number)));
    }
  }

  private void hikari(int connections) throws SQLException, IOException, InterruptedException {
    try (HikariDataSource pool = Contenders.hikari(file, connections, BUSY_TIMEOUT)) {
      measure(number -> insert(pool, number));
    }
  }

  private static void insert(HikariDataSource pool, int number) throws SQLException {
    try (Connection connection = pool.getConnection();
        PreparedStatement insert = connection.prepareStatement(INSERT)) {
      insert.setString(1, "name of a row");
      insert.setDouble(2, number);
      insert.executeUpdate();
    }
  }

  private void measure(Write write) throws SQLException, IOException, InterruptedException {
    warm(write);
    long before = Database.count(file, "b");
    Process holder = LockHolder.start(file, LOCKED);
    Heartbeat heartbeat = Heartbeat.start();
    long start = System.nanoTime();
    writeAll(write);
    figures.put("allMillis", (System.nanoTime() - start) / 1e6);
    heartbeat.stop(figures);
    holder.waitFor();
    putOutcome(Database.count(file, "b") - before);
  }

  /** Until everything has been loaded and compiled, on every connection. */
  private void warm(Write write) throws InterruptedException {
    Heartbeat heartbeat = Heartbeat.start();
    for (int i = 0; i < WARMING_ROUNDS; i++) {
      writeAll(write);
    }
    heartbeat.stop(new Figures());
    if (first.get() != null) {
      throw new AssertionError("a write failed, and nobody had locked the file", first.get());
    }
    committed.reset();
  }

  private void writeAll(Write write) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      int number = i;
      threads.add(Thread.ofVirtual().start(() -> write(write, number)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void write(Write write, int number) {
    try {
      write.run(number);
      committed.increment();
    } catch (SQLException e) {
      first.compareAndSet(null, e);
      (isTimeout(e) ? timeouts : errors).increment();
    }
  }

  private static boolean isTimeout(SQLException e) {
    return e instanceof SQLTimeoutException
        || e instanceof SQLTransientConnectionException
        || (e.getErrorCode() & 0xFF) == SQLiteErrorCode.SQLITE_BUSY.code;
  }

  private void putOutcome(long rows) {
    if (rows != committed.sum()) {
      throw new AssertionError(committed + " rows committed, but " + rows + " are there");
    }
    SQLException failure = first.get();
    if (failure != null) {
      failure.printStackTrace();
    }
    figures.put("committed", rows);
    figures.put("timeouts", timeouts.sum());
    figures.put("errors", errors.sum());
  }
}
