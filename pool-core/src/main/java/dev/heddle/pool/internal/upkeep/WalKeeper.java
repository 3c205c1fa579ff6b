package dev.heddle.pool.internal.upkeep;

import dev.heddle.pool.PoolListener;
import dev.heddle.pool.internal.events.PoolEvents;
import dev.heddle.pool.internal.events.Span;
import dev.heddle.pool.internal.lane.Refusal;
import dev.heddle.pool.internal.lane.Terms;
import dev.heddle.pool.internal.sqlite.Session;
import dev.heddle.pool.internal.sqlite.UpkeepConnection;
import dev.heddle.pool.internal.sqlite.WalState;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps the WAL short, in three steps: moves most of it while others write; has the database synced
 * while others write; and moves the rest, with the writers kept out for a moment, so that the next
 * of them begins the WAL anew.
 *
 * <p>Readers never wait for it. Once all is moved, those who come read the database and leave the
 * WAL alone, and those who are in it leave by themselves: so it is enough to keep writers out until
 * then, or to give up and try again later.
 */
public final class WalKeeper {

  /** So little is moved in a millisecond or two. */
  private static final long FEW_BYTES = 1 << 20;

  /** Each has less to do than the one before, unless writers are faster. */
  private static final int MOST_PASSES = 5;

  private static final int MOST_SYNCS = 3;

  /**
   * SQLite syncs the database in a checkpoint only if nobody has committed since it began, when it
   * has copied what there was. Copying a few pages takes no longer than this, and then writers may
   * go on: they are not in the way of the sync itself, which can take a hundred milliseconds.
   */
  private static final long COPY_NANOS = 4_000_000;

  /** The same, where commits don't sync the WAL: then the checkpoint does that before it copies. */
  private static final long SYNC_AND_COPY_NANOS = 25_000_000;

  /** How long writers are kept out for readers that are in the WAL still. */
  private static final long PATIENCE_NANOS = 20_000_000;

  /** Giving so much of a file back takes the system some fifty milliseconds. */
  private static final long SLICE_BYTES = 96L << 20;

  private static final long POLL_NANOS = 300_000;

  private static final String LABEL = "checkpoint";

  private final long pages;
  private final WalFile file;
  private final WriterPause<Session> pause;
  private final Pins pins;
  private final UpkeepTally tally;
  private final PoolEvents events;

  /**
   * A keeper.
   *
   * @param pages a WAL that is shorter, and no long file, is left alone; 0 to leave any alone
   */
  public WalKeeper(
      long pages,
      WalFile file,
      WriterPause<Session> pause,
      Pins pins,
      UpkeepTally tally,
      PoolEvents events) {
    this.pages = pages;
    this.file = file;
    this.pause = pause;
    this.pins = pins;
    this.tally = tally;
    this.events = events;
  }

  /**
   * Does what there is to do.
   *
   * @return true if somebody was in the way, and it should be tried again soon
   */
  boolean keep(UpkeepConnection connection) throws SQLException {
    WalState before = connection.look();
    if (pages == 0 || (before.pages() < pages && !file.isLong())) {
      pins.none();
      return false;
    }
    WalState after = moveMost(connection, before);
    boolean stuck = after.left() > 0 && after.moved() <= before.moved();
    if (!stuck && finish(connection)) { // else writers would be kept out for nothing
      pins.none();
      return false;
    }
    if (file.isLong()) {
      pins.look(file.bytes());
      return true;
    }
    return false;
  }

  private WalState moveMost(UpkeepConnection connection, WalState before) throws SQLException {
    WalState now = before;
    long moved = -1;
    for (int pass = 0; pass < MOST_PASSES && now.left() > 0 && now.moved() > moved; pass++) {
      moved = now.moved(); // no more after a pass: a reader needs the database as it is
      timed(connection::passive);
      now = connection.look();
      if (isLittle(connection, now)) {
        break;
      }
    }
    return now;
  }

  /** Moves the rest; false if somebody is in the way. */
  private boolean finish(UpkeepConnection connection) throws SQLException {
    try {
      sync(connection);
      return file.isLong()
          ? shorten(connection)
          : !endWithoutWriters(connection::restart, PATIENCE_NANOS).busy();
    } catch (Refusal refusal) {
      long left = file.limit();
      return endBetweenWriters(() -> connection.cut(left));
    }
  }

  /** Slice by slice, so that writers come in between; false if somebody is in the way. */
  private boolean shorten(UpkeepConnection connection) throws SQLException, Refusal {
    long before = Long.MAX_VALUE;
    for (long bytes = file.bytes(); file.isLong() && bytes < before; bytes = file.bytes()) {
      before = bytes;
      long left = Math.max(file.limit(), bytes - SLICE_BYTES);
      if (endWithoutWriters(() -> connection.cut(left), PATIENCE_NANOS).busy()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Somebody keeps the writer for long, and may commit all the while. SQLite itself keeps writers
   * out then, if they are between two transactions; who begins one waits as for another process.
   */
  private boolean endBetweenWriters(WriterPause.Task<WalState> end) throws SQLException {
    boolean done = !patiently(end, PATIENCE_NANOS).busy();
    if (done) {
      tally.finished();
    }
    return done;
  }

  /** Each time there is less to sync than the time before: what was committed meanwhile. */
  private void sync(UpkeepConnection connection) throws SQLException, Refusal {
    long copyNanos = connection.syncsCommits() ? COPY_NANOS : SYNC_AND_COPY_NANOS;
    int syncs = 0;
    do {
      pause.during(LABEL, copyNanos, () -> timed(connection::passive));
      syncs++;
    } while (syncs < MOST_SYNCS && !isLittle(connection, connection.look()));
  }

  private static boolean isLittle(UpkeepConnection connection, WalState wal) throws SQLException {
    return wal.left() * connection.pageSize() <= FEW_BYTES;
  }

  /**
   * Moves everything and cuts the file, for somebody who asks for it.
   *
   * @param patienceNanos how long writers may be kept out for readers that are in the WAL still
   */
  WalState truncate(UpkeepConnection connection, long patienceNanos) throws SQLException, Refusal {
    moveMost(connection, connection.look());
    sync(connection);
    shorten(connection);
    return endWithoutWriters(connection::truncate, patienceNanos);
  }

  private WalState endWithoutWriters(WriterPause.Task<WalState> end, long patienceNanos)
      throws SQLException, Refusal {
    WalState state = pause.during(LABEL, Terms.FOR_EVER, () -> patiently(end, patienceNanos));
    if (!state.busy()) {
      tally.finished();
    }
    return state;
  }

  /** Polls: SQLite tells nobody when a reader leaves the WAL. Counts as one checkpoint. */
  private WalState patiently(WriterPause.Task<WalState> end, long patienceNanos)
      throws SQLException {
    return timed(
        () -> {
          WalState state = end.run(); // has the last pages synced, which may take its time
          long start = System.nanoTime();
          while (state.busy() && System.nanoTime() - start < patienceNanos) {
            LockSupport.parkNanos(this, POLL_NANOS);
            state = end.run();
          }
          return state;
        });
  }

  private WalState timed(WriterPause.Task<WalState> checkpoint) throws SQLException {
    Span<PoolListener.Checkpoint> span = events.checkpointing();
    long start = System.nanoTime();
    WalState state = checkpoint.run();
    long nanos = System.nanoTime() - start;
    tally.checkpoint(state, nanos);
    if (span != null) {
      span.end(
          new PoolListener.Checkpoint(nanos, state.pages(), state.moved(), state.isHeldBack()));
    }
    return state;
  }
}
