package dev.heddle.pool;

import dev.heddle.pool.internal.Assembly;
import dev.heddle.pool.internal.TemporaryFolder;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A pool of connections to one SQLite file: one writer, many readers.
 *
 * {@snippet :
 * try (SqlitePool pool = SqlitePool.open(Path.of("app.db"))) {
 *   pool.useWriter(lease -> lease.update("INSERT INTO users(name) VALUES (?)", "Alice"));
 *   List<Row> users = pool.read(lease -> lease.query("SELECT id, name FROM users"));
 * }
 * }
 *
 * <p>Open one pool for a file and keep it as long as the program runs. The database is in WAL mode,
 * and every connection is opened with the pool. Safe for all threads.
 *
 * <p>A second pool on the same file in one JVM works like one of another program, and is warned
 * about; one that comes by a hard link is refused, as SQLite would destroy the database.
 */
public final class SqlitePool implements LeasePool {

  private final Assembly assembly;

  private SqlitePool(Assembly assembly) {
    this.assembly = assembly;
  }

  /**
   * Opens a pool on a file with the default settings; the file is created if it does not exist.
   *
   * @param database the file
   * @return the pool, to be closed
   * @throws SQLException if it can't be opened: a missing folder, no permission, not a database, a
   *     lock of another process that lasts longer than {@code open-timeout}. Nothing stays open,
   *     and a file that was there is untouched
   */
  public static SqlitePool open(Path database) throws SQLException {
    return open(PoolConfig.builder(database).build());
  }

  /**
   * Opens a pool.
   *
   * @param config how
   * @return the pool, to be closed
   * @throws SQLException if it can't be opened
   * @throws IllegalArgumentException if SQLite does not take a pragma of the configuration
   */
  public static SqlitePool open(PoolConfig config) throws SQLException {
    return open(config, () -> {});
  }

  private static SqlitePool open(PoolConfig config, Runnable afterClose) throws SQLException {
    return new SqlitePool(Assembly.open(config.settings(), config.setups(), afterClose));
  }

  /**
   * Opens a pool on a new database in a temporary folder, which {@link #close} removes: for tests.
   * It is a real file with a WAL, so it behaves like one in production; only {@code synchronous} is
   * off, as there is nothing to survive.
   *
   * @return the pool, to be closed
   * @throws SQLException if it can't be opened
   */
  public static SqlitePool ephemeral() throws SQLException {
    return ephemeral(database -> {});
  }

  /**
   * {@link #ephemeral()}, on a copy of a database: for tests that want a schema and rows, and can't
   * wait for migrations. Make the template once, with migrations and {@link Maintenance#backup} or
   * by closing the pool that made it.
   *
   * @param template a database that nobody has open; it is only read
   * @return the pool, to be closed
   * @throws SQLException if it can't be opened: the template is missing, no database, open in a
   *     pool of this program, or has a WAL or a journal with something in it (08001)
   */
  public static SqlitePool ephemeral(Path template) throws SQLException {
    return ephemeral(database -> Assembly.stored(template).copyTo(database, Optional.empty()));
  }

  private static SqlitePool ephemeral(Action<Path, SQLException> prepare) throws SQLException {
    TemporaryFolder folder = TemporaryFolder.create();
    try {
      prepare.run(folder.database());
      PoolConfig config =
          PoolConfig.builder(folder.database()).pragma("synchronous", "OFF").build();
      return open(config, folder::remove);
    } catch (Throwable t) {
      folder.remove();
      throw t;
    }
  }

  @Override
  public ReadLease acquireReader(LeaseOptions options) throws SQLException {
    return assembly.leases().reader(options, false);
  }

  @Override
  public ReadLease acquireSnapshot(LeaseOptions options) throws SQLException {
    return assembly.leases().reader(options, true);
  }

  @Override
  public WriteLease acquireWriter(LeaseOptions options) throws SQLException {
    return assembly.leases().writer(options);
  }

  @Override
  public <T extends @Nullable Object, X extends Throwable> T read(
      LeaseOptions options, Work<? super ReadLease, T, X> work) throws SQLException, X {
    return assembly.leases().read(options, work);
  }

  @Override
  public <T extends @Nullable Object, X extends Throwable> T write(
      LeaseOptions options, Work<? super WriteLease, T, X> work) throws SQLException, X {
    return assembly.leases().write(options, work);
  }

  /**
   * A data source for everything that speaks JDBC. A connection of it holds nothing until a
   * statement needs a lane, and then no longer than that needs it:
   *
   * <ul>
   *   <li>with {@code autoCommit}, what only reads runs on a reader, anything else on the writer,
   *       for that statement alone; a batch is one unit;
   *   <li>without, the writer is held from the first statement to {@code commit} or {@code
   *       rollback}, and the commit is shared with others, as that of a lease;
   *   <li>a connection that is {@link java.sql.Connection#setReadOnly read-only} never touches the
   *       writer; its transactions are snapshots;
   *   <li>one that sets a PRAGMA, creates a TEMP object or attaches a database keeps the writer
   *       until it is closed, so that nobody else meets what it left.
   * </ul>
   *
   * <p>So {@code getConnection} never waits: the statement does that has to, and throws what {@link
   * #acquireReader()} or {@link #acquireWriter()} would. Connections may be passed from thread to
   * thread, and used by one at a time; another one waits for its turn. The whole of what JDBC has,
   * and how it behaves here, is in {@code docs/jdbc.md}.
   *
   * @return the data source; safe for all threads
   */
  public DataSource dataSource() {
    return assembly.dataSource();
  }

  /**
   * {@link #dataSource()}, whose connections take their leases on these terms.
   *
   * @param options the terms of each lease: its label, and how long to wait for it and hold it
   * @return the data source; safe for all threads
   */
  public DataSource dataSource(LeaseOptions options) {
    return assembly.dataSource().with(options);
  }

  /**
   * {@link #dataSource()}, whose connections are read-only and stay so.
   *
   * @return the data source; safe for all threads
   */
  public DataSource readerDataSource() {
    return assembly.dataSource().reading();
  }

  /**
   * {@link #dataSource()}, whose connections run everything on the writer, what only reads as well.
   * That of a read-only pool gives none (25006).
   *
   * @return the data source; safe for all threads
   */
  public DataSource writerDataSource() {
    return assembly.dataSource().writing();
  }

  /**
   * Whether the pool can do its work: the file is still the one that was opened, a new connection
   * can read it, and the writer is in order. Why it is not, is logged when that changes. Busy lanes
   * are no illness, nor is a full disk: reads go on then, and writing resumes when there is room.
   *
   * <p>Blocks for as long as opening a connection takes, about a millisecond; meant for the health
   * check of a server.
   *
   * @return false also when the pool is closed
   */
  public boolean isHealthy() {
    return assembly.isHealthy();
  }

  /**
   * Tells a listener of each commit that this pool makes from now on, with the tables that it may
   * have changed: for caches, and for whoever shows what is in the database.
   *
   * {@snippet :
   * pool.onCommit(
   *     commit -> {
   *       if (commit.mayHaveChanged("users")) {
   *         users.clear();
   *       }
   *     });
   * }
   *
   * <p>The listener is called after the commit, which is as durable by then as {@code synchronous}
   * makes it, and neither the commit nor the next one waits for it; see {@link CommitListener}. It
   * is not told of a transaction that changed no table, was rolled back, or was made by another
   * process. It may be told too much: of a commit whose outcome is unknown (08007), of what a
   * savepoint has undone, and of all tables ({@link CommitListener.Commit#SCHEMA}) if a transaction
   * wrote before the listening began.
   *
   * <p>A listener that falls more than 1,024 commits behind is told of the later ones {@linkplain
   * CommitListener.Commit#commits together}. {@link #close} lets listeners come to their end, for
   * as long as {@code close-timeout}.
   *
   * @param listener what to call
   * @return ends the listening; need not be kept if it is to last as long as the pool
   */
  public CommitListener.Subscription onCommit(CommitListener listener) {
    return assembly.commits().subscribe(Objects.requireNonNull(listener, "listener"));
  }

  /**
   * Tells a listener what happens in this pool from now on: leases, commits, checkpoints, slow
   * statements, leases in trouble. For metrics, traces and alarms; a lease that was asked for
   * before the listening began need not be told of. Without a listener it costs nothing.
   *
   * @param listener what to call, see there by whom and when
   * @return ends the listening; need not be kept if it is to last as long as the pool
   */
  public CommitListener.Subscription listen(PoolListener listener) {
    return assembly.events().listen(Objects.requireNonNull(listener, "listener"));
  }

  /**
   * What is done for the file: checkpoints, statistics, backups, checks, compaction.
   *
   * @return the same at each call; safe for all threads
   */
  public Maintenance maintenance() {
    return assembly.maintenance();
  }

  @Override
  public PoolStats stats() {
    return assembly.stats();
  }

  /**
   * The pool in words, for logs and for somebody who looks for what is stuck: what each connection
   * is doing, who holds it, since when, under which label, and which SQL it runs (without the
   * values of parameters); who waits, in their order; the open group; the WAL; the settings. Costs
   * little, stops nothing, and may be called at any time, by any thread.
   *
   * @return several lines
   */
  public String dump() {
    return assembly.dump();
  }

  @Override
  public void close() {
    assembly.close();
  }

  /** The pool's name and numbers. */
  @Override
  public String toString() {
    return "SqlitePool[" + stats() + "]";
  }
}
