package dev.heddle.pool.metrics;

import io.micrometer.core.instrument.Meter;
import java.util.List;

/**
 * The catalogue of the meters: each is registered, documented and tested from here.
 *
 * <p>No name ends in {@code .bucket}: Prometheus keeps that ending for its own histograms, and its
 * client cuts it off.
 */
enum PoolMeter {
  ACQUIRE(
      "heddle.lease.acquire",
      Meter.Type.TIMER,
      Unit.TIME,
      "How long threads had waited for the leases that they got.",
      "lane"),
  ACQUIRE_BUCKETS(
      "heddle.lease.acquire.buckets",
      Meter.Type.COUNTER,
      Unit.ONE,
      "Leases that had been waited for no longer than `le` (seconds).",
      "lane",
      "le"),
  ACQUIRE_PERCENTILE(
      "heddle.lease.acquire.percentile",
      Meter.Type.GAUGE,
      Unit.TIME,
      "The wait that `phi` of the leases of the last one to two minutes did not exceed.",
      "lane",
      "phi"),
  USAGE(
      "heddle.lease.usage",
      Meter.Type.TIMER,
      Unit.TIME,
      "For how long leases were held, told when they end.",
      "lane"),
  USAGE_BUCKETS(
      "heddle.lease.usage.buckets",
      Meter.Type.COUNTER,
      Unit.ONE,
      "Leases that had been held for no longer than `le` (seconds).",
      "lane",
      "le"),
  USAGE_PERCENTILE(
      "heddle.lease.usage.percentile",
      Meter.Type.GAUGE,
      Unit.TIME,
      "The time for which `phi` of the leases of the last one to two minutes were held at most.",
      "lane",
      "phi"),
  LEASES(
      "heddle.leases",
      Meter.Type.GAUGE,
      Unit.ONE,
      "Connections that are `held` or `idle`, and threads that are `waiting` for one.",
      "lane",
      "state"),
  OLDEST(
      "heddle.lease.oldest",
      Meter.Type.GAUGE,
      Unit.TIME,
      "For how long the oldest lease has been held.",
      "lane"),
  OLDEST_WAIT(
      "heddle.lease.wait.oldest",
      Meter.Type.GAUGE,
      Unit.TIME,
      "For how long the first of those who wait has.",
      "lane"),
  TIMEOUTS(
      "heddle.lease.timeouts",
      Meter.Type.COUNTER,
      Unit.ONE,
      "Acquisitions that waited in vain.",
      "lane"),
  INTERRUPTED(
      "heddle.lease.interrupted",
      Meter.Type.COUNTER,
      Unit.ONE,
      "Acquisitions ended by an interrupt.",
      "lane"),
  REFUSED(
      "heddle.lease.refused",
      Meter.Type.COUNTER,
      Unit.ONE,
      "Acquisitions refused at once: the queue was full, the wait could never end, or the pool was"
          + " closed.",
      "lane"),
  REVOKED(
      "heddle.lease.revoked",
      Meter.Type.COUNTER,
      Unit.ONE,
      "Leases taken away because they were held for longer than allowed.",
      "lane"),
  LEAKED(
      "heddle.lease.leaked",
      Meter.Type.COUNTER,
      Unit.ONE,
      "Leases taken back because the program lost them without closing them.",
      "lane"),
  ROLLED_BACK(
      "heddle.lease.rolledback",
      Meter.Type.COUNTER,
      Unit.ONE,
      "Leases rolled back: by themselves, closed without a commit, or because the commit failed.",
      "lane"),
  TROUBLE(
      "heddle.lease.trouble",
      Meter.Type.COUNTER,
      Unit.ONE,
      "Leases that were reported: what was the matter, whose it was and what it ran. There from the"
          + " first one on; after 100 different ones, others are counted as `(other)`.",
      "lane",
      "kind",
      "label",
      "sql"),
  SLOW_STATEMENT(
      "heddle.statement.slow",
      Meter.Type.COUNTER,
      Unit.ONE,
      "Statements that were open for longer than `slow-statement.after`.",
      "lane"),
  STATEMENT_CACHE(
      "heddle.statement.cache",
      Meter.Type.COUNTER,
      Unit.ONE,
      "Statements taken from the caches (`hit`), or prepared (`miss`).",
      "result"),
  COMMIT(
      "heddle.commit",
      Meter.Type.TIMER,
      Unit.TIME,
      "How long `COMMIT` took, for all leases that shared it; `committed` or `failed`.",
      "outcome"),
  COMMIT_UNITS(
      "heddle.commit.units",
      Meter.Type.DISTRIBUTION_SUMMARY,
      Unit.ONE,
      "How many leases shared a commit."),
  COMMIT_WAIT(
      "heddle.commit.wait",
      Meter.Type.TIMER,
      Unit.TIME,
      "How long the first lease of a commit had waited for the others."),
  COMMIT_WAITING(
      "heddle.commit.waiting",
      Meter.Type.GAUGE,
      Unit.ONE,
      "Leases that are done and wait for the commit that they share."),
  WAL_BYTES("heddle.wal.bytes", Meter.Type.GAUGE, Unit.BYTES, "How large the file of the WAL is."),
  WAL_PAGES(
      "heddle.wal.pages",
      Meter.Type.GAUGE,
      Unit.ONE,
      "At the latest checkpoint: `all` pages of the WAL, and those `moved` into the database.",
      "state"),
  CHECKPOINT(
      "heddle.checkpoint", Meter.Type.TIMER, Unit.TIME, "How long checkpoints, or parts, took."),
  CHECKPOINT_HELD_BACK(
      "heddle.checkpoint.heldback",
      Meter.Type.COUNTER,
      Unit.ONE,
      "Checkpoints that could not move everything."),
  CHECKPOINT_RESTARTS(
      "heddle.checkpoint.restarts",
      Meter.Type.COUNTER,
      Unit.ONE,
      "How often everything was moved, so that the WAL could begin anew."),
  CHECKPOINT_PAUSE(
      "heddle.checkpoint.pause.max",
      Meter.Type.GAUGE,
      Unit.TIME,
      "The longest time that writers were kept out for upkeep, since the pool was opened."),
  BUSY_RETRIES(
      "heddle.busy.retries",
      Meter.Type.COUNTER,
      Unit.ONE,
      "How often a statement met another process's lock, and was tried again.");

  /** What is measured. */
  enum Unit {
    /** Things, counted. */
    ONE,
    /** Time, in whatever unit the registry shows it. */
    TIME,
    BYTES
  }

  private final String id;
  private final Meter.Type type;
  private final Unit unit;
  private final String sentence;

  @SuppressWarnings("ImmutableEnumChecker") // List.of(...)
  private final List<String> tags;

  PoolMeter(String id, Meter.Type type, Unit unit, String sentence, String... tags) {
    this.id = id;
    this.type = type;
    this.unit = unit;
    this.sentence = sentence;
    this.tags = List.of(tags);
  }

  /** Its name in Micrometer. */
  String id() {
    return id;
  }

  Meter.Type type() {
    return type;
  }

  Unit unit() {
    return unit;
  }

  /** What it is, in Markdown. */
  String sentence() {
    return sentence;
  }

  /** The keys of its tags besides {@code pool}. */
  List<String> tags() {
    return tags;
  }
}
