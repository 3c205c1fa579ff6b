package dev.heddle.pool.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The descriptors that this process has open. */
public final class OpenFiles {

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  private OpenFiles() {}

  /** The files under a folder that are open; none on a system that does not tell. */
  public static List<Path> under(Path folder) {
    if (!Files.isDirectory(DESCRIPTORS)) {
      return List.of();
    }
    List<Path> files = new ArrayList<>();
    try (Stream<Path> descriptors = Files.list(DESCRIPTORS)) {
      Path real = folder.toRealPath();
      descriptors.map(OpenFiles::target).filter(file -> file.startsWith(real)).forEach(files::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  private static Path target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor);
    } catch (IOException e) {
      return Path.of("/"); // closed meanwhile
    }
  }
}
