package dev.heddle.bench.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Folders that are made anew. */
final class Folders {

  /** Where the driver unpacks its library; a process that is killed leaves it there. */
  static final String LIBRARY = "-Dorg.sqlite.tmpdir=";

  private Folders() {}

  /** Deletes it, and all that is in it. */
  static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      for (Path file : below(folder)) {
        Files.delete(file);
      }
    }
  }

  /** The deepest first. */
  private static List<Path> below(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.sorted(Comparator.reverseOrder()).toList();
    }
  }
}
