package dev.heddle.bench.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Whether all went well: what was told, what grew, and who was left out. */
final class Verdict {

  /** Twelve times the acquire-timeout of the program: who waits for longer waits for ever. */
  private static final Duration LONGEST_UNSERVED = Duration.ofMinutes(2);

  /** Twice what the pool cuts the WAL to: it may be longer while somebody needs it. */
  private static final double LONG_WAL_MIB = 64;

  /** But not for such a part of the time at a stretch. */
  private static final double LONG_WAL_TIME = 0.25;

  /** What has to have happened: else it was too gentle, and says nothing. */
  static final List<String> NEEDED =
      List.of(
          "did.write",
          "did.backup",
          "did.vacuum",
          "revoked",
          "leaked",
          "timedOut",
          "interruptedWaits",
          "busyRetries");

  private final History history;
  private final List<String> against = new ArrayList<>();

  private Verdict(History history) {
    this.history = history;
  }

  /** What speaks against it; nothing if all went well. */
  static List<String> on(History history) {
    Verdict verdict = new Verdict(history);
    verdict.against.addAll(history.problems());
    if (history.samples().isEmpty()) {
      verdict.against.add("nothing was seen");
    } else {
      verdict.growth();
      verdict.wal();
      verdict.served();
      verdict.slots();
      verdict.harshness();
    }
    return List.copyOf(verdict.against);
  }

  private void growth() {
    for (Growth growth : Growth.in(history.lastLife())) {
      require(!growth.isTooMuch(), growth.toString());
    }
  }

  private void wal() {
    int longest = 0;
    int stretch = 0;
    for (History.Sample sample : history.samples()) {
      stretch = sample.of(Sampler.WAL) > LONG_WAL_MIB ? stretch + 1 : 0;
      longest = Math.max(longest, stretch);
    }
    int all = history.samples().size();
    require(
        longest <= all * LONG_WAL_TIME,
        "the WAL was longer than %.0f MiB in %d of %d samples, one after the other"
            .formatted(LONG_WAL_MIB, longest, all));
  }

  private void served() {
    Map<String, Double> longest = new TreeMap<>();
    for (History.Sample sample : history.samples()) {
      sample.values().forEach((figure, value) -> longest.merge(figure, value, Math::max));
    }
    longest.keySet().removeIf(figure -> !figure.startsWith(Sampler.UNSERVED));
    longest.forEach(
        (who, seconds) ->
            require(seconds <= LONGEST_UNSERVED.toSeconds(), "%s: %.0f s".formatted(who, seconds)));
  }

  private void slots() {
    double missing = history.lastLife().getLast().of(Sampler.MISSING);
    require(missing == 0, "%.0f connections are missing at the end".formatted(missing));
  }

  private void harshness() {
    Map<String, Double> totals = history.totals();
    for (String needed : NEEDED) {
      require(totals.getOrDefault(needed, 0.0) > 0, "too gentle: no " + needed);
    }
  }

  private void require(boolean right, String otherwise) {
    if (!right) {
      against.add(otherwise);
    }
  }
}
