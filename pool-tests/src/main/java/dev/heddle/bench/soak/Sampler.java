package dev.heddle.bench.soak;

import dev.heddle.pool.PoolStats;
import dev.heddle.pool.SqlitePool;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What this process takes at a moment, and how its pool is. What a system does not tell is left
 * out.
 */
final class Sampler {

  static final String HEAP = "heapMiB";
  static final String RSS = "rssMiB";
  static final String DESCRIPTORS = "descriptors";
  static final String THREADS = "threads";
  static final String WAL = "walMiB";
  static final String FILE = "databaseMiB";
  static final String UNSERVED = "unserved.";
  static final String HELD = "held";
  static final String WAITING = "waiting";
  static final String MISSING = "missing";
  static final String READS = "reads";
  static final String UNITS = "units";

  private static final Set<String> GAUGES =
      Set.of(HEAP, RSS, DESCRIPTORS, THREADS, WAL, FILE, HELD, WAITING, MISSING);

  private static final double MIB = 1 << 20;
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path OPEN = Path.of("/proc/self/fd");

  private final SqlitePool pool;
  private final Path file;
  private final Crew crew;

  Sampler(SqlitePool pool, Path file, Crew crew) {
    this.pool = pool;
    this.file = file;
    this.crew = crew;
  }

  Map<String, Double> sample() throws IOException {
    Map<String, Double> sample = crew.counts();
    sample.put(HEAP, heapAfterCollection() / MIB);
    sample.put(THREADS, (double) ManagementFactory.getThreadMXBean().getThreadCount());
    crew.unserved().forEach((name, seconds) -> sample.put(UNSERVED + name, seconds));
    sample.put(WAL, length("-wal") / MIB);
    sample.put(FILE, length("") / MIB);
    if (Files.exists(STATUS)) {
      sample.put(RSS, residentKib() / 1024);
      sample.put(DESCRIPTORS, descriptors());
    }
    pool(sample);
    return sample;
  }

  /** Whether it is of a moment; all others are counted. */
  static boolean isGauge(String figure) {
    return GAUGES.contains(figure) || figure.startsWith(UNSERVED);
  }

  private void pool(Map<String, Double> sample) {
    PoolStats stats = pool.stats();
    PoolStats.Lane readers = stats.readers();
    PoolStats.Lane writer = stats.writer();
    sample.put(HELD, (double) readers.held() + writer.held());
    sample.put(WAITING, (double) readers.waiting() + writer.waiting());
    sample.put(MISSING, (double) missing(readers) + missing(writer));
    sample.put(READS, (double) readers.granted());
    sample.put("writes", (double) writer.granted());
    sample.put(UNITS, (double) stats.commits().units());
    sample.put("commits", (double) stats.commits().transactions());
    sample.put("revoked", (double) readers.revoked() + writer.revoked());
    sample.put("leaked", (double) readers.leaked() + writer.leaked());
    sample.put("timedOut", (double) readers.timedOut() + writer.timedOut());
    sample.put("interruptedWaits", (double) readers.interrupted() + writer.interrupted());
    sample.put("busyRetries", (double) stats.busyRetries());
    sample.put("checkpoints", (double) stats.checkpoints().count());
  }

  boolean isIdle() {
    PoolStats stats = pool.stats();
    return missing(stats.readers()) + missing(stats.writer()) == 0;
  }

  private static int missing(PoolStats.Lane lane) {
    return lane.connections() - lane.idle();
  }

  /** What the latest collections have left; what became garbage since does not count. */
  private static double heapAfterCollection() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .map(MemoryPoolMXBean::getCollectionUsage)
        .mapToLong(MemoryUsage::getUsed)
        .sum();
  }

  /** Asked for, and never opened: closing it would drop the locks of this process. */
  private double length(String suffix) {
    return new File(file + suffix).length();
  }

  private static double residentKib() throws IOException {
    try (Stream<String> lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")))
          .sum();
    }
  }

  private static double descriptors() {
    try (Stream<Path> all = Files.list(OPEN)) {
      return all.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
