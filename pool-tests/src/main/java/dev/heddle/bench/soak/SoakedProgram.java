package dev.heddle.bench.soak;

import ch.qos.logback.classic.Level;
import dev.heddle.pool.CommitListener;
import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.PoolListener;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process that is soaked: a pool, all that it is used for, and all that goes wrong. It works
 * until its input says that it is to end, and is killed at any time.
 */
public final class SoakedProgram {

  private static final int READERS = 8;

  private final Path file;
  private final Duration soak;
  private final SqlitePool pool;
  private final Disk disk = new Disk();
  private final Crew crew;
  private final Sampler sampler;

  private SoakedProgram(Path folder, Path file, Path ledger, long seed, Duration soak)
      throws Exception {
    this.file = file;
    this.soak = soak;
    this.pool =
        SqlitePool.open(
            PoolConfig.builder(file)
                .name("soak")
                .readers(READERS)
                .acquireTimeout(Duration.ofSeconds(10))
                .busyTimeout(Duration.ofSeconds(2))
                .pageCache(32 << 20)
                .walTruncateAbove(32 << 20)
                .build());
    this.crew = new Crew(seed, disk);
    this.sampler = new Sampler(pool, file, crew);
    pool.useWriter(Steps::create);
    listen();
    load(Ledger.open(ledger));
    new Upkeep(pool, folder).join(crew, soak);
    mischief();
  }

  /**
   * Runs it.
   *
   * @param args folder, database, ledger, seed, milliseconds of the whole soak, milliseconds
   *     between samples
   */
  public static void main(String[] args) throws Exception {
    if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)
        instanceof ch.qos.logback.classic.Logger root) {
      root.setLevel(Level.WARN);
    }
    Path folder = Path.of(args[0]);
    Duration soak = Duration.ofMillis(Long.parseLong(args[4]));
    SoakedProgram program =
        new SoakedProgram(
            folder, Path.of(args[1]), Path.of(args[2]), Long.parseLong(args[3]), soak);
    program.run(Duration.ofMillis(Long.parseLong(args[5])));
  }

  private void run(Duration every) throws Exception {
    crew.start();
    Thread.ofPlatform().daemon().name("samples").start(() -> sampleForEver(every));
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    if (!Said.END.equals(input.readLine())) {
      // Whoever has started it is gone.
      Runtime.getRuntime().halt(1);
    }
    crew.stop();
    awaitIdle();
    takeEverything();
    Said.sample(sampler.sample());
    pool.close();
    Said.closed();
    Runtime.getRuntime().halt(0);
  }

  private void sampleForEver(Duration every) {
    try {
      while (true) {
        Said.sample(sampler.sample());
        Thread.sleep(every);
      }
    } catch (Exception e) {
      Said.unexpected("samples", e);
    }
  }

  /** What was forgotten comes back when it is garbage. */
  private void awaitIdle() throws Exception {
    for (int i = 0; i < 100 && !sampler.isIdle(); i++) {
      System.gc();
      Thread.sleep(50);
    }
  }

  /** Numbers tell what is there; that it can be had is more. */
  private void takeEverything() {
    List<ReadLease> all = new ArrayList<>();
    try {
      for (int i = 0; i < READERS; i++) {
        all.add(pool.acquireReader());
      }
      pool.acquireWriter().close();
    } catch (SQLException e) {
      Said.unexpected("a connection is missing", e);
    } finally {
      all.forEach(ReadLease::close);
    }
  }

  // Who takes part

  private void listen() {
    pool.onCommit(commit -> crew.count(tables(commit)));
    pool.listen(
        new PoolListener() {
          @Override
          public void leaseInTrouble(Trouble trouble) {
            crew.count("trouble." + trouble.kind());
          }
        });
  }

  private static String tables(CommitListener.Commit commit) {
    return commit.mayHaveChanged("head") ? "told.step" : "told.other";
  }

  private void load(Ledger ledger) {
    for (int worker = 0; worker < Steps.WORKERS; worker++) {
      Writer writer = new Writer(pool, ledger, worker);
      add(1, "write", 200, writer::step);
    }
    Reading reading = new Reading(pool, ledger);
    add(120, "read a point", 30, reading::point);
    add(20, "read a range", 100, reading::range);
    add(20, "read by JDBC", 50, reading::pointByJdbc);
    add(10, "check a worker", 500, reading::check);
    add(2, "stream", 1000, reading::stream);
    add(2, "stream by JDBC", 1000, reading::streamByJdbc);
    crew.add("hold a snapshot", Duration.ofSeconds(5), reading::hold);
    crew.add("hold a snapshot", Duration.ofSeconds(5), reading::hold);
  }

  private void add(int count, String name, int pauseMillis, Actor.Step step) {
    crew.addMany(count, name, Duration.ofMillis(pauseMillis), step);
  }

  private void mischief() {
    Mischief mischief = new Mischief(pool, crew);
    for (int i = 0; i < 6; i++) {
      crew.add("mischief", Duration.ofMillis(600), mischief::step);
    }
    crew.add("lose", Duration.ofSeconds(2), new Losses(pool, crew)::step);
    crew.add("query timeout", Duration.ofSeconds(10), mischief::setTimeout);
    List<Actor> all = List.copyOf(crew.actors());
    crew.add(
        "interrupt",
        Duration.ofMillis(30),
        random -> interrupt(all.get(random.nextInt(all.size()))));
    crew.add("neighbour", Duration.ofSeconds(15), this::lockFile);
    if (Disk.canFail()) {
      crew.add("disk", SoakPlan.longer(Duration.ofSeconds(3), soak.dividedBy(90)), this::failDisk);
    }
  }

  private void interrupt(Actor actor) {
    crew.count("fault.interrupt");
    actor.interrupt();
  }

  /** Now and then for longer than the pool waits. */
  private void lockFile(SplittableRandom random) throws Exception {
    crew.count("fault.neighbour killed");
    Said.mark(Said.NEIGHBOUR);
    Neighbour.lock(file, random.nextInt(4) == 0 ? 3000 : random.nextLong(1500));
  }

  private void failDisk(SplittableRandom random) throws Exception {
    crew.count("fault.disk");
    Said.mark(Said.DISK);
    disk.fail(random.nextLong(10, 100));
  }
}
