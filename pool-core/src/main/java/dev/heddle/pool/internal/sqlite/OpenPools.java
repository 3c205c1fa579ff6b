package dev.heddle.pool.internal.sqlite;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database files that the pools of this JVM have open, whatever names they go by.
 *
 * <p>A pool is in here from before its first connection is opened until its last one is closed. One
 * that is never closed stays, and so do its descriptors.
 */
public final class OpenPools {

  private static final Logger LOG = LoggerFactory.getLogger("dev.heddle.pool.open");

  private static final ReentrantLock LOCK = new ReentrantLock();

  /** By the file; guarded by the lock. */
  private static final Map<Object, List<Entry>> OPEN = new HashMap<>();

  private OpenPools() {}

  /** One pool on one file. Equal to itself only. */
  static final class Entry {
    private final Object file;
    private final Place place;
    private final OpenedHere where;

    private Entry(Object file, Place place, OpenedHere where) {
      this.file = file;
      this.place = place;
      this.where = where;
    }
  }

  /**
   * A name in a folder, by whatever path: SQLite puts the WAL beside it.
   *
   * @param folder the folder's {@link #key}
   */
  private record Place(Object folder, Path name) {

    static Place of(Path path) {
      Path real = real(path);
      return new Place(key(Objects.requireNonNullElse(real.getParent(), real)), real.getFileName());
    }
  }

  /** Never thrown: its stack trace shows where a pool was opened. */
  private static final class OpenedHere extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    OpenedHere(String message) {
      super(message);
    }

    /** The same, beside the others. */
    OpenedHere with(List<Entry> others) {
      OpenedHere all = new OpenedHere(String.valueOf(getMessage()));
      all.setStackTrace(getStackTrace());
      others.forEach(other -> all.addSuppressed(other.where));
      return all;
    }
  }

  /**
   * Notes that a pool is about to open a file, which exists, and warns if another one has it open.
   *
   * @throws SQLException if another one has it open by a hard link: each would have a WAL of its
   *     own, and the database would be lost between the two
   */
  static Entry add(String pool, Path path) throws SQLException {
    OpenedHere where =
        new OpenedHere(
            "pool '" + pool + "' was opened here, by " + Thread.currentThread().getName());
    Entry entry = new Entry(key(path), Place.of(path), where);
    List<Entry> others;
    LOCK.lock();
    try {
      List<Entry> all = OPEN.computeIfAbsent(entry.file, _ -> new ArrayList<>());
      others = List.copyOf(all);
      requireSamePlace(entry, others);
      all.add(entry);
    } finally {
      LOCK.unlock();
    }
    if (!others.isEmpty()) {
      warn(pool, path, where.with(others));
    }
    return entry;
  }

  private static void requireSamePlace(Entry entry, List<Entry> others) throws SQLException {
    for (Entry other : others) {
      if (!other.place.equals(entry.place)) {
        throw new SQLException(
            "the same file is open in this JVM by another name, "
                + other.place.name()
                + ", a hard link. Each name would have a WAL of its own, which destroys the"
                + " database: use one name",
            other.where);
      }
    }
  }

  private static void warn(String pool, Path path, OpenedHere openers) {
    LOG.warn(
        "Pool '{}' is opened on {}, which {} open in this JVM already. All work, but like pools of"
            + " different programs: their writers wait for each other at the file's lock, in no"
            + " order, and share no commits, and each pool has a page cache. Open one pool for a"
            + " file, and pass it on. Who opened them:",
        pool,
        path,
        openers.getSuppressed().length == 1 ? "another pool has" : "other pools have",
        openers);
  }

  /** The pool's connections are closed; harmless when repeated. */
  static void remove(Entry entry) {
    LOCK.lock();
    try {
      OPEN.computeIfPresent(
          entry.file, (_, all) -> all.remove(entry) && all.isEmpty() ? null : all);
    } finally {
      LOCK.unlock();
    }
  }

  /**
   * True if a pool of this JVM has the file open, by this name or another one. Then nobody may open
   * it but through SQLite: closing any descriptor of it drops the locks of the whole process (<a
   * href="https://sqlite.org/howtocorrupt.html">sqlite.org/howtocorrupt.html</a>, 2.2).
   */
  public static boolean has(Path path) {
    Object file = key(path);
    LOCK.lock();
    try {
      return OPEN.containsKey(file);
    } finally {
      LOCK.unlock();
    }
  }

  /** What a file or folder is the same by; its real path where the system gives nothing better. */
  private static Object key(Path path) {
    try {
      Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
      return key == null ? real(path) : key;
    } catch (IOException e) {
      return real(path); // it is gone, or was never there
    }
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return path.toAbsolutePath().normalize();
    }
  }
}
