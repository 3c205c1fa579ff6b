package dev.heddle.bench.soak;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What each writer has tried, and what it was told to be committed: in memory that two processes
 * share, so it outlives the one that is killed at any instruction.
 */
final class Ledger {

  private static final VarHandle STEPS = ValueLayout.JAVA_LONG.varHandle();

  private final MemorySegment memory;

  private Ledger(MemorySegment memory) {
    this.memory = memory;
  }

  /** The ledger in a file; a new one says that nobody has tried anything. */
  static Ledger open(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return new Ledger(
          channel.map(
              FileChannel.MapMode.READ_WRITE,
              0,
              Steps.WORKERS * 2 * ValueLayout.JAVA_LONG.byteSize(),
              Arena.ofAuto()));
    }
  }

  /** Before a step: from now on it may be found in the database. */
  void tries(int worker, long step) {
    set(worker * 2, step);
  }

  /** After its commit: from now on it must be found. */
  void acknowledges(int worker, long step) {
    set(worker * 2 + 1, step);
  }

  long tried(int worker) {
    return get(worker * 2);
  }

  long acknowledged(int worker) {
    return get(worker * 2 + 1);
  }

  private void set(int index, long step) {
    STEPS.setVolatile(memory, index * ValueLayout.JAVA_LONG.byteSize(), step);
  }

  private long get(int index) {
    return (long) STEPS.getVolatile(memory, index * ValueLayout.JAVA_LONG.byteSize());
  }
}
