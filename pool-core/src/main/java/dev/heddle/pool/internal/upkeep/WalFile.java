package dev.heddle.pool.internal.upkeep;

import java.nio.file.Path;

/**
 * The WAL as a file. Its size is all that is asked for: it must not be opened here.
 *
 * @param path where it is
 * @param limit longer than this, in bytes, is long
 */
public record WalFile(Path path, long limit) {

  /** Its size; 0 if there is none. */
  public long bytes() {
    return path.toFile().length();
  }

  boolean isLong() {
    return bytes() > limit;
  }
}
