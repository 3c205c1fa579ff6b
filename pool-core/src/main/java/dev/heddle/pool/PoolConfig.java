package dev.heddle.pool;

import dev.heddle.pool.internal.config.Draft;
import dev.heddle.pool.internal.config.Kind;
import dev.heddle.pool.internal.config.Option;
import dev.heddle.pool.internal.config.Origin;
import dev.heddle.pool.internal.config.PragmaFamily;
import dev.heddle.pool.internal.config.Settings;
import dev.heddle.pool.internal.config.SettingsReader;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a pool is set up: its database file and every option.
 *
 * <p>A configuration comes from a program ({@link #builder}), from a properties file ({@link
 * #load}) or from {@link Properties} ({@link #from}), and mixes them through {@link #toBuilder}:
 *
 * {@snippet :
 * PoolConfig config =
 *     PoolConfig.load(Path.of("orders.properties")).toBuilder()
 *         .onConnect(connection -> Function.create(connection, "slug", new Slug()))
 *         .build();
 * }
 *
 * <p>Values are checked when they are given, and rejected, never clamped: a wrong one is an {@link
 * IllegalArgumentException} that names the key, the value, what is allowed and where the value came
 * from. All options are listed in {@code docs/configuration.md}.
 *
 * <p>Making a configuration opens and creates nothing. Instances are immutable and safe for use by
 * many threads. Two are equal when every value is equal, given or default, and they have equal
 * {@link Builder#onConnect onConnect} functions in the same order.
 */
public final class PoolConfig {

  private final Settings settings;
  private final List<ConnectionSetup> setups;

  private PoolConfig(Settings settings, List<ConnectionSetup> setups) {
    this.settings = settings;
    this.setups = List.copyOf(setups);
  }

  /**
   * Starts a configuration in which every other option has its default.
   *
   * @param database the database file; it is created if missing when the pool opens. A relative
   *     path is relative to the working directory.
   * @return a new builder
   * @throws IllegalArgumentException if the path can't be a database file: it names no file, it is
   *     {@code :memory:}, or it is not of the default file system
   */
  public static Builder builder(Path database) {
    Origin origin = Origin.call("builder");
    requireDefaultFileSystem(Option.DATABASE, database);
    Draft draft = new Draft();
    draft.set(Option.DATABASE, database.toString(), origin);
    return new Builder(draft, List.of());
  }

  private static void requireDefaultFileSystem(Option option, Path file) {
    if (!file.getFileSystem().equals(FileSystems.getDefault())) {
      throw new IllegalArgumentException(
          option.key() + ": " + file + " is not of the default file system, where SQLite looks");
    }
  }

  /**
   * Reads a properties file in UTF-8, and what overrides it.
   *
   * <p>System properties ({@code heddle.readers}) and environment variables ({@code
   * HEDDLE_READERS}) override the file. If the file gives a {@code name}, say {@code orders}, so do
   * {@code heddle.orders.readers} and {@code HEDDLE_ORDERS_READERS}, which win over those without a
   * name; of two that are alike the system property wins. Variables of that prefix that fit no
   * option are ignored; an unknown key in the file is an error. They are all read once, now.
   *
   * <p>A relative {@code database} is relative to the working directory, as everywhere, not to the
   * file's folder. White space around values does not count.
   *
   * @param propertiesFile the file
   * @return the configuration
   * @throws java.nio.file.NoSuchFileException if there is no such file
   * @throws IOException if it can't be read
   * @throws IllegalArgumentException if anything in it is wrong; the message has a line for each
   *     problem
   */
  public static PoolConfig load(Path propertiesFile) throws IOException {
    Properties properties = System.getProperties();
    Map<String, String> systemProperties =
        properties.stringPropertyNames().stream()
            .collect(Collectors.toMap(name -> name, name -> properties.getProperty(name, "")));
    return load(propertiesFile, System.getenv(), systemProperties);
  }

  /** As {@link #load(Path)}, with overrides from elsewhere: tests can't set the environment. */
  static PoolConfig load(
      Path propertiesFile,
      Map<String, String> environmentVariables,
      Map<String, String> systemProperties)
      throws IOException {
    Settings settings = SettingsReader.read(propertiesFile, environmentVariables, systemProperties);
    return new PoolConfig(settings, List.of());
  }

  /**
   * Takes the options from properties, with the keys of a properties file. Nothing overrides them.
   * Later changes of the properties have no effect.
   *
   * @param properties all options that are not to have their default, at least {@code database};
   *     inherited defaults count
   * @return the configuration
   * @throws IllegalArgumentException if a key is unknown, a value is not allowed or no string, or
   *     {@code database} is missing; the message has a line for each problem
   */
  public static PoolConfig from(Properties properties) {
    return new PoolConfig(SettingsReader.read(properties), List.of());
  }

  /**
   * A builder that starts with everything given here. Defaults stay defaults: the pool's name
   * follows a new database.
   *
   * @return a new builder
   */
  public Builder toBuilder() {
    return new Builder(Draft.of(settings), setups);
  }

  /**
   * The database file.
   *
   * @return the path as it was given; a relative one is relative to the working directory
   */
  public Path database() {
    return settings.database();
  }

  /**
   * The pool's name in logs, metrics and errors.
   *
   * @return the name, letters, digits and {@code . _ -} only
   */
  public String name() {
    return settings.name();
  }

  Settings settings() {
    return settings;
  }

  /** What to run on every new connection, in this order. */
  List<ConnectionSetup> setups() {
    return setups;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PoolConfig that
        && settings.equals(that.settings)
        && setups.equals(that.setups);
  }

  @Override
  public int hashCode() {
    return Objects.hash(settings, setups);
  }

  /**
   * Every option and pragma with its value; defaults are marked. For people: the form may change.
   *
   * @return the text, in one line
   */
  @Override
  public String toString() {
    return "PoolConfig[" + settings + ", onConnect=" + setups.size() + "]";
  }

  /**
   * Collects options for a {@link PoolConfig}.
   *
   * <p>An option that is given again replaces what was given before. Every method checks its value
   * at once and leaves the builder as it was if it throws. Durations are whole milliseconds. Not
   * safe for use by several threads at a time. A builder can be used again after {@link #build}.
   */
  public static final class Builder {

    private final Draft draft;
    private final List<ConnectionSetup> setups;

    private Builder(Draft draft, List<ConnectionSetup> setups) {
      this.draft = draft;
      this.setups = new ArrayList<>(setups);
    }

    /**
     * The pool's name in logs, metrics and errors. Default: the file name of the database, any
     * other character replaced by {@code _}.
     *
     * @param name letters, digits and {@code . _ -} only
     * @return this builder
     * @throws IllegalArgumentException if it is empty or has other characters
     */
    public Builder name(String name) {
      return give(Option.NAME, name, "name");
    }

    /**
     * Opens the file for reading only: the pool has readers and no writer. The file must exist, and
     * neither opening nor closing changes it; what asks for the writer is refused (25006), and
     * {@link SqlitePool#dataSource} runs everything on readers. Other programs, or another pool,
     * may write meanwhile; what they commit is seen by the next read. Default: the pool reads and
     * writes, which {@code set("mode", "read-write")} restores.
     *
     * <p>For a database in WAL mode, SQLite creates the files {@code -wal} and {@code -shm} beside
     * it if they are missing; without permission for that, it can't be read unless they are there.
     * One that is not in WAL mode stays so.
     *
     * @return this builder
     */
    public Builder readOnly() {
      return give(Option.MODE, "read-only", "readOnly");
    }

    /**
     * How many reader connections the pool has. Default: twice the available processors, at least 4
     * and at most 16.
     *
     * @param readers from 1 to 1000
     * @return this builder
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder readers(int readers) {
      return give(Option.READERS, readers, "readers");
    }

    /**
     * How long to wait for a lease. Default: 5 seconds.
     *
     * @param timeout from zero, which means not to wait, to 24 hours
     * @return this builder
     * @throws IllegalArgumentException if it is out of range or no whole number of milliseconds
     */
    public Builder acquireTimeout(Duration timeout) {
      return give(Option.ACQUIRE_TIMEOUT, timeout, "acquireTimeout");
    }

    /**
     * How long opening the pool waits for another process that is migrating or recovering the
     * database. Default: 30 seconds.
     *
     * @param timeout from zero, which means not to wait, to 24 hours
     * @return this builder
     * @throws IllegalArgumentException if it is out of range or no whole number of milliseconds
     */
    public Builder openTimeout(Duration timeout) {
      return give(Option.OPEN_TIMEOUT, timeout, "openTimeout");
    }

    /**
     * How many threads may wait for each lane; whoever comes after them fails at once. Default: no
     * limit, which {@code set("queue-limit", "none")} restores.
     *
     * @param waiters from 0, which means that nobody may wait
     * @return this builder
     * @throws IllegalArgumentException if it is negative
     */
    public Builder queueLimit(int waiters) {
      return give(Option.QUEUE_LIMIT, waiters, "queueLimit");
    }

    /**
     * How long the writer may be held. A lease that is held longer is revoked: a statement that
     * runs is ended, the work is rolled back, and the writer goes to the next thread; the holder's
     * next call throws (08003). A lease in {@code commit} is never revoked. Default: 30 seconds.
     *
     * @param time from zero, which means for ever, to 24 hours
     * @return this builder
     * @throws IllegalArgumentException if it is out of range or no whole number of milliseconds
     */
    public Builder writerMaxTime(Duration time) {
      return give(Option.WRITER_MAX_TIME, time, "writerMaxTime");
    }

    /**
     * How long a reader may be held; as {@link #writerMaxTime}. A reader that has a snapshot keeps
     * the WAL from starting anew, so that it grows with every commit. Default: 5 minutes.
     *
     * @param time from zero, which means for ever, to 24 hours
     * @return this builder
     * @throws IllegalArgumentException if it is out of range or no whole number of milliseconds
     */
    public Builder readerMaxTime(Duration time) {
      return give(Option.READER_MAX_TIME, time, "readerMaxTime");
    }

    /**
     * How long SQLite may work on one statement. Waiting for a lock of another process counts; what
     * the program does between two rows does not. A statement that takes longer is ended, with a
     * {@link java.sql.SQLTimeoutException} (57014). A query timeout of a JDBC statement goes before
     * this one; a JDBC batch counts as one statement. Default: zero.
     *
     * <p>If a statement that writes is ended, SQLite rolls back the whole transaction; leases whose
     * commit it shares are rolled back with it (40001).
     *
     * @param timeout from zero, which means any time, to 24 hours
     * @return this builder
     * @throws IllegalArgumentException if it is out of range or no whole number of milliseconds
     */
    public Builder statementTimeout(Duration timeout) {
      return give(Option.STATEMENT_TIMEOUT, timeout, "statementTimeout");
    }

    /**
     * When a lease that is still held is logged, once, with its label and what its thread is doing
     * at that moment. Default: 10 seconds.
     *
     * @param time from zero, which means never, to 24 hours
     * @return this builder
     * @throws IllegalArgumentException if it is out of range or no whole number of milliseconds
     */
    public Builder leakReportAfter(Duration time) {
      return give(Option.LEAK_REPORT_AFTER, time, "leakReportAfter");
    }

    /**
     * Whether the pool keeps the stack of each acquisition, and shows it in reports and errors
     * about that lease. Acquiring then takes 15 to 20 times as long: for finding a leak, not for
     * every day. Default: {@code false}.
     *
     * @param keep {@code true} to keep them
     * @return this builder
     */
    public Builder leakReportStacks(boolean keep) {
      return give(Option.LEAK_REPORT_STACKS, keep ? "on" : "off", "leakReportStacks");
    }

    /**
     * When a statement is logged, with its SQL but without the values of its parameters, since it
     * was open for longer than that: from its first step until its cursor is closed, with what the
     * program does between its rows. Default: 1 second.
     *
     * @param time from zero, which means never, to 24 hours
     * @return this builder
     * @throws IllegalArgumentException if it is out of range or no whole number of milliseconds
     */
    public Builder slowStatementAfter(Duration time) {
      return give(Option.SLOW_STATEMENT_AFTER, time, "slowStatementAfter");
    }

    /**
     * Whether what {@code EXPLAIN QUERY PLAN} says of a slow statement is logged with it. It is
     * asked on the same connection when the lease is over, and not of more than 16 statements of
     * one. Default: {@code false}.
     *
     * @param show {@code true} to show it
     * @return this builder
     */
    public Builder slowStatementPlan(boolean show) {
      return give(Option.SLOW_STATEMENT_PLAN, show ? "on" : "off", "slowStatementPlan");
    }

    /**
     * When it is logged that a thread has waited for a lease for longer than that, with who had the
     * connection before; at most once a second for each lane. Default: 1 second.
     *
     * @param time from zero, which means never, to 24 hours
     * @return this builder
     * @throws IllegalArgumentException if it is out of range or no whole number of milliseconds
     */
    public Builder slowWaitAfter(Duration time) {
      return give(Option.SLOW_WAIT_AFTER, time, "slowWaitAfter");
    }

    /**
     * How long {@link SqlitePool#close} lets open leases finish before it takes them away. Default:
     * 10 seconds.
     *
     * @param timeout from zero, which means not to wait, to 24 hours
     * @return this builder
     * @throws IllegalArgumentException if it is out of range or no whole number of milliseconds
     */
    public Builder closeTimeout(Duration timeout) {
      return give(Option.CLOSE_TIMEOUT, timeout, "closeTimeout");
    }

    /**
     * How many write leases may share one commit. They share one only if they are ready at the same
     * time; nobody waits for company. Default: 1024.
     *
     * @param units from 1, which means that each commits alone, to 1000000
     * @return this builder
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder groupMaxUnits(int units) {
      return give(Option.GROUP_MAX_UNITS, units, "groupMaxUnits");
    }

    /**
     * How long the first of those that share a commit may have waited for it when another one is
     * let in. Default: 5 milliseconds.
     *
     * @param age from 1 millisecond to 10 seconds
     * @return this builder
     * @throws IllegalArgumentException if it is out of range or no whole number of milliseconds
     */
    public Builder groupMaxAge(Duration age) {
      return give(Option.GROUP_MAX_AGE, age, "groupMaxAge");
    }

    /**
     * How many prepared statements each connection keeps. Default: 128.
     *
     * @param statements from 0, which means none, to 10000
     * @return this builder
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder statementCache(int statements) {
      return give(Option.STATEMENT_CACHE, statements, "statementCache");
    }

    /**
     * Memory for database pages, for the whole pool: it is divided among the connections. Default:
     * a quarter of the largest Java heap, at most 64 MiB, so that it fits into a small container.
     * It can't be given together with the pragma {@code cache_size}.
     *
     * @param bytes from 1 MiB to 1 TiB
     * @return this builder
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder pageCache(long bytes) {
      return give(Option.PAGE_CACHE, bytes, "pageCache");
    }

    /**
     * How far the WAL grows until it is moved into the database again, in pages. Default: 4000,
     * which are 16 MiB of the usual pages.
     *
     * @param pages to 10000000; 0 for never, where a program that replicates the WAL does it
     * @return this builder
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder walCheckpointPages(int pages) {
      return give(Option.WAL_CHECKPOINT_PAGES, pages, "walCheckpointPages");
    }

    /**
     * A WAL file that has become larger is cut to this size when all of it is moved, and what keeps
     * it from that meanwhile is reported. Default: 64 MiB.
     *
     * @param bytes from 1 MiB to 1 TiB
     * @return this builder
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder walTruncateAbove(long bytes) {
      return give(Option.WAL_TRUNCATE_ABOVE, bytes, "walTruncateAbove");
    }

    /**
     * How often {@code PRAGMA optimize} brings the statistics for the query planner up to date,
     * while there are commits. Nobody writes meanwhile, for a fraction of a second. Default: 1
     * hour.
     *
     * @param interval to 24 hours; zero for only when the pool is opened
     * @return this builder
     * @throws IllegalArgumentException if it is out of range or no whole number of milliseconds
     */
    public Builder optimizeEvery(Duration interval) {
      return give(Option.OPTIMIZE_EVERY, interval, "optimizeEvery");
    }

    /**
     * How long to wait for a lock that another process holds on the database. Default: 5 seconds.
     *
     * @param timeout from zero, which means not to wait, to 24 hours
     * @return this builder
     * @throws IllegalArgumentException if it is out of range or no whole number of milliseconds
     */
    public Builder busyTimeout(Duration timeout) {
      return give(Option.BUSY_TIMEOUT, timeout, "busyTimeout");
    }

    /**
     * Whether the pool raises the parallelism of the JVM's virtual-thread scheduler by the number
     * of its connections while it is open, so that a slow query takes no carrier thread from the
     * rest of the program. This changes a JVM-wide setting. Default: {@code true}.
     *
     * @param reserve {@code false} to leave the scheduler alone
     * @return this builder
     */
    public Builder reserveCarriers(boolean reserve) {
      return give(Option.CARRIERS, reserve ? "reserve" : "off", "reserveCarriers");
    }

    /**
     * Permissions of files that the pool creates, on POSIX file systems. Default: {@code owner}.
     *
     * @param permissions {@code owner} (600), {@code group} (660), or {@code umask} for what the
     *     umask of the process says
     * @return this builder
     * @throws IllegalArgumentException if it is another word
     */
    public Builder filePermissions(String permissions) {
      return give(Option.FILE_PERMISSIONS, permissions, "filePermissions");
    }

    /**
     * A backup of which the database is made when the pool opens, if there is no database yet, or a
     * file without a byte. The copy is looked through ({@code quick_check}) before it gets the
     * name. A database that is there is left alone, which is logged. Default: none, which {@code
     * set("restore-from", "none")} restores.
     *
     * <p>Opening fails (08001) if it is needed and can't be had: it is missing, damaged, open in a
     * pool of this program, or has a WAL or a journal with something in it beside it.
     *
     * @param backup the file, such as {@link Maintenance#backup} makes
     * @return this builder
     * @throws IllegalArgumentException if the path can't be a database file
     */
    public Builder restoreFrom(Path backup) {
      requireDefaultFileSystem(Option.RESTORE_FROM, backup);
      return give(Option.RESTORE_FROM, Optional.of(backup), "restoreFrom");
    }

    /**
     * A pragma for all connections, set when they are opened and read back. Defaults: {@code
     * synchronous=FULL}, {@code foreign_keys=ON}, {@code mmap_size=0}.
     *
     * <p>Refused are the pragmas that the pool itself owns, such as {@code journal_mode}, and those
     * that are no settings. That SQLite knows the pragma and takes the value is checked when the
     * pool opens.
     *
     * @param name letters and {@code _} only, in any case
     * @param value a word, a number, or a text in quotes with neither quotes nor a semicolon in it
     * @return this builder
     * @throws IllegalArgumentException if the name or the value has another form, or the pragma is
     *     refused
     */
    public Builder pragma(String name, String value) {
      return give(PragmaFamily.ALL, name, value, "pragma");
    }

    /**
     * A pragma for the reader connections, whatever {@link #pragma} says.
     *
     * @param name as in {@link #pragma}
     * @param value as in {@link #pragma}
     * @return this builder
     * @throws IllegalArgumentException as in {@link #pragma}
     */
    public Builder readerPragma(String name, String value) {
      return give(PragmaFamily.READERS, name, value, "readerPragma");
    }

    /**
     * A pragma for the writer connection, whatever {@link #pragma} says.
     *
     * @param name as in {@link #pragma}
     * @param value as in {@link #pragma}
     * @return this builder
     * @throws IllegalArgumentException as in {@link #pragma}
     */
    public Builder writerPragma(String name, String value) {
      return give(PragmaFamily.WRITER, name, value, "writerPragma");
    }

    /**
     * Any option or pragma as in a properties file: {@code set("acquire-timeout", "250ms")}.
     *
     * @param key the key
     * @param value the text of the value, without white space around it
     * @return this builder
     * @throws IllegalArgumentException if the key is unknown, or the value is not allowed
     */
    public Builder set(String key, String value) {
      Objects.requireNonNull(value, "value");
      draft.set(Objects.requireNonNull(key, "key"), value, origin("set"));
      return this;
    }

    /**
     * Prepares every connection that the pool opens: SQL functions, collations, extensions. May be
     * called several times; the functions run in that order, after the pragmas.
     *
     * @param setup what to do with each new connection
     * @return this builder
     */
    public Builder onConnect(ConnectionSetup setup) {
      setups.add(Objects.requireNonNull(setup, "setup"));
      return this;
    }

    /**
     * The configuration, which later changes of this builder do not affect.
     *
     * @return a new configuration
     * @throws IllegalArgumentException if both {@code page-cache} and the pragma {@code cache_size}
     *     were given
     */
    public PoolConfig build() {
      return new PoolConfig(draft.settings(), setups);
    }

    // through the text form, so that a call and a line in a file can't mean different things
    private Builder give(Option option, Object value, String method) {
      Objects.requireNonNull(value, option.key());
      draft.set(option, Kind.show(value), origin(method));
      return this;
    }

    private Builder give(PragmaFamily family, String name, String value, String method) {
      Objects.requireNonNull(value, "value");
      draft.set(family.prefix() + Objects.requireNonNull(name, "name"), value, origin(method));
      return this;
    }

    private static Origin origin(String method) {
      return Origin.call("Builder." + method);
    }
  }
}
