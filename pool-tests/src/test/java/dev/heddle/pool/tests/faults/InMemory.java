package dev.heddle.pool.tests.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * Folders in memory where there are any (Linux), for tests that sync thousands of times, and lose
 * nothing that only a sync would keep: a process that is killed leaves what it has written.
 */
final class InMemory implements TempDirFactory {

  private static final Path MEMORY = Path.of("/dev/shm");

  @Override
  public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context)
      throws IOException {
    return Files.isWritable(MEMORY)
        ? Files.createTempDirectory(MEMORY, "heddle-")
        : Files.createTempDirectory("heddle-");
  }
}
