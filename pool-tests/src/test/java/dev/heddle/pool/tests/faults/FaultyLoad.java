package dev.heddle.pool.tests.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.Maintenance;
import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import dev.heddle.pool.tests.Background;
import dev.heddle.pool.tests.ChildJvm;
import dev.heddle.pool.tests.faults.Faults.Call;
import dev.heddle.pool.tests.faults.Faults.Fault;
import dev.heddle.pool.tests.faults.Faults.Kind;
import dev.heddle.pool.tests.faults.Faults.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A process that does everything that a pool can do while its system calls fail at random. */
final class FaultyLoad {

  private static final LeaseOptions ALONE = LeaseOptions.DEFAULTS.withCommitAlone(true);
  private static final LeaseOptions WITH_SNAPSHOT =
      LeaseOptions.DEFAULTS.withSnapshotAfterCommit(true);

  private static final int PHASES = 12;
  private static final long PHASE_NANOS = 50_000_000;

  /** Faults that the next call may not meet again: else SQLite makes that call for ever. */
  private static final EnumSet<Fault> REPEATED = EnumSet.of(Fault.EINTR, Fault.EAGAIN, Fault.HALF);

  private static final List<Fault> ALL =
      List.of(
          Fault.EIO,
          Fault.ENOSPC,
          Fault.EDQUOT,
          Fault.ENOMEM,
          Fault.EINTR,
          Fault.EAGAIN,
          Fault.HALF,
          Fault.TORN);

  private final Path file;
  private final Random random;
  private final SqlitePool pool;
  private final Ledger ledger = new Ledger();
  private final AtomicLong ids = new AtomicLong();
  private final List<Background<?>> threads = new ArrayList<>();
  private volatile boolean over;
  private long struck;

  private FaultyLoad(Path file, Random random) throws SQLException {
    this.file = file;
    this.random = random;
    this.pool =
        SqlitePool.open(
            PoolConfig.builder(file)
                .readers(3)
                .busyTimeout(Duration.ofMillis(20))
                .acquireTimeout(Duration.ofMinutes(1))
                .walCheckpointPages(100)
                .build());
    pool.useWriter(lease -> lease.script(Ledger.TABLES));
  }

  /**
   * Runs it.
   *
   * @param arguments folder, rounds, seed
   */
  public static void main(String[] arguments) throws Exception {
    Random random = new Random(Long.parseLong(arguments[2]));
    long struckInAll = 0;
    for (int round = 1; round <= Integer.parseInt(arguments[1]); round++) {
      Path own = Files.createDirectory(Path.of(arguments[0], "round-" + round));
      FaultyLoad load = new FaultyLoad(own.resolve("load.db"), random);
      try {
        load.run();
      } catch (Throwable t) {
        Faults.clear();
        System.err.println(load.pool.dump());
        throw t;
      }
      struckInAll += load.struck;
      ChildJvm.say("round %d: %s".formatted(round, load));
      remove(own);
    }
    assertTrue(struckInAll > 0, "no call has failed");
  }

  private void run() throws SQLException {
    start("sharing", 8, () -> unit(LeaseOptions.DEFAULTS));
    start("alone", 1, () -> unit(ALONE));
    start("rolling back", 1, this::rollBack);
    start("committing and reading", 1, this::commitAndRead);
    start("reading", 2, () -> ledger.call(() -> pool.useReader(ledger.check())));
    start("in a snapshot", 1, this::snapshot);
    start("maintaining", 1, this::maintain);
    for (int phase = 0; phase < PHASES; phase++) {
      Faults.set(rule());
      LockSupport.parkNanos(PHASE_NANOS);
      struck += Faults.struck();
    }
    boolean endsInTrouble = random.nextBoolean();
    if (!endsInTrouble) {
      Faults.clear();
    }
    over = true;
    threads.forEach(Background::result);
    if (!endsInTrouble) {
      Aftermath.requireUsable(pool, ledger, ids.incrementAndGet());
    }
    Aftermath.requireIdle(pool);
    pool.close();
    Faults.clear();
    assertEquals(List.of(), List.copyOf(ledger.surprises()));
    Aftermath.requireLeft(file, ledger);
  }

  /** Something in every so many calls, or a disk that is gone for as long as this lasts. */
  private Rule rule() {
    Fault fault = ALL.get(random.nextInt(ALL.size()));
    EnumSet<Call> calls = EnumSet.noneOf(Call.class);
    while (calls.isEmpty()) {
      for (Call call : Call.values()) {
        if (random.nextInt(3) == 0) {
          calls.add(call);
        }
      }
    }
    Kind[] kinds = Kind.values();
    Kind[] some = random.nextBoolean() ? kinds : new Kind[] {kinds[random.nextInt(3)]};
    boolean lasts =
        !REPEATED.contains(fault) && !calls.contains(Call.LOCK) && random.nextInt(4) == 0;
    long oneIn = lasts ? 1 : 3 + random.nextInt(60);
    return Rule.of(fault, calls).on(some).oneIn(oneIn, random.nextLong());
  }

  private void start(String name, int count, Runnable step) {
    for (int i = 0; i < count; i++) {
      threads.add(Background.start(name, () -> repeat(step)));
    }
  }

  private @Nullable Void repeat(Runnable step) {
    while (!over) {
      step.run();
    }
    return null;
  }

  private void unit(LeaseOptions options) {
    long id = ids.incrementAndGet();
    ledger.unit(id, () -> pool.useWriter(options, lease -> Ledger.insert(lease, id)));
  }

  private void rollBack() {
    ledger.call(
        () -> {
          try (WriteLease lease = pool.acquireWriter()) {
            Ledger.insert(lease, -ids.incrementAndGet());
            lease.rollback();
          }
        });
  }

  private void commitAndRead() {
    long id = ids.incrementAndGet();
    ledger.unit(
        id,
        () -> {
          try (WriteLease lease = pool.acquireWriter(WITH_SNAPSHOT)) {
            Ledger.insert(lease, id);
            lease.commitAndRead().close();
          }
        });
  }

  private void snapshot() {
    ledger.call(
        () -> {
          try (ReadLease lease = pool.acquireSnapshot()) {
            ledger.check().run(lease);
          }
        });
  }

  private void maintain() {
    Maintenance maintenance = pool.maintenance();
    ledger.call(maintenance::checkpoint);
    ledger.call(() -> backUp(maintenance));
    ledger.call(maintenance::vacuum);
    ledger.call(maintenance::optimize);
    ledger.call(maintenance::integrityCheck); // may say that a page can't be read
    maintenance.evictReaders();
    pool.isHealthy();
  }

  private void backUp(Maintenance maintenance) throws SQLException {
    Path copy = file.resolveSibling("copy-" + ids.incrementAndGet() + ".db");
    maintenance.backup(copy);
    assertTrue(Files.exists(copy), "no backup");
    copy.toFile().delete(); // it takes memory
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  @Override
  public String toString() {
    return "%d calls failed, %d units kept, %d gone, %d unknown, told %s"
        .formatted(
            struck,
            ledger.all(Ledger.Fate.KEPT).size(),
            ledger.all(Ledger.Fate.GONE).size(),
            ledger.all(Ledger.Fate.UNKNOWN).size(),
            ledger.states());
  }
}
