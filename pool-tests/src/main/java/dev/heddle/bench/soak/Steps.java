package dev.heddle.bench.soak;

import dev.heddle.pool.ReadLease;
import dev.heddle.pool.WriteLease;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The rows of the soak. A writer goes from step to step, one unit each, and leaves its last {@link
 * #KEPT} steps in two tables: so the file stays as large as it is, what is there follows from the
 * number of the last step, and a unit that was lost, torn, or kept against its word is found by the
 * next step or by any snapshot.
 */
final class Steps {

  static final int WORKERS = 100;
  static final int KEPT = 40;
  static final int PARTS = 3;

  /** The number of those whose rows must never be seen. */
  static final int GHOST = -1;

  private static final int BLOB = 128 << 10;

  static final String ADVANCE = "UPDATE head SET step = ? WHERE worker = ? AND step = ?";
  static final String INSERT_TEXT = "INSERT INTO text(worker, step, body) VALUES (?, ?, ?)";
  static final String INSERT_PART =
      "INSERT INTO part(worker, step, part, body) VALUES (?, ?, ?, ?)";
  static final String DELETE_TEXT = "DELETE FROM text WHERE worker = ? AND step <= ?";
  static final String DELETE_PARTS = "DELETE FROM part WHERE worker = ? AND step <= ?";

  static final String TEXT = "SELECT body FROM text WHERE worker = ? AND step = ?";
  static final String STEPS_OF_TEXTS = "SELECT step FROM text WHERE worker = ? ORDER BY step";
  private static final String HEAD = "SELECT step FROM head WHERE worker = ?";
  private static final String PARTS_OF_WORKER =
      "SELECT step, part, body FROM part WHERE worker = ? ORDER BY step, part";
  private static final String GHOSTS =
      "SELECT (SELECT count(*) FROM text WHERE worker = ?)"
          + " + (SELECT count(*) FROM part WHERE worker = ?)";

  private Steps() {}

  static void create(WriteLease lease) throws SQLException {
    lease.script(
        """
        CREATE TABLE IF NOT EXISTS head(worker INTEGER PRIMARY KEY, step INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS text(
          worker INTEGER, step INTEGER, body TEXT NOT NULL, PRIMARY KEY(worker, step))
          WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS part(
          id INTEGER PRIMARY KEY, worker INTEGER NOT NULL, step INTEGER NOT NULL,
          part INTEGER NOT NULL, body BLOB NOT NULL);
        CREATE INDEX IF NOT EXISTS part_step ON part(worker, step, part);
        """);
    for (int worker = 0; worker < WORKERS; worker++) {
      lease.update("INSERT OR IGNORE INTO head(worker, step) VALUES (?, 0)", worker);
    }
  }

  /** The unit of a step. */
  static void take(WriteLease lease, int worker, long step) throws SQLException {
    requireOne(worker, step, lease.update(ADVANCE, step, worker, step - 1));
    lease.update(INSERT_TEXT, worker, step, text(worker, step));
    List<Object[]> parts = new ArrayList<>();
    for (int part = 0; part < PARTS; part++) {
      parts.add(new Object[] {worker, step, part, part(worker, step, part)});
    }
    lease.batch(INSERT_PART, parts);
    lease.update(DELETE_TEXT, worker, step - KEPT);
    lease.update(DELETE_PARTS, worker, step - KEPT);
  }

  static void requireOne(int worker, long step, long changed) {
    require(changed == 1, () -> "worker " + worker + " was not at the step before " + step);
  }

  /** Something that is not to be kept. */
  static void haunt(WriteLease lease, long step) throws SQLException {
    lease.update(INSERT_TEXT, GHOST, step, text(GHOST, step));
    lease.update(INSERT_PART, GHOST, step, 0, part(GHOST, step, 0));
  }

  static long head(ReadLease lease, int worker) throws SQLException {
    return lease.queryOne(HEAD, row -> row.getLong(1), worker).orElseThrow();
  }

  /** The steps that are there, if the last one is this. */
  static List<Long> kept(long head) {
    return LongStream.rangeClosed(Math.max(1, head - KEPT + 1), head).boxed().toList();
  }

  /** Looks at all rows of a writer, in a snapshot. */
  static void check(ReadLease lease, int worker) throws SQLException {
    List<Long> kept = kept(head(lease, worker));
    List<Long> texts = lease.query(STEPS_OF_TEXTS, row -> row.getLong(1), worker);
    require(texts.equals(kept), () -> "worker " + worker + ": texts " + texts + ", not " + kept);
    List<Long> parts = new ArrayList<>();
    lease.forEach(
        PARTS_OF_WORKER,
        row -> {
          parts.add(row.getLong(1));
          requirePart(worker, row.getLong(1), row.getInt(2), row.getBytes(3));
        },
        worker);
    List<Long> wanted =
        kept.stream().flatMap(step -> Collections.nCopies(PARTS, step).stream()).toList();
    require(
        parts.equals(wanted), () -> "worker " + worker + ": parts " + parts + ", not " + wanted);
  }

  static void requireNoGhosts(ReadLease lease) throws SQLException {
    long ghosts = lease.queryOne(GHOSTS, row -> row.getLong(1), GHOST, GHOST).orElseThrow();
    require(ghosts == 0, () -> ghosts + " rows are there that were rolled back");
  }

  private static void requirePart(int worker, long step, int part, byte @Nullable [] body) {
    require(
        Arrays.equals(body, part(worker, step, part)),
        () -> "worker " + worker + ": part " + part + " of step " + step + " is another one");
  }

  static String text(int worker, long step) {
    return (worker + "/" + step + " ").repeat(1 + (int) (step * 31 + worker & 31));
  }

  /** A few pages at most; now and then a hundred kilobytes. */
  static byte[] part(int worker, long step, int part) {
    boolean large = step % KEPT == 0 && part == 0;
    byte[] body = new byte[large ? BLOB : 300 + (int) (step * 7919 + worker * 131L + part & 2047)];
    Arrays.fill(body, (byte) (worker ^ step ^ part));
    return body;
  }

  static void require(boolean right, Supplier<String> otherwise) {
    if (!right) {
      throw new WrongData(otherwise.get());
    }
  }

  /** The database is not as it was promised to be. */
  static final class WrongData extends RuntimeException {
    private static final long serialVersionUID = 1;

    WrongData(String message) {
      super(message);
    }
  }
}
