package dev.heddle.bench.soak;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.tests.Database;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A soak finds what it is there to find. That a pool has nothing against it is seen by running it:
 * {@code mvn -Pbench -Dbench.args="soak minutes=5"}.
 */
@Tag("slow")
class SoakTest {

  @TempDir Path folder;

  @Test
  @Timeout(300)
  void judge_programLeaksAndLosesARow_namesAllOfIt() throws Exception {
    List<String> against =
        Soak.judge(new SoakPlan(Duration.ofSeconds(20), 1, folder, Leaking.class));
    assertAll(
        Stream.of(Sampler.HEAP, Sampler.DESCRIPTORS, Sampler.THREADS, "worker " + Leaking.WORKER)
            .map(
                what ->
                    () ->
                        assertTrue(
                            against.stream().anyMatch(one -> one.contains(what)),
                            () -> what + " is not in " + against)));
  }

  /** The usual program, with somebody in it who keeps what it opens, and deletes what is kept. */
  static final class Leaking {

    static final int WORKER = 7;

    private static final Duration EVERY = Duration.ofMillis(50);
    private static final int BYTES = 200_000;
    private static final int MOST = 800;

    private static final String LOSE_THE_LAST_STEP =
        """
        DELETE FROM text WHERE worker = %1$d
          AND step = (SELECT max(step) FROM text WHERE worker = %1$d)
        """
            .formatted(WORKER);

    private final List<Object> kept = new ArrayList<>();

    private Leaking() {}

    public static void main(String[] arguments) throws Exception {
      Path file = Path.of(arguments[1]);
      Thread.ofPlatform().daemon().start(() -> new Leaking().leak(Path.of(file + "-wal")));
      Thread.ofPlatform().daemon().start(() -> loseRows(file));
      SoakedProgram.main(arguments);
    }

    /** By the clock, however busy the machine is, and not until the heap is full. */
    private void leak(Path wal) {
      while (!Files.exists(wal)) {
        sleep(EVERY);
      }
      long start = System.nanoTime();
      for (int leaked = 0; leaked < MOST; leaked++) {
        kept.add(open());
        kept.add(new byte[BYTES]);
        kept.add(Thread.ofPlatform().daemon().start(() -> sleep(Duration.ofHours(1))));
        long early = start + leaked * EVERY.toNanos() - System.nanoTime();
        sleep(Duration.ofNanos(Math.max(0, early)));
      }
    }

    private static InputStream open() {
      try {
        return Files.newInputStream(Path.of("/dev/null"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static void loseRows(Path file) {
      while (true) {
        sleep(EVERY);
        try (Database other = Database.connect(file)) {
          other.run("PRAGMA busy_timeout = 1000", LOSE_THE_LAST_STEP);
        } catch (SQLException e) {
          // There is no table yet, or somebody else has the lock.
        }
      }
    }

    private static void sleep(Duration time) {
      try {
        Thread.sleep(time);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
