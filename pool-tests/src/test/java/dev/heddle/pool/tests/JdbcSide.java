package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.heddle.pool.ConnectionSetup;
import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.SqlitePool;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteDataSource;

/**
 * One of those that docs/jdbc.md compares, on a new file in WAL mode. All have the defaults, but
 * for how long they wait for what another one holds.
 */
abstract class JdbcSide implements AutoCloseable {

  /** Opens a side on a file. */
  @FunctionalInterface
  interface Maker {
    JdbcSide open(Path file) throws SQLException;
  }

  private static final Duration BRIEF = Duration.ofMillis(250);

  private static final String[] SCHEMA = {
    "PRAGMA journal_mode = WAL",
    "BEGIN",
    "CREATE TABLE t(id INTEGER PRIMARY KEY, v)",
    "CREATE TABLE person(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
    "CREATE TABLE child(parent REFERENCES t(id))",
    "CREATE TABLE late(parent REFERENCES t(id) DEFERRABLE INITIALLY DEFERRED)",
    "CREATE TABLE audited(v)",
    "CREATE TRIGGER audit AFTER INSERT ON audited BEGIN"
        + " INSERT INTO t(v) VALUES (new.v), (new.v); END",
    "COMMIT",
  };

  private final Path file;
  private final Gate gate;
  private final List<Background<?>> threads = new ArrayList<>();

  private JdbcSide(Path file, Gate gate) {
    this.file = file;
    this.gate = gate;
  }

  static JdbcSide driver(Path file) throws SQLException {
    Database.create(file, SCHEMA);
    Gate gate = new Gate();
    return new Driver(file, gate, new Physical(file, gate));
  }

  static JdbcSide hikari(Path file) throws SQLException {
    Database.create(file, SCHEMA);
    Gate gate = new Gate();
    HikariConfig config = new HikariConfig();
    config.setDataSource(new Physical(file, gate));
    config.setMaximumPoolSize(2);
    config.setConnectionTimeout(1000);
    HikariDataSource pool = new HikariDataSource(config);
    Await.until("both are there", () -> pool.getHikariPoolMXBean().getIdleConnections() == 2);
    return new Hikari(file, gate, pool);
  }

  static JdbcSide heddle(Path file) throws SQLException {
    Database.create(file, SCHEMA);
    Gate gate = new Gate();
    PoolConfig config =
        PoolConfig.builder(file)
            .readers(2)
            .busyTimeout(BRIEF)
            .onConnect(gate.functions())
            .onConnect(Passing.functions())
            .build();
    return new Heddle(file, gate, SqlitePool.open(config));
  }

  /** The same as others see it, past all pools. */
  final Database outside() throws SQLException {
    return Database.connect(file);
  }

  /** What a query gives on what is committed. */
  final String committed(String query) throws SQLException {
    return String.valueOf(Database.ask(file, query));
  }

  final Gate gate() {
    return gate;
  }

  final Connection connect() throws SQLException {
    return source().getConnection();
  }

  final <T extends @Nullable Object> Background<T> start(String name, Callable<T> work) {
    Background<T> background = Background.start(name, work);
    threads.add(background);
    return background;
  }

  abstract DataSource source();

  /** As {@link #source}, but it waits only briefly for what another one holds. */
  abstract DataSource impatient();

  /** Until the work is done, or waits in Java for another connection's transaction. */
  abstract void settle(Background<?> work);

  abstract void closePool() throws SQLException;

  @Override
  public final void close() throws SQLException {
    gate.open();
    threads.forEach(Background::end);
    closePool();
  }

  /** Opens connections of the driver that have the functions of the tests. */
  private static final class Physical extends SQLiteDataSource {
    private final List<ConnectionSetup> setups;

    Physical(Path file, Gate gate) {
      super(config());
      setups = List.of(gate.functions(), Passing.functions());
      setUrl("jdbc:sqlite:file:" + file.toUri().getRawPath());
    }

    private static SQLiteConfig config() {
      SQLiteConfig config = new SQLiteConfig();
      config.setBusyTimeout((int) BRIEF.toMillis());
      return config;
    }

    @Override
    public SQLiteConnection getConnection(@Nullable String user, @Nullable String password)
        throws SQLException {
      SQLiteConnection connection = super.getConnection(user, password);
      for (ConnectionSetup setup : setups) {
        setup.setUp(connection);
      }
      return connection;
    }
  }

  private static final class Driver extends JdbcSide {
    private final DataSource source;

    Driver(Path file, Gate gate, DataSource source) {
      super(file, gate);
      this.source = source;
    }

    @Override
    DataSource source() {
      return source;
    }

    @Override
    DataSource impatient() {
      return source;
    }

    @Override
    void settle(Background<?> work) {
      Await.until("it is done", work::isDone);
    }

    @Override
    void closePool() {}
  }

  private static final class Hikari extends JdbcSide {
    private final HikariDataSource pool;

    Hikari(Path file, Gate gate, HikariDataSource pool) {
      super(file, gate);
      this.pool = pool;
    }

    @Override
    DataSource source() {
      return pool;
    }

    @Override
    DataSource impatient() {
      return pool;
    }

    @Override
    void settle(Background<?> work) {
      Await.until("it is done", work::isDone);
    }

    @Override
    void closePool() {
      pool.close();
    }
  }

  private static final class Heddle extends JdbcSide {
    private final SqlitePool pool;

    Heddle(Path file, Gate gate, SqlitePool pool) {
      super(file, gate);
      this.pool = pool;
    }

    @Override
    DataSource source() {
      return pool.dataSource();
    }

    @Override
    DataSource impatient() {
      return pool.dataSource(LeaseOptions.DEFAULTS.withWaitAtMost(BRIEF));
    }

    @Override
    void settle(Background<?> work) {
      Await.until(
          "it is done, or waits", () -> work.isDone() || pool.stats().writer().waiting() == 1);
    }

    /** And looks that nothing of the pool's is left with anybody. */
    @Override
    void closePool() throws SQLException {
      assertEquals(0, pool.stats().writer().held(), "the writer is held");
      assertEquals(0, pool.stats().readers().held(), "readers are held");
      pool.close();
    }
  }
}
