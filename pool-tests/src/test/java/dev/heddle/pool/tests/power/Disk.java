package dev.heddle.pool.tests.power;

import dev.heddle.pool.tests.power.WriteLog.Event;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A disk with one folder, and what it may hold after a power cut. A sync brings to the disk what it
 * is about, and nothing else: a file's does not bring its name, the folder's brings the names and
 * no content. Most file systems do more.
 */
final class Disk {

  /** How many syncs are over, as the disk says, before it does the first of them. */
  private final int lies;

  private final Deque<Runnable> due = new ArrayDeque<>();

  private final Map<Long, DiskFile> files = new HashMap<>();
  private final Map<String, DiskFile> names = new TreeMap<>();
  private final Map<String, DiskFile> certainNames = new TreeMap<>();
  private final Unsynced<Naming> unsynced = new Unsynced<>();

  private Disk(int lies) {
    this.lies = lies;
  }

  /** One that has done what it says. */
  static Disk honest() {
    return new Disk(0);
  }

  /** One that says of each sync that it is done when so many others are still to be done. */
  static Disk lying(int syncs) {
    return new Disk(syncs);
  }

  /**
   * A name that is given or, without a file, taken away.
   *
   * @param file whose it is from now on
   */
  private record Naming(String name, @Nullable DiskFile file) {
    void in(Map<String, DiskFile> names) {
      if (file == null) {
        names.remove(name);
      } else {
        names.put(name, file);
      }
    }
  }

  /** Has it hold what is in a folder, for certain. */
  void hold(Path folder) throws IOException {
    try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder)) {
      for (Path path : paths) {
        DiskFile file = new DiskFile(Files.readAllBytes(path));
        files.put((Long) Files.getAttribute(path, "unix:ino"), file);
        Naming naming = new Naming(path.getFileName().toString(), file);
        naming.in(names);
        naming.in(certainNames);
      }
    }
  }

  void happens(Event event) {
    switch (event.kind()) {
      case CREATE -> {
        // Its inode may have been another file's before.
        files.put(event.file(), new DiskFile(new byte[0]));
        name(event.text(), file(event));
      }
      case LINK -> name(event.text(), file(event));
      case UNLINK -> name(event.text(), null);
      case WRITE -> file(event).write(event.number(), event.data());
      case TRUNCATE -> file(event).truncate(event.number());
      case SYNC -> syncBegins(event);
      case SYNCED -> {
        due.add(end(event));
        if (due.size() > lies) {
          due.remove().run();
        }
      }
    }
  }

  private DiskFile file(Event event) {
    return Objects.requireNonNull(files.get(event.file()), event::toString);
  }

  private void name(String name, @Nullable DiskFile file) {
    Naming naming = new Naming(name, file);
    naming.in(names);
    unsynced.add(naming);
  }

  private void syncBegins(Event event) {
    if (event.file() == WriteLog.FOLDER) {
      unsynced.syncBegins(event.number());
    } else {
      file(event).syncBegins(event.number());
    }
  }

  private Runnable end(Event event) {
    long sync = event.number();
    if (event.file() == WriteLog.FOLDER) {
      return () -> unsynced.syncEnds(sync).forEach(naming -> naming.in(certainNames));
    }
    DiskFile file = file(event);
    return () -> file.syncEnds(sync);
  }

  /** What programs see: the files by their names. */
  Map<String, byte[]> seen() {
    return contents(names, DiskFile::seen);
  }

  Map<String, byte[]> afterPowerCut(Random random) {
    Map<String, DiskFile> left = new TreeMap<>(certainNames);
    Fate fate = Fate.of(unsynced.changes().size(), random);
    int change = 0;
    for (Naming naming : unsynced.changes()) {
      if (fate.keeps(change++)) {
        naming.in(left);
      }
    }
    return contents(left, file -> file.afterPowerCut(random));
  }

  private static Map<String, byte[]> contents(
      Map<String, DiskFile> files, Function<DiskFile, byte[]> content) {
    Map<String, byte[]> contents = new TreeMap<>();
    files.forEach((name, file) -> contents.put(name, content.apply(file)));
    return contents;
  }
}
