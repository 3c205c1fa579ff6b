package dev.heddle.pool.internal.sqlite;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteOpenMode;
import org.sqlite.jdbc4.JDBC4Connection;

/**
 * The file of a database, before SQLite opens it: whether it can be opened at all, and its creation
 * with the right permissions, which SQLite then gives to the WAL as well.
 *
 * <p>An existing database is never opened through {@code java.nio}: closing any descriptor of it
 * would drop the locks of the whole process (<a
 * href="https://sqlite.org/howtocorrupt.html">sqlite.org/howtocorrupt.html</a>, 2.2).
 */
final class DatabaseFile {

  private static final String DRIVER_PREFIX = "jdbc:sqlite:";

  private final Path path;
  private boolean created;

  DatabaseFile(Path path) {
    this.path = path.toAbsolutePath(); // with its "..": behind a link, leaving that out is wrong
  }

  Path path() {
    return path;
  }

  /** As SQLite takes any path, whatever characters are in it: as a URI. */
  String uri() {
    return "file:" + path.toUri().getRawPath();
  }

  /** A connection of the driver; it never waits for locks, which is done in Java. */
  SQLiteConnection connect(boolean readOnly, String how) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(readOnly);
    // The driver's monitor lets one thread at a time into a connection: sqlite.org/threadsafe.html
    config.setOpenMode(SQLiteOpenMode.NOMUTEX);
    config.setBusyTimeout(0); // waiting inside SQLite would keep a carrier thread
    Properties properties = config.toProperties();
    // Otherwise each INSERT runs a query for the key, and leaves its cursor open.
    properties.setProperty(SQLiteConfig.Pragma.JDBC_GET_GENERATED_KEYS.pragmaName, "false");
    String uri = uri() + how;
    return new JDBC4Connection(DRIVER_PREFIX + uri, uri, properties);
  }

  /** Throws if it can't be opened for writing; creates it if it is not there. */
  void prepare(Optional<Set<PosixFilePermission>> permissions) throws SQLException {
    requireFolder();
    if (Files.exists(path)) {
      requireUsable();
    } else {
      createNew(permissions);
    }
  }

  void requireFolder() throws SQLException {
    Path folder = path.getParent();
    if (folder == null || Files.isDirectory(path)) {
      throw refused("it is a folder; name a file in it");
    }
    if (!Files.isDirectory(folder)) {
      throw refused("there is no folder " + folder + "; create it first");
    }
    if (!Files.isWritable(folder)) {
      throw refused(
          "no permission to write to the folder " + folder + ", where SQLite keeps the WAL");
    }
  }

  /** Throws if it can't be opened for reading; creates nothing. */
  void requireReadable() throws SQLException {
    if (Files.isDirectory(path)) {
      throw refused("it is a folder; name a file in it");
    }
    if (!Files.exists(path)) {
      throw refused("there is no such file, and mode=read-only creates none");
    }
    requireRegular();
    if (!Files.isReadable(path)) {
      throw refused("no permission to read it");
    }
  }

  /** True if SQLite lacks a file of a WAL, and can't create it. */
  boolean canHaveNoWal() {
    Path folder = path.getParent();
    return !(Files.exists(sibling("-wal")) && Files.exists(sibling("-shm")))
        && folder != null
        && !Files.isWritable(folder);
  }

  private void requireRegular() throws SQLException {
    if (!Files.isRegularFile(path)) {
      throw refused("it is not a regular file");
    }
  }

  private void requireUsable() throws SQLException {
    requireRegular();
    if (!Files.isReadable(path) || !Files.isWritable(path)) {
      throw refused("no permission to read and write it");
    }
  }

  private void createNew(Optional<Set<PosixFilePermission>> permissions) throws SQLException {
    try {
      create(path, permissions);
      created = true;
    } catch (FileAlreadyExistsException e) {
      // Another process was quicker: then it is that one's file.
      requireUsable();
    } catch (IOException e) {
      throw refused("it can't be created: " + e, e);
    }
  }

  /** Creates a file, of which nobody is allowed more than that at any time. */
  static void create(Path file, Optional<Set<PosixFilePermission>> permissions) throws IOException {
    if (permissions.isEmpty() || !isPosix(file)) {
      Files.createFile(file);
      return;
    }
    Files.createFile(file, PosixFilePermissions.asFileAttribute(permissions.get()));
    try {
      Files.setPosixFilePermissions(file, permissions.get()); // which the umask has narrowed
    } catch (IOException e) {
      Files.delete(file);
      throw e;
    }
  }

  static boolean isPosix(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /** After a failure to open: removes what {@link #prepare} created, and nothing else. */
  void remove() {
    if (created) {
      for (String suffix : List.of("-shm", "-wal", "-journal", "")) {
        sibling(suffix).toFile().delete();
      }
    }
  }

  private Path sibling(String suffix) {
    return path.resolveSibling(path.getFileName() + suffix);
  }

  private SQLException refused(String why) {
    return refused(why, null);
  }

  private SQLException refused(String why, @Nullable Throwable cause) {
    return new SQLNonTransientConnectionException(problem(why), Errors.CANT_CONNECT, cause);
  }

  /** A message about this file. */
  String problem(String why) {
    return "Can't open the database file " + path + ": " + why;
  }
}
