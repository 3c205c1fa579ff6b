package dev.heddle.pool.internal.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The catalogue: every option with a fixed key, in the order in which it is shown. The others, the
 * pragmas, are in {@link PragmaFamily}.
 */
@SuppressWarnings("ImmutableEnumChecker") // each Kind is an immutable record
public enum Option {
  DATABASE("database", new Kind.File(), "", "The database file; it is created if missing.") {
    @Override
    Object defaultValue(Path database) {
      return database;
    }
  },

  NAME(
      "name",
      new Kind.Text(Pattern.compile("[A-Za-z0-9._-]+"), "letters, digits and . _ - only"),
      "the file name of `database`, any other character replaced by `_`",
      "The pool's name in logs, metrics, errors and overrides.") {
    @Override
    Object defaultValue(Path database) {
      return String.valueOf(database.getFileName()).replaceAll("[^A-Za-z0-9._-]", "_");
    }
  },

  MODE(
      "mode",
      new Kind.Choice(List.of("read-write", "read-only")),
      "read-write",
      "`read-only` opens an existing file with readers only, and never changes it: whoever wants to"
          + " write is refused (25006)."),

  READERS(
      "readers",
      new Kind.Whole(1, 1_000),
      "2 × available processors, at least 4 and at most 16",
      "Reader connections, all opened with the pool.") {
    @Override
    Object defaultValue(Path database) {
      return Math.clamp(2L * Runtime.getRuntime().availableProcessors(), 4, 16);
    }
  },

  ACQUIRE_TIMEOUT(
      "acquire-timeout", time(), "5s", "How long to wait for a lease; 0 = do not wait."),

  OPEN_TIMEOUT(
      "open-timeout",
      time(),
      "30s",
      "How long opening waits for another process that is migrating or recovering the database;"
          + " 0 = do not wait."),

  QUEUE_LIMIT(
      "queue-limit",
      new Kind.Limit(0),
      "none",
      "How many threads may wait for each lane; whoever comes after them fails at once;"
          + " 0 = nobody may wait."),

  WRITER_MAX_TIME(
      "writer.max-time",
      time(),
      "30s",
      "How long the writer may be held; then its lease is revoked and its work rolled back, because"
          + " others wait for the writer and for commits that they share with it; 0 = for ever."),

  READER_MAX_TIME(
      "reader.max-time",
      time(),
      "5m",
      "How long a reader may be held; then its lease is revoked, because a snapshot keeps the WAL"
          + " from starting anew; 0 = for ever."),

  STATEMENT_TIMEOUT(
      "statement-timeout",
      time(),
      "0",
      "How long SQLite may work on one statement, waiting for another process's lock included, but"
          + " not what your code does between two rows; 0 = for any time."),

  LEAK_REPORT_AFTER(
      "leak-report.after",
      time(),
      "10s",
      "A lease that is held for longer is logged once, with its label and what its thread is doing;"
          + " 0 = never."),

  LEAK_REPORT_STACKS(
      "leak-report.stacks",
      new Kind.Choice(List.of("off", "on")),
      "off",
      "`on` keeps the stack of each acquisition, and shows it in reports and errors about that"
          + " lease; acquiring takes 15 to 20 times as long, about a microsecond."),

  SLOW_STATEMENT_AFTER(
      "slow-statement.after",
      time(),
      "1s",
      "A statement that is open for longer, with what your code does between its rows, is logged"
          + " with its SQL, but without the values of its parameters; 0 = never."),

  SLOW_STATEMENT_PLAN(
      "slow-statement.plan",
      new Kind.Choice(List.of("off", "on")),
      "off",
      "`on` adds what `EXPLAIN QUERY PLAN` says of the statement, asked when its lease is over."),

  SLOW_WAIT_AFTER(
      "slow-wait.after",
      time(),
      "1s",
      "A lease for which a thread has waited longer is logged, with who had the connection before;"
          + " at most one a second for each lane; 0 = never."),

  CLOSE_TIMEOUT(
      "close-timeout",
      time(),
      "10s",
      "How long close() lets open leases finish before it takes them away; 0 = do not wait."),

  GROUP_MAX_UNITS(
      "group.max-units",
      new Kind.Whole(1, 1_000_000),
      "1024",
      "How many write leases may share one commit; 1 = each commits alone."),

  GROUP_MAX_AGE(
      "group.max-age",
      new Kind.Time(Duration.ofMillis(1), Duration.ofSeconds(10)),
      "5ms",
      "When the first of them has waited so long for the commit, nobody else is let in before it."),

  STATEMENT_CACHE(
      "statement-cache",
      new Kind.Whole(0, 10_000),
      "128",
      "Prepared statements kept on each connection; 0 = none."),

  PAGE_CACHE(
      "page-cache",
      new Kind.Size(1L << 20, 1L << 40),
      "a quarter of the largest Java heap, at most 64MiB",
      "Memory for database pages, for the whole pool: divided among its connections.") {
    @Override
    Object defaultValue(Path database) {
      return Math.clamp(Runtime.getRuntime().maxMemory() >> 22, 1L, 64L) << 20;
    }
  },

  BUSY_TIMEOUT(
      "busy-timeout",
      time(),
      "5s",
      "How long to wait for a lock that another process holds; 0 = do not wait."),

  WAL_CHECKPOINT_PAGES(
      "wal.checkpoint-pages",
      new Kind.Whole(0, 10_000_000),
      "4000",
      "The WAL is moved into the database each time that it has grown by so many pages, beside"
          + " those who read and write; 0 = never, for a program that replicates the WAL and does"
          + " it itself."),

  WAL_TRUNCATE_ABOVE(
      "wal.truncate-above",
      new Kind.Size(1L << 20, 1L << 40),
      "64MiB",
      "A WAL file that has become larger is cut to this size when all of it is moved; what keeps it"
          + " from that meanwhile is reported."),

  OPTIMIZE_EVERY(
      "optimize.every",
      time(),
      "1h",
      "How often `PRAGMA optimize` brings the statistics for the query planner up to date while"
          + " there are commits; a fraction of a second, in which nobody writes; 0 = only when the"
          + " pool is opened."),

  CARRIERS(
      "carriers",
      new Kind.Choice(List.of("reserve", "off")),
      "reserve",
      "`reserve` raises the parallelism of the JVM's virtual-thread scheduler by the number of"
          + " connections while the pool is open, so that a slow query takes no carrier thread from"
          + " the rest of the program; this changes a JVM-wide setting."),

  FILE_PERMISSIONS(
      "file-permissions",
      new Kind.Choice(List.of("owner", "group", "umask")),
      "owner",
      "Permissions of files that the pool creates, on POSIX file systems: `owner` = 600,"
          + " `group` = 660, `umask` = as the process umask says."),

  RESTORE_FROM(
      "restore-from",
      new Kind.FileOrNone(),
      "none",
      "A backup of which the database is made when the pool opens, if there is none yet; one that"
          + " is there is left alone.");

  private final String key;
  private final Kind kind;
  private final String defaultText;
  private final String sentence;

  Option(String key, Kind kind, String defaultText, String sentence) {
    this.key = key;
    this.kind = kind;
    this.defaultText = defaultText;
    this.sentence = sentence;
  }

  // beyond a day a number is a slip, not a wish; shared by all options that are durations
  private static Kind time() {
    return new Kind.Time(Duration.ZERO, Duration.ofHours(24));
  }

  /** The option with this key. */
  static Optional<Option> of(String key) {
    return Arrays.stream(values()).filter(option -> option.key.equals(key)).findAny();
  }

  /** The key in a properties file. */
  public String key() {
    return key;
  }

  /** Which values it takes. */
  public Kind kind() {
    return kind;
  }

  /** The default as a reader understands it, which may be a rule; empty if there is none. */
  public String defaultText() {
    return defaultText;
  }

  /** What it is, in one sentence of Markdown. */
  public String sentence() {
    return sentence;
  }

  /** The value if nothing is given; some defaults depend on the database or on the machine. */
  Object defaultValue(Path database) {
    return kind.parse(defaultText).orElseThrow();
  }

  /**
   * The value that a text stands for.
   *
   * @throws IllegalArgumentException if the text is not allowed
   */
  Given parse(String text, Origin origin) {
    return kind.parse(text)
        .map(value -> new Given(value, origin))
        .orElseThrow(() -> Problem.badValue(key, text, kind.allowed(), origin));
  }
}
