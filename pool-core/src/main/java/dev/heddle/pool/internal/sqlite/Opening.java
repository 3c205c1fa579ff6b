package dev.heddle.pool.internal.sqlite;

import dev.heddle.pool.ConnectionSetup;
import dev.heddle.pool.internal.config.Option;
import dev.heddle.pool.internal.config.Pragma;
import dev.heddle.pool.internal.config.Settings;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLTransientException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.NativeLibraryNotFoundException;
import org.sqlite.SQLiteConnection;

/**
 * Opens a pool's connections: the writer first and alone, since it may turn the file into WAL mode,
 * then the readers, which find a WAL. Each is configured statement by statement in a fixed order;
 * the driver's own properties would run in hash order.
 */
public final class Opening {

  /** Older ones can corrupt a WAL database: sqlite.org/wal.html#walresetbug. */
  private static final int[] OLDEST_SQLITE = {3, 51, 3};

  private static final Logger LOG = LoggerFactory.getLogger("dev.heddle.pool.open");

  /** Does not create the file, if somebody has deleted it. */
  private static final String EXISTING = "?mode=rw";

  /** How a connection syncs; also in its checkpoints. */
  private static final Set<String> SYNCING =
      Set.of("synchronous", "fullfsync", "checkpoint_fullfsync");

  /** The driver's property for where it unpacks its native library. */
  private static final String DRIVERS_FOLDER = "org.sqlite.tmpdir";

  private static final String STAINED =
      "a JDBC connection has left settings, TEMP objects or attached databases on it";

  private static final String BROKEN = "SQLite met an error on it that may be the connection's";

  private final Plan plan;
  private final Settings settings;
  private final DatabaseFile file;
  private final List<Connection> opened = new ArrayList<>();
  private boolean utf8;
  private OpenPools.@Nullable Entry entry;

  private Opening(Plan plan) {
    this.plan = plan;
    this.settings = plan.settings();
    this.file = new DatabaseFile(settings.database());
  }

  /**
   * How connections of a pool are opened.
   *
   * @param file what they open
   * @param setups run on each of them
   * @param counts what they count in
   * @param bell rung by the writer
   * @param commits told of the writer's commits
   */
  public record Plan(
      Settings settings,
      WatchedFile file,
      List<ConnectionSetup> setups,
      SessionCounts counts,
      SlowLog slow,
      Bell bell,
      CommitWatch commits) {}

  /**
   * What a pool runs on.
   *
   * @param writer the one that writes; nobody, if the pool is read-only
   * @param readers the others, opened read-only
   * @param afterwards to be run when all are closed
   */
  public record Sessions(List<Session> writer, List<Session> readers, Runnable afterwards) {}

  /**
   * Opens all connections, or none.
   *
   * @throws SQLException if it can't be opened; a file that was created is gone again
   * @throws IllegalArgumentException if SQLite does not take a pragma of the configuration
   */
  public static Sessions open(Plan plan) throws SQLException {
    return new Opening(plan).open();
  }

  /**
   * Another session in the place of one that nobody should have any more: a JDBC connection left
   * something on it, or SQLite met an error that may be its connection's. If none can be opened,
   * the old one stays, but refuses to be used; the next one who tries has it tried again.
   */
  public static Session replace(Session old, Plan plan) {
    Opening opening = new Opening(plan);
    boolean tried = old.outOfOrder() != null;
    old.recycle();
    boolean fit = !old.isStained() && !old.isBroken();
    String why = old.isStained() ? STAINED : BROKEN;
    if (!fit) {
      old.outOfOrder(unusable(old.role(), why, null)); // whatever happens, nobody uses it
    }
    try {
      plan.file().requireSame(); // before it is opened: a WAL that is not its own would destroy it
      Session fresh = opening.another(old.role());
      old.close();
      return fresh;
    } catch (Throwable e) {
      if (!fit) {
        old.outOfOrder(unusable(old.role(), why, e));
      }
      opening.closeAll();
      if (!tried) { // or else it was said
        LOG.error(
            "A connection to {} could not be replaced; it is tried again", opening.file.path(), e);
      }
      return old;
    }
  }

  private Session another(Role role) throws SQLException {
    if (role == Role.WRITER) {
      return session(openWriter(EXISTING), role);
    }
    SQLiteConnection reader = openReader();
    patiently(() -> utf8 = "UTF-8".equals(new Pragmas(reader).read("encoding")));
    return session(reader, role);
  }

  private static SQLException unusable(Role role, String why, @Nullable Throwable e) {
    return new SQLNonTransientConnectionException(
        "The "
            + role.name().toLowerCase(Locale.ROOT)
            + " has to be replaced, since "
            + why
            + ", and could not be"
            + (e == null ? "" : ": " + e.getMessage()),
        Errors.CANT_CONNECT,
        e);
  }

  /** A connection for upkeep. */
  public static UpkeepConnection forUpkeep(Plan plan) throws SQLException {
    Opening opening = new Opening(plan);
    try {
      plan.file().requireSame();
      return opening.openForUpkeep();
    } catch (Throwable t) {
      opening.closeAll();
      throw t;
    }
  }

  private UpkeepConnection openForUpkeep() throws SQLException {
    try {
      SQLiteConnection connection = connect(false, EXISTING);
      Pragmas pragmas = new Pragmas(connection);
      patiently(() -> requireWritable(connection, pragmas));
      configureForUpkeep(pragmas);
      return new UpkeepConnection(connection);
    } catch (SQLException e) {
      throw explainedToWriter(e);
    }
  }

  /** A checkpoint needs no cache, and syncs as the writer does. */
  private void configureForUpkeep(Pragmas pragmas) throws SQLException {
    patiently(() -> pragmas.execute("cache_size = -256"));
    patiently(() -> pragmas.execute("wal_autocheckpoint = 0"));
    for (Pragma pragma : settings.writerPragmas()) {
      if (SYNCING.contains(pragma.name())) {
        patiently(() -> pragmas.set(pragma));
      }
    }
  }

  /** Opens a connection, has it read from the file, and closes it. */
  public static void probe(Plan plan) throws SQLException {
    Opening opening = new Opening(plan);
    try {
      SQLiteConnection connection = opening.connect(true, "");
      opening.patiently(() -> new Pragmas(connection).execute("schema_version"));
    } catch (SQLException e) {
      throw Errors.translate(e, null);
    } finally {
      opening.closeAll();
    }
  }

  private Sessions open() throws SQLException {
    if (settings.isReadOnly()) {
      file.requireReadable();
    } else {
      file.prepare(settings.filePermissions());
    }
    boolean done = false;
    try {
      entry = OpenPools.add(settings.name(), file.path());
      List<SQLiteConnection> writer = openWriterOrExamine();
      writer.forEach(this::optimize); // readers have the statistics as they are when they begin
      List<SQLiteConnection> readers = new ArrayList<>();
      for (int i = 0; i < settings.integer(Option.READERS); i++) {
        readers.add(openReader());
      }
      Sessions sessions = sessions(writer, readers);
      watch();
      done = true;
      return sessions;
    } catch (SQLException e) {
      throw explained(e);
    } finally {
      if (!done) {
        undo();
      }
    }
  }

  private void watch() throws SQLException {
    try {
      plan.file().opened();
    } catch (IOException e) {
      throw new SQLException("it went while it was opened: " + e, e);
    }
  }

  /** The same kind of failure, with the file's name. */
  private SQLException explained(SQLException e) {
    if (e.getCause() instanceof NativeLibraryNotFoundException) {
      return new SQLNonTransientConnectionException(
          file.problem(
              "the driver can't load its native library, which it unpacks into "
                  + System.getProperty(DRIVERS_FOLDER, System.getProperty("java.io.tmpdir"))
                  + ". That folder must exist, be writable and not be mounted noexec; -D"
                  + DRIVERS_FOLDER
                  + "=… names another one"),
          Errors.CANT_CONNECT,
          e);
    }
    SQLException cause = Errors.translate(e, null);
    String message = file.problem(String.valueOf(cause.getMessage()));
    if (Errors.CANCELLED.equals(cause.getSQLState())) {
      return cause;
    }
    return cause instanceof SQLTransientException
        ? new SQLTransientConnectionException(
            message, Errors.CANT_CONNECT, cause.getErrorCode(), cause)
        : new SQLNonTransientConnectionException(
            message,
            Objects.requireNonNullElse(cause.getSQLState(), Errors.CANT_CONNECT),
            cause.getErrorCode(),
            cause);
  }

  private void undo() {
    closeAll();
    file.remove();
    forget();
  }

  private void forget() {
    if (entry != null) {
      OpenPools.remove(entry);
    }
  }

  private void closeAll() {
    for (Connection connection : opened.reversed()) {
      try {
        connection.close();
      } catch (SQLException e) {
        // The failure that led here is on its way, and says more.
      }
    }
  }

  private List<SQLiteConnection> openWriterOrExamine() throws SQLException {
    if (settings.isReadOnly()) {
      examine();
      return List.of();
    }
    return List.of(openWriter(""));
  }

  /** What opening the writer tells about the file otherwise; on a connection that is not kept. */
  private void examine() throws SQLException {
    try (SQLiteConnection connection = connect(true, "")) {
      Pragmas pragmas = new Pragmas(connection);
      patiently(() -> requireVersion(connection));
      patiently(() -> utf8 = "UTF-8".equals(pragmas.read("encoding")));
      for (Pragma pragma : settings.readerPragmas()) {
        if (Pragmas.OF_THE_FILE.contains(pragma.name())) {
          patiently(() -> pragmas.requireOfTheFile(pragma));
        }
      }
      patiently(() -> sayIfNotWal(pragmas));
      opened.remove(connection);
    } catch (SQLException e) {
      throw explainedToReader(e);
    }
  }

  private void sayIfNotWal(Pragmas pragmas) throws SQLException {
    String mode = pragmas.read("journal_mode");
    if (!"wal".equalsIgnoreCase(mode)) {
      LOG.info(
          "Pool '{}': {} is not in WAL mode, but in journal_mode={}. Whoever writes to it waits"
              + " for the pool's readers, and they wait for him (busy-timeout); a snapshot keeps"
              + " him from committing until it ends",
          settings.name(),
          file.path(),
          mode);
    }
  }

  private SQLException explainedToReader(SQLException e) {
    int code = Errors.code(e);
    if (Errors.isCantOpen(code) && file.canHaveNoWal()) {
      return new SQLException(
          e.getMessage()
              + ". A database in WAL mode is read with its -wal and -shm beside it, and SQLite"
              + " can't create them in this folder. Keep a program open that writes to it, or take"
              + " it out of WAL mode (PRAGMA journal_mode = DELETE) before you put it there",
          Errors.CANT_CONNECT,
          code,
          e);
    }
    if (Errors.isReadOnly(code)) {
      return new SQLException(
          e.getMessage()
              + ". Whoever wrote to it last did not come to an end, and mode=read-only can't mend"
              + " that: open it once with a program that may write",
          Errors.CANT_CONNECT,
          code,
          e);
    }
    return e;
  }

  private SQLiteConnection openWriter(String how) throws SQLException {
    SQLiteConnection connection;
    try {
      connection = openWritable(how);
    } catch (SQLException e) {
      throw explainedToWriter(e);
    }
    setUp(connection);
    return connection;
  }

  private static SQLException explainedToWriter(SQLException e) {
    int code = Errors.code(e);
    return Errors.isReadOnly(code)
        ? new SQLNonTransientConnectionException(
            e.getMessage() + ". It could be opened, but for reading only",
            Errors.CANT_CONNECT,
            code,
            e)
        : e;
  }

  /**
   * Only what comes after the pragmas changes an existing file: a wrong one leaves it as it was.
   */
  private SQLiteConnection openWritable(String how) throws SQLException {
    SQLiteConnection connection = connect(false, how);
    patiently(() -> requireVersion(connection));
    Pragmas pragmas = new Pragmas(connection);
    List<Pragma> wanted = settings.writerPragmas();
    for (String name : Pragmas.OF_THE_FILE) {
      for (Pragma pragma : wanted) {
        if (pragma.name().equals(name)) {
          patiently(() -> pragmas.set(pragma));
        }
      }
    }
    configure(pragmas, wanted);
    if (!settings.readerPragmas().equals(wanted)) {
      tryReaderPragmas();
    }
    patiently(() -> requireWal(pragmas));
    patiently(() -> requireWritable(connection, pragmas));
    patiently(() -> utf8 = "UTF-8".equals(pragmas.read("encoding")));
    return connection;
  }

  /**
   * Where a file, or its WAL, can't be opened for writing at that moment, SQLite opens it for
   * reading, without a word (unixOpen in os_unix.c): nobody could write until the pool is closed.
   * Its BEGIN IMMEDIATE succeeds even then, and waits for nobody; what would write tells.
   */
  private static void requireWritable(Connection connection, Pragmas pragmas) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (tryToBegin(statement)) {
        pragmas.execute("user_version = " + pragmas.read("user_version"));
        statement.execute("ROLLBACK");
      }
    }
  }

  /** False if another process writes: then this one can, too. */
  private static boolean tryToBegin(Statement statement) throws SQLException {
    try {
      statement.execute("BEGIN IMMEDIATE");
      return true;
    } catch (SQLException e) {
      if (Errors.code(e) == Errors.BUSY) {
        return false;
      }
      throw e;
    }
  }

  /** On a connection that is not kept: one that was open before there was a WAL is none for it. */
  private void tryReaderPragmas() throws SQLException {
    try (SQLiteConnection connection = connect(true, "")) {
      configure(new Pragmas(connection), settings.readerPragmas());
      opened.remove(connection);
    }
  }

  private SQLiteConnection openReader() throws SQLException {
    SQLiteConnection connection = connect(true, "");
    configure(new Pragmas(connection), settings.readerPragmas());
    setUp(connection);
    return connection;
  }

  /**
   * When a connection is opened, says <a
   * href="https://sqlite.org/pragma.html#pragma_optimize">sqlite.org</a>; bounded by 0x10. The pool
   * works without it, so that a failure is no reason not to open.
   */
  private void optimize(SQLiteConnection writer) {
    try {
      new Pragmas(writer).execute(UpkeepConnection.OPTIMIZE);
    } catch (SQLException e) {
      if (Errors.isBusy(Errors.code(e))) {
        LOG.debug("PRAGMA optimize was left out: another process writes to {}", file.path());
        return;
      }
      LOG.warn("PRAGMA optimize failed on {}; queries may be planned badly", file.path(), e);
    }
  }

  private Sessions sessions(List<SQLiteConnection> writer, List<SQLiteConnection> readers)
      throws SQLException {
    List<Session> reading = sessions(readers, Role.READER);
    return new Sessions(sessions(writer, Role.WRITER), reading, this::forget);
  }

  private List<Session> sessions(List<SQLiteConnection> connections, Role role)
      throws SQLException {
    List<Session> sessions = new ArrayList<>();
    for (SQLiteConnection connection : connections) {
      sessions.add(session(connection, role));
    }
    return List.copyOf(sessions);
  }

  private Session session(SQLiteConnection connection, Role role) throws SQLException {
    Session session =
        new Session(
            connection,
            role,
            utf8,
            settings.integer(Option.STATEMENT_CACHE),
            settings.duration(Option.BUSY_TIMEOUT),
            settings.duration(Option.STATEMENT_TIMEOUT),
            plan.counts(),
            plan.slow(),
            role == Role.WRITER ? walWatch(connection) : null,
            plan.file());
    session.tellCommitsTo(plan.commits());
    return session;
  }

  private WalWatch walWatch(SQLiteConnection connection) throws SQLException {
    long limit = settings.bytes(Option.WAL_TRUNCATE_ABOVE);
    long pageSize = Long.parseLong(String.valueOf(new Pragmas(connection).read("page_size")));
    long pages = Math.min(settings.integer(Option.WAL_CHECKPOINT_PAGES), limit / pageSize);
    return new WalWatch(connection, pages, plan.bell());
  }

  private SQLiteConnection connect(boolean readOnly, String how) throws SQLException {
    SQLiteConnection connection = file.connect(readOnly, how);
    opened.add(connection);
    return connection;
  }

  private void configure(Pragmas pragmas, List<Pragma> wanted) throws SQLException {
    if (wanted.stream().noneMatch(pragma -> pragma.name().equals("cache_size"))) {
      patiently(() -> pragmas.execute("cache_size = " + -pageCacheKib()));
    }
    for (Pragma pragma : wanted) {
      if (!Pragmas.OF_THE_FILE.contains(pragma.name())) {
        patiently(() -> pragmas.set(pragma));
      }
    }
  }

  private void setUp(SQLiteConnection connection) throws SQLException {
    for (ConnectionSetup setup : plan.setups()) {
      setup.setUp(connection);
    }
    if (!connection.getAutoCommit()) {
      throw new SQLException("onConnect left a transaction open; it must leave auto-commit on");
    }
    Pragmas pragmas = new Pragmas(connection);
    if (!plan.setups().isEmpty() && "0".equals(pragmas.read("trusted_schema"))) {
      readSchemaAgain(pragmas);
    }
  }

  /**
   * Whether a CHECK, an index or a generated column may call a function, SQLite asks when it reads
   * the schema. One that it does not know yet it lets pass, and calls it later, although <a
   * href="https://sqlite.org/pragma.html#pragma_trusted_schema">trusted_schema</a> is off. So it
   * reads the schema again when it knows those of onConnect.
   */
  private void readSchemaAgain(Pragmas pragmas) throws SQLException {
    patiently(() -> pragmas.execute("writable_schema = RESET"));
    patiently(() -> pragmas.read("encoding"));
  }

  /**
   * The pool's page cache, divided among its connections; SQLite takes KiB as a negative number.
   */
  private long pageCacheKib() {
    return Math.max(1, settings.bytes(Option.PAGE_CACHE) / 1024 / settings.connections());
  }

  private void requireWal(Pragmas pragmas) throws SQLException {
    String mode = pragmas.read("journal_mode = WAL");
    if (!"wal".equalsIgnoreCase(mode)) {
      throw new SQLException(
          "SQLite answered journal_mode="
              + mode
              + " instead of WAL. A WAL needs shared memory, which network file systems and some"
              + " container mounts lack: put the file on a local disk");
    }
  }

  private static void requireVersion(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT sqlite_version()")) {
      String version = result.getString(1);
      if (!isRecent(version)) {
        throw new SQLException(
            "SQLite "
                + version
                + " is older than 3.51.3 and can corrupt a WAL database"
                + " (sqlite.org/wal.html#walresetbug); use a newer org.xerial:sqlite-jdbc");
      }
    }
  }

  static boolean isRecent(@Nullable String version) {
    String[] parts = version == null ? new String[0] : version.split("\\.", -1);
    for (int i = 0; i < OLDEST_SQLITE.length; i++) {
      int part = i < parts.length ? Integer.parseInt(parts[i]) : 0;
      if (part != OLDEST_SQLITE[i]) {
        return part > OLDEST_SQLITE[i];
      }
    }
    return true;
  }

  @FunctionalInterface
  private interface Step {
    void run() throws SQLException;
  }

  /**
   * Runs a step again while another process, which may be migrating or recovering, locks the file.
   */
  private void patiently(Step step) throws SQLException {
    BusyWait wait = null;
    while (true) {
      try {
        step.run();
        return;
      } catch (SQLException e) {
        if (!Errors.isBusy(Errors.code(e))) {
          throw e;
        }
        wait = wait == null ? openWait() : wait;
        wait.pause(e);
      }
    }
  }

  private BusyWait openWait() {
    return new BusyWait(
        Option.OPEN_TIMEOUT.key(),
        settings.duration(Option.OPEN_TIMEOUT),
        new StopSignal(),
        plan.counts().busyRetries);
  }
}
