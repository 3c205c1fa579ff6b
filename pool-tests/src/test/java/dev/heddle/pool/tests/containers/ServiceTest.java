package dev.heddle.pool.tests.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.dockerjava.api.model.HostConfig;
import dev.heddle.pool.tests.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A service with a pool, as an operator runs it: with hardly any memory, and until it is stopped.
 */
class ServiceTest extends ContainerFixture {

  private static final long MEMORY = 128 << 20;
  private static final long HALF_A_PROCESSOR = 500_000_000;

  /** Of its own accord the JVM takes half of so little memory for the heap. */
  private static final String HEAP = "-Xmx32m";

  /** What a JVM ends with when it was told to, by SIGTERM. */
  private static final int TOLD = 128 + 15;

  @Test
  void load_128MiBAndHalfAProcessor_nobodyFailsAndTheHeartBeats() throws Exception {
    try (Contained service = start(container().option(HEAP).on(ServiceTest::small), 8 * ROUNDS)) {
      service.awaitSaid(BusyService.ENOUGH);
      assertEquals(TOLD, service.stop(), "exit code");
      List<String> said = service.said();
      said.forEach(System.out::println);
      assertFalse(service.ranOutOfMemory(), "it was killed, as it took too much memory");
      assertEquals(
          List.of(), said.stream().filter(line -> line.startsWith(BusyService.FAILED)).toList());
      assertEquals(BusyService.DEFAULTS + "processors=1 readers=4 carriers=6", said.getFirst());
      requireAcknowledged(said);
    }
  }

  private static void small(HostConfig host) {
    host.withMemory(MEMORY).withMemorySwap(MEMORY).withNanoCPUs(HALF_A_PROCESSOR);
  }

  @Test
  void stop_underLoad_leavesOneFileWithAllThatWasAcknowledged() throws Exception {
    try (Contained service = start(container(), 2)) {
      service.awaitSaid(BusyService.ENOUGH);
      assertTrue(Files.exists(wal()), "no -wal under load");
      assertEquals(TOLD, service.stop(), "exit code");
      assertFalse(Files.exists(wal()), "a -wal is left");
      requireAcknowledged(service.said());
    }
  }

  /** As many rows as it has been told of, and no other. */
  private void requireAcknowledged(List<String> said) throws SQLException {
    assertEquals(
        BusyService.ACKNOWLEDGED + Database.ask(file(), "SELECT count(*) FROM t"), said.getLast());
  }

  private static Contained start(Contained.Plan plan, int streams) throws Exception {
    return plan.start(BusyService.class, Contained.FILE, streams);
  }

  private Path wal() {
    return Path.of(file() + "-wal");
  }
}
