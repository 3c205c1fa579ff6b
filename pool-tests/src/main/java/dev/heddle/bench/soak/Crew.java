package dev.heddle.bench.soak;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** All threads of the load, and what they have done. */
final class Crew {

  /** Now and then nobody pauses: then there are queues, and large groups. */
  private static final Duration CALM = Duration.ofSeconds(28);

  private static final Duration RUSH = Duration.ofSeconds(2);

  /** Far beyond any lease and any wait; who still works then will not end. */
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final long start = System.nanoTime();
  private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
  private final List<Actor> actors = new ArrayList<>();
  private final SplittableRandom seeds;
  private final Disk disk;
  private final CountDownLatch over = new CountDownLatch(1);

  Crew(long seed, Disk disk) {
    this.seeds = new SplittableRandom(seed);
    this.disk = disk;
  }

  /** Adds somebody who does something again and again, and is never in a hurry. */
  void add(String name, Duration pause, Actor.Step step) {
    actors.add(new Actor(this, name, new Pace(pause, false), seeds.split(), step));
  }

  /** Adds so many who are in a hurry now and then. */
  void addMany(int count, String name, Duration pause, Actor.Step step) {
    for (int i = 0; i < count; i++) {
      actors.add(new Actor(this, name, new Pace(pause, true), seeds.split(), step));
    }
  }

  /** The mean pause between two steps, and whether there is none in a rush. */
  record Pace(Duration pause, boolean hurries) {}

  void start() {
    actors.forEach(Actor::start);
  }

  List<Actor> actors() {
    return actors;
  }

  boolean isOver() {
    return over.getCount() == 0;
  }

  /** As long as meant on average, and not beyond the end. */
  void pause(Pace pace, SplittableRandom random) throws InterruptedException {
    if (!pace.hurries() || !isRush()) {
      long nanos = random.nextLong(2 * pace.pause().toNanos());
      boolean _ = over.await(nanos, TimeUnit.NANOSECONDS);
    }
  }

  private boolean isRush() {
    return (System.nanoTime() - start) % CALM.plus(RUSH).toNanos() > CALM.toNanos();
  }

  void count(String what) {
    counts.computeIfAbsent(what, w -> new LongAdder()).increment();
  }

  /** What was done, failed, and done wrong on purpose, so far. */
  Map<String, Double> counts() {
    Map<String, Double> values = new TreeMap<>();
    counts.forEach((what, count) -> values.put(what, count.doubleValue()));
    return values;
  }

  /** What went wrong for somebody; it may be what had to be expected. */
  void failed(String who, Throwable failure, long sinceNanos) {
    switch (failure) {
      case InterruptedException e -> count("error.interrupted");
      case SQLException e -> failedSql(who, e, sinceNanos);
      default -> Said.unexpected(who, failure);
    }
  }

  private void failedSql(String who, SQLException e, long sinceNanos) {
    String state = String.valueOf(e.getSQLState());
    count("error." + state);
    if (!isExpected(e, state) && !disk.mayHaveCaused(state, sinceNanos)) {
      Said.unexpected(who, e);
    }
  }

  private static boolean isExpected(SQLException e, String state) {
    return switch (state) {
      case "08001" -> true; // waited too long: for the queue, or for another process
      case "40001" -> true; // rolled back with others, who did it on purpose
      case "57014" -> isInterrupt(e);
      default -> false;
    };
  }

  /** Of a batch, the failed statement is the cause, and has the interrupt as its own. */
  private static boolean isInterrupt(Throwable e) {
    return e instanceof InterruptedException || (e.getCause() != null && isInterrupt(e.getCause()));
  }

  /** For how long somebody of each name has waited to get something done, at most, in seconds. */
  Map<String, Double> unserved() {
    Map<String, Double> longest = new TreeMap<>();
    actors.forEach(actor -> longest.merge(actor.name(), actor.unservedNanos() / 1e9, Math::max));
    return longest;
  }

  /** Has everybody come to the end of what they are at. */
  void stop() throws InterruptedException {
    over.countDown();
    for (Actor actor : actors) {
      if (!actor.awaitEnd(LONGEST)) {
        Said.unexpected(actor.name() + " does not come to an end");
      }
    }
  }
}
