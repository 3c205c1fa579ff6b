package dev.heddle.pool.internal.sqlite;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A database in the making, {@code <name>.part}, beside the file that it becomes: whoever finds a
 * file under that name, finds all of it. A crash leaves at most the part, which the next try
 * replaces.
 *
 * <p>It is made and ended by one thread.
 */
final class PartFile implements AutoCloseable {

  /** Those that are in the making in this JVM. */
  private static final Set<Path> MAKING = ConcurrentHashMap.newKeySet();

  private final Path target;
  private final boolean overEmpty;
  private final Path path;
  private boolean created;

  /** Which file it is, whoever has that name later; null where the system can't say. */
  private @Nullable Object key;

  private PartFile(Path target, boolean overEmpty) {
    this.target = target;
    this.overEmpty = overEmpty;
    this.path = beside(target, ".part");
  }

  /**
   * Creates the part, empty. To be closed.
   *
   * @param target the file that it is to become
   * @param overEmpty whether there may be a file without a byte in its place
   * @throws FileAlreadyExistsException if the target exists, or this JVM makes it already
   * @throws IOException if it can't be created
   */
  static PartFile create(
      Path target, boolean overEmpty, Optional<Set<PosixFilePermission>> permissions)
      throws IOException {
    PartFile part = new PartFile(inRealFolder(target.toAbsolutePath()), overEmpty);
    if (!MAKING.add(part.path)) {
      throw new FileAlreadyExistsException(part.path.toString(), null, "it is in the making");
    }
    try {
      part.begin(permissions);
      return part;
    } catch (Throwable t) {
      part.close();
      throw t;
    }
  }

  private static Path inRealFolder(Path file) throws IOException {
    Path folder = file.getParent();
    Path name = file.getFileName();
    if (folder == null || name == null) {
      throw new IOException("it is a folder; name a file in it");
    }
    try {
      return folder.toRealPath().resolve(name);
    } catch (NoSuchFileException e) {
      throw new NoSuchFileException(folder.toString(), null, "there is no such folder");
    }
  }

  private static Path beside(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  private void begin(Optional<Set<PosixFilePermission>> permissions) throws IOException {
    requireNoTarget();
    removeNames();
    DatabaseFile.create(path, permissions);
    created = true;
    key = keyNow();
  }

  /** SQLite would take a WAL or a journal of that name for one of the new database. */
  private void requireNoTarget() throws IOException {
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS) && !(overEmpty && isEmpty(target))) {
      throw new FileAlreadyExistsException(
          target.toString(), null, "it exists, and is not overwritten");
    }
    for (String suffix : List.of("-wal", "-journal")) {
      Path file = beside(target, suffix);
      if (!isEmpty(file)) {
        throw new FileAlreadyExistsException(
            file.toString(), null, "it is left of another database; remove it");
      }
    }
  }

  private static boolean isEmpty(Path file) throws IOException {
    return !Files.exists(file) || Files.size(file) == 0;
  }

  /** With the journal that SQLite has while it writes to the part. */
  private void removeNames() throws IOException {
    Files.deleteIfExists(path);
    Files.deleteIfExists(beside(path, "-journal"));
  }

  Path path() {
    return path;
  }

  /** Gives it its name, once all of it is on disk. Nobody may have it open. */
  void publish() throws IOException {
    force(path, StandardOpenOption.WRITE);
    if (!isOwn()) {
      throw new IOException("another process makes the same file");
    }
    rename();
    Path folder = path.getParent();
    if (folder != null && DatabaseFile.isPosix(path)) {
      force(folder, StandardOpenOption.READ); // or a power failure could undo the name
    }
  }

  private static void force(Path file, StandardOpenOption how) throws IOException {
    try (FileChannel channel = FileChannel.open(file, how)) {
      channel.force(true);
    }
  }

  /** By a link, since moving it would overwrite what has come to be there meanwhile. */
  private void rename() throws IOException {
    requireNoTarget();
    if (overEmpty) {
      Files.deleteIfExists(target);
    }
    try {
      Files.createLink(target, path);
      Files.delete(path);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (IOException | UnsupportedOperationException noLinks) {
      Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private boolean isOwn() {
    try {
      return created && Objects.equals(key, keyNow());
    } catch (IOException e) {
      return false; // it is gone
    }
  }

  private @Nullable Object keyNow() throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  /**
   * Drops what is in it, while SQLite still writes to it: the room on the disk is free then, where
   * the system allows it. Never throws.
   */
  void drop() {
    if (!isOwn()) {
      return;
    }
    try {
      Files.newByteChannel(path, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
          .close();
      removeNames();
    } catch (IOException e) {
      // close() tries again
    }
  }

  /** Unless it was published, nothing is left. Never throws. */
  @Override
  public void close() {
    try {
      if (isOwn()) {
        removeNames();
      }
    } catch (IOException e) {
      // the next try replaces it
    } finally {
      MAKING.remove(path);
    }
  }
}
