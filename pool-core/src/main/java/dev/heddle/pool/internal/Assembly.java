package dev.heddle.pool.internal;

import dev.heddle.pool.ConnectionSetup;
import dev.heddle.pool.Maintenance;
import dev.heddle.pool.PoolListener;
import dev.heddle.pool.PoolStats;
import dev.heddle.pool.internal.config.Option;
import dev.heddle.pool.internal.config.Settings;
import dev.heddle.pool.internal.events.PoolEvents;
import dev.heddle.pool.internal.jdbc.LeasedConnection;
import dev.heddle.pool.internal.jdbc.PooledDataSource;
import dev.heddle.pool.internal.lane.Group;
import dev.heddle.pool.internal.lane.GroupTally;
import dev.heddle.pool.internal.lane.Lane;
import dev.heddle.pool.internal.lane.LaneView;
import dev.heddle.pool.internal.lane.Parking;
import dev.heddle.pool.internal.lane.Refusal;
import dev.heddle.pool.internal.lane.Terms;
import dev.heddle.pool.internal.lane.Trouble;
import dev.heddle.pool.internal.lane.Turnover;
import dev.heddle.pool.internal.lease.CommitReports;
import dev.heddle.pool.internal.lease.Entrance;
import dev.heddle.pool.internal.lease.Holders;
import dev.heddle.pool.internal.lease.LaneDump;
import dev.heddle.pool.internal.lease.LaneReports;
import dev.heddle.pool.internal.lease.Leases;
import dev.heddle.pool.internal.lease.ReaderTurnover;
import dev.heddle.pool.internal.lease.WriterTurnover;
import dev.heddle.pool.internal.sqlite.BackupSource;
import dev.heddle.pool.internal.sqlite.Bell;
import dev.heddle.pool.internal.sqlite.Errors;
import dev.heddle.pool.internal.sqlite.OpenPools;
import dev.heddle.pool.internal.sqlite.Opening;
import dev.heddle.pool.internal.sqlite.Session;
import dev.heddle.pool.internal.sqlite.SessionCounts;
import dev.heddle.pool.internal.sqlite.SlowLog;
import dev.heddle.pool.internal.sqlite.SqlTexts;
import dev.heddle.pool.internal.sqlite.StoredDatabase;
import dev.heddle.pool.internal.sqlite.WalState;
import dev.heddle.pool.internal.sqlite.WatchedFile;
import dev.heddle.pool.internal.upkeep.Backups;
import dev.heddle.pool.internal.upkeep.Carriers;
import dev.heddle.pool.internal.upkeep.CommitFeed;
import dev.heddle.pool.internal.upkeep.Health;
import dev.heddle.pool.internal.upkeep.Pins;
import dev.heddle.pool.internal.upkeep.PoolMaintenance;
import dev.heddle.pool.internal.upkeep.Shutdown;
import dev.heddle.pool.internal.upkeep.Upkeep;
import dev.heddle.pool.internal.upkeep.UpkeepTally;
import dev.heddle.pool.internal.upkeep.WalFile;
import dev.heddle.pool.internal.upkeep.WalKeeper;
import dev.heddle.pool.internal.upkeep.WriterPause;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The parts of one open pool, put together. Everything in it is immutable. */
public final class Assembly {

  private final Settings settings;
  private final SessionCounts counts;
  private final PoolEvents events;
  private final LaneReports readerReports;
  private final LaneReports writerReports;
  private final GroupTally groupTally = new GroupTally();
  private final Group<SQLException> group;
  private final Lane<Session> readers;
  private final Lane<Session> writer;
  private final UpkeepTally upkeepTally = new UpkeepTally();
  private final WalFile wal;
  private final Health health;
  private final Leases leases;
  private final PooledDataSource dataSource;
  private final CommitFeed commits;
  private final Shutdown shutdown;
  private final Maintenance maintenance;

  private Assembly(
      Opening.Plan plan,
      Opening.Sessions sessions,
      CommitFeed commits,
      PoolEvents events,
      Carriers carriers,
      Runnable afterClose) {
    this.settings = plan.settings();
    this.counts = plan.counts();
    this.commits = commits;
    this.events = events;
    this.readerReports = new LaneReports(PoolListener.Lane.READER, events);
    this.writerReports = new LaneReports(PoolListener.Lane.WRITER, events);
    UnaryOperator<Session> replacement = old -> Opening.replace(old, plan);
    this.group =
        new Group<>(
            settings.integer(Option.GROUP_MAX_UNITS),
            settings.duration(Option.GROUP_MAX_AGE).toNanos(),
            new CommitReports(groupTally, events),
            Parking.SYSTEM);
    WriterTurnover turnover = new WriterTurnover(group, replacement);
    SqlTexts texts = new SqlTexts();
    this.readers =
        lane("reader", sessions.readers(), new ReaderTurnover(replacement), readerReports);
    this.writer = lane("writer", sessions.writer(), turnover, writerReports);
    this.leases =
        new Leases(
            entrance(readers, PoolListener.Lane.READER, Option.READER_MAX_TIME),
            entrance(writer, PoolListener.Lane.WRITER, Option.WRITER_MAX_TIME),
            turnover,
            lease -> LeasedConnection.viewing(lease, texts));
    this.wal = new WalFile(plan.file().wal(), settings.bytes(Option.WAL_TRUNCATE_ABOVE));
    Upkeep upkeep = upkeep(plan, turnover);
    plan.bell().answeredBy(upkeep::ring);
    Backups backups = new Backups(settings.name(), new BackupSource(settings, plan.file()));
    this.maintenance = new PoolMaintenance(leases, readers, writer, backups, upkeep);
    this.shutdown =
        new Shutdown(
            settings.name(),
            readers,
            writer,
            commits,
            events,
            backups,
            settings.duration(Option.CLOSE_TIMEOUT),
            Holders::describe,
            upkeep,
            carriers::releaseOne,
            () -> {
              sessions.afterwards().run();
              afterClose.run();
            });
    PooledDataSource both =
        PooledDataSource.of(
            settings.name(),
            leases,
            texts,
            settings.duration(Option.ACQUIRE_TIMEOUT),
            shutdown::hasBegun);
    this.dataSource = settings.isReadOnly() ? both.reading() : both;
    this.health =
        new Health(
            settings.name(),
            plan.file(),
            List.of(writer, readers),
            shutdown::hasBegun,
            () -> Opening.probe(plan));
  }

  private Upkeep upkeep(Opening.Plan plan, Turnover<Session> turnover) {
    WriterPause<Session> pause = new WriterPause<>(writer, turnover, upkeepTally::paused);
    Pins pins = new Pins(settings.name(), readers, LaneReports::describeNow);
    WalKeeper keeper =
        new WalKeeper(
            settings.integer(Option.WAL_CHECKPOINT_PAGES), wal, pause, pins, upkeepTally, events);
    return new Upkeep(
        settings.name(),
        () -> Opening.forUpkeep(plan),
        plan.file(),
        pause,
        keeper,
        settings.duration(Option.OPTIMIZE_EVERY));
  }

  /**
   * Opens a pool.
   *
   * @param afterClose what to do when everything is closed
   * @throws SQLException if it can't be opened
   */
  public static Assembly open(Settings settings, List<ConnectionSetup> setups, Runnable afterClose)
      throws SQLException {
    restore(settings);
    Carriers carriers =
        settings.reservesCarriers() ? Carriers.reserve(settings.connections()) : Carriers.none();
    CommitFeed commits = new CommitFeed(settings.name());
    PoolEvents events = new PoolEvents(settings.name());
    Opening.Plan plan =
        new Opening.Plan(
            settings,
            new WatchedFile(settings.name(), settings.database()),
            setups,
            new SessionCounts(),
            new SlowLog(settings, events),
            new Bell(),
            commits);
    try {
      return new Assembly(plan, Opening.open(plan), commits, events, carriers, afterClose);
    } catch (Throwable failure) {
      carriers.release();
      throw failure;
    }
  }

  private static void restore(Settings settings) throws SQLException {
    Optional<Path> backup = settings.restoreFrom();
    if (backup.isPresent()) {
      stored(backup.get()).restoreTo(settings.database(), settings.filePermissions());
    }
  }

  /** A database that is no pool's, to make others of. */
  public static StoredDatabase stored(Path file) {
    return new StoredDatabase(file, OpenPools::has);
  }

  private Lane<Session> lane(
      String name, List<Session> sessions, Turnover<Session> turnover, LaneReports reports) {
    Duration report = settings.duration(Option.LEAK_REPORT_AFTER);
    return new Lane<>(
        name,
        sessions,
        settings.limit(Option.QUEUE_LIMIT).orElse(Lane.UNLIMITED),
        report.isZero() ? Terms.FOR_EVER : report.toNanos(),
        turnover,
        reports,
        Parking.SYSTEM);
  }

  private Entrance entrance(Lane<Session> lane, PoolListener.Lane kind, Option maxTime) {
    return new Entrance(
        settings.name(),
        lane,
        kind,
        new Entrance.Conditions(
            settings.duration(Option.ACQUIRE_TIMEOUT),
            settings.duration(maxTime),
            maxTime.key(),
            settings.duration(Option.SLOW_WAIT_AFTER),
            Option.SLOW_WAIT_AFTER.key(),
            settings.keepsStacks()),
        events);
  }

  /** Takes leases. */
  public Leases leases() {
    return leases;
  }

  /** Takes leases for JDBC. */
  public PooledDataSource dataSource() {
    return dataSource;
  }

  /** Tells of commits. */
  public CommitFeed commits() {
    return commits;
  }

  /** Tells what happens. */
  public PoolEvents events() {
    return events;
  }

  /** Looks after the file. */
  public Maintenance maintenance() {
    return maintenance;
  }

  public PoolStats stats() {
    return new PoolStats(
        settings.name(),
        stats(readers.view(), readerReports),
        stats(writer.view(), writerReports),
        commitStats(),
        checkpoints(),
        counts.cacheHits(),
        counts.cacheMisses(),
        counts.busyRetries());
  }

  private static PoolStats.Lane stats(LaneView<Session> lane, LaneReports tally) {
    return new PoolStats.Lane(
        lane.connections(),
        lane.idle(),
        lane.holders().size(),
        lane.waiting(),
        Duration.ofNanos(
            lane.holders().stream().mapToLong(LaneView.Holder::heldNanos).max().orElse(0)),
        Duration.ofNanos(lane.longestWaitNanos()),
        tally.granted(),
        tally.refused(Refusal.Reason.TIMED_OUT),
        tally.refused(Refusal.Reason.INTERRUPTED),
        tally.refused(Refusal.Reason.QUEUE_FULL)
            + tally.refused(Refusal.Reason.OWN_HOLD)
            + tally.refused(Refusal.Reason.CLOSED),
        tally.troubles(Trouble.OVERDUE),
        tally.troubles(Trouble.FORGOTTEN));
  }

  private PoolStats.Commits commitStats() {
    long transactions = groupTally.commits();
    return new PoolStats.Commits(
        transactions,
        groupTally.units(),
        groupTally.undone(),
        group.waiting(),
        groupTally.mostUnits(),
        mean(groupTally.ageNanos(), transactions),
        Duration.ofNanos(groupTally.longestAgeNanos()),
        mean(groupTally.commitNanos(), transactions),
        Duration.ofNanos(groupTally.longestCommitNanos()));
  }

  private PoolStats.Checkpoints checkpoints() {
    long count = upkeepTally.checkpoints();
    WalState latest = upkeepTally.latest();
    return new PoolStats.Checkpoints(
        count,
        upkeepTally.held(),
        upkeepTally.finishedCount(),
        latest.pages(),
        latest.moved(),
        wal.bytes(),
        mean(upkeepTally.nanos(), count),
        Duration.ofNanos(upkeepTally.longestNanos()),
        Duration.ofNanos(upkeepTally.longestPauseNanos()));
  }

  private static Duration mean(long nanos, long count) {
    return Duration.ofNanos(count == 0 ? 0 : nanos / count);
  }

  /** The pool in words, for somebody who looks for what is stuck. */
  public String dump() {
    PoolStats.Checkpoints checkpoints = checkpoints();
    return """
    pool '%s'
    %s%s%s  WAL: %d bytes; of its %d pages at the latest checkpoint, %d were in the database
      %s
      %s
    """
        .formatted(
            settings.name(),
            settings.isReadOnly() ? "" : LaneDump.of(writer),
            LaneDump.of(readers),
            group(),
            checkpoints.walBytes(),
            checkpoints.walPages(),
            checkpoints.movedPages(),
            stats(),
            settings);
  }

  private String group() {
    int waiting = group.waiting();
    return waiting == 0
        ? ""
        : "  leases that wait for the commit they share: %d, the first for %s%n"
            .formatted(waiting, Errors.duration(group.longestWaitNanos()));
  }

  public boolean isHealthy() {
    return health.check();
  }

  public void close() {
    shutdown.run();
  }
}
