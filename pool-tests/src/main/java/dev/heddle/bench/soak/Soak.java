package dev.heddle.bench.soak;

import dev.heddle.bench.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A program that uses a pool in every way, and goes wrong in every way, all the time. At first it
 * is killed again and again, and what it leaves is compared with what it has acknowledged; then it
 * is left alone, and must stay as it is: memory, descriptors, threads, the WAL.
 */
public final class Soak {

  private final SoakPlan plan;
  private final History history = new History();
  private final SplittableRandom random;
  private int lives;

  private Soak(SoakPlan plan) {
    this.plan = plan;
    this.random = new SplittableRandom(plan.seed());
  }

  /**
   * Runs it as a benchmark.
   *
   * @throws IllegalStateException if anything speaks against it
   */
  public static void run(SoakPlan plan, Report report) throws IOException, InterruptedException {
    Folders.delete(plan.folder());
    Files.createDirectories(plan.folder());
    report.out.printf("Soak: %s, seed=%d, in %s%n", plan.time(), plan.seed(), plan.folder());
    Soak soak = new Soak(plan);
    soak.live();
    List<String> against = Verdict.on(soak.history);
    SoakReport told = new SoakReport(plan, soak.history, against);
    for (Path file : told.save(report.machine)) {
      report.publish(file);
    }
    told.print(report.out);
    if (!against.isEmpty()) {
      throw new IllegalStateException("the soak has failed: " + against.getFirst());
    }
  }

  /** Runs it, and says what speaks against it. */
  public static List<String> judge(SoakPlan plan) throws IOException, InterruptedException {
    Soak soak = new Soak(plan);
    soak.live();
    return Verdict.on(soak.history);
  }

  private void live() throws IOException, InterruptedException {
    long start = System.nanoTime();
    boolean alive = true;
    while (alive && System.nanoTime() - start < plan.killing().toNanos()) {
      try (Life life = Life.start(plan, lives++, history)) {
        alive = life.lives(someTime());
        life.kill();
      }
      Audit.run(plan, history);
    }
    Duration left = plan.time().minusNanos(System.nanoTime() - start);
    try (Life life = Life.start(plan, lives++, history)) {
      alive &= life.lives(SoakPlan.longer(left, plan.killing()));
      life.end();
    }
    Audit.run(plan, history);
    if (!alive) {
      history.problem("a program has ended by itself, see soak.log");
    }
  }

  private Duration someTime() {
    return Duration.ofMillis(random.nextLong(plan.life().toMillis() * 2));
  }
}
