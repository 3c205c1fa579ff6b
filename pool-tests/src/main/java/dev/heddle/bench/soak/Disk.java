package dev.heddle.bench.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * The disk under this process, which can be made to fail: no file may be written beyond its first
 * bytes, as if it were full. Linux' prlimit does that; elsewhere the disk never fails.
 */
final class Disk {

  private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");
  private static final String NOTHING = "512";
  private static final String ANYTHING = "unlimited";

  /** What programs are told of it, and of connections and groups that it took along. */
  private static final Set<String> STATES =
      Set.of("58030", "53100", "08007", "08001", "08003", "40000", "40001");

  private volatile boolean failing;
  private volatile long mendedNanos = System.nanoTime();

  static boolean canFail() {
    return Files.isExecutable(PRLIMIT);
  }

  /** For a while. */
  void fail(long millis) throws IOException, InterruptedException {
    failing = true;
    try {
      limit(NOTHING);
      Thread.sleep(millis);
    } finally {
      limit(ANYTHING);
      mendedNanos = System.nanoTime();
      failing = false;
    }
  }

  /** Whether something that began then may have ended so because of the disk. */
  boolean mayHaveCaused(String state, long sinceNanos) {
    return STATES.contains(state) && (failing || mendedNanos - sinceNanos > 0);
  }

  private static void limit(String bytes) throws IOException, InterruptedException {
    Process prlimit =
        new ProcessBuilder(
                PRLIMIT.toString(),
                "--pid",
                Long.toString(ProcessHandle.current().pid()),
                "--fsize=" + bytes + ":" + ANYTHING)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (prlimit.waitFor() != 0) {
      throw new IOException("prlimit failed");
    }
  }
}
