package dev.heddle.bench.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerdictTest {

  private static final int SAMPLES = 100;
  private static final Map<String, Double> HEALTHY =
      Map.of(
          Sampler.HEAP,
          20.0,
          Sampler.RSS,
          400.0,
          Sampler.DESCRIPTORS,
          140.0,
          Sampler.THREADS,
          30.0,
          Sampler.WAL,
          16.0,
          Sampler.FILE,
          30.0,
          Sampler.MISSING,
          0.0,
          Sampler.UNSERVED + "writer",
          1.0);

  private final History history = new History();

  /** A healthy life, but for one figure. */
  private void live(int life, String figure, IntToDoubleFunction values) {
    for (int i = 0; i < SAMPLES; i++) {
      Map<String, Double> sample = new TreeMap<>(HEALTHY);
      Verdict.NEEDED.forEach(needed -> sample.put(needed, 1.0));
      sample.put(figure, values.applyAsDouble(i));
      history.sample(life, sample);
    }
  }

  private void assertAgainst(String what) {
    List<String> against = Verdict.on(history);
    assertEquals(1, against.size(), against::toString);
    assertTrue(against.getFirst().contains(what), against::toString);
  }

  @Test
  void on_everythingStaysAsItIs_isNothing() {
    live(0, Sampler.HEAP, i -> 20);
    assertEquals(List.of(), Verdict.on(history));
  }

  @ParameterizedTest
  @ValueSource(strings = {"heapMiB", "rssMiB", "descriptors", "threads", "databaseMiB"})
  void on_figureGrowsWithTime_namesIt(String figure) {
    live(0, figure, i -> 100 + 10 * i);
    assertAgainst(figure);
  }

  @Test
  void on_figureGrowsWhileTheProgramIsWarmingUp_isNothing() {
    live(0, Sampler.HEAP, i -> Math.min(i, 12) * 10);
    assertEquals(List.of(), Verdict.on(history));
  }

  @Test
  void on_figureWasHighInAnEarlierLife_isNothing() {
    live(0, Sampler.HEAP, i -> 10 * i);
    live(1, Sampler.HEAP, i -> 20);
    assertEquals(List.of(), Verdict.on(history));
  }

  @Test
  void on_figureIsHighNowAndThen_isNothing() {
    live(0, Sampler.DESCRIPTORS, i -> i % 5 == 4 ? 1000 : 140);
    assertEquals(List.of(), Verdict.on(history));
  }

  @Test
  void on_figureIsNotTold_isNothing() {
    live(0, Sampler.RSS, i -> Double.NaN);
    assertEquals(List.of(), Verdict.on(history));
  }

  @Test
  void on_walStaysLong_saysSo() {
    live(0, Sampler.WAL, i -> 200);
    assertAgainst("WAL");
  }

  @Test
  void on_somebodyIsNotServed_namesThem() {
    live(0, Sampler.UNSERVED + "reader", i -> 10 * i);
    assertAgainst("reader");
  }

  @Test
  void on_connectionIsMissingAtTheEnd_saysSo() {
    live(0, Sampler.MISSING, i -> 1);
    assertAgainst("missing");
  }

  @Test
  void on_connectionWasInUseBeforeTheEnd_isNothing() {
    live(0, Sampler.MISSING, i -> SAMPLES - 1 - i);
    assertEquals(List.of(), Verdict.on(history));
  }

  @Test
  void on_somethingUnexpectedWasTold_saysSo() {
    live(0, Sampler.HEAP, i -> 20);
    history.problem("a row is lost");
    assertAgainst("a row is lost");
  }

  @Test
  void on_nobodyWasEverRevoked_saysThatItWasTooGentle() {
    live(0, "revoked", i -> 0);
    assertAgainst("revoked");
  }

  @Test
  void on_nothingWasSeen_saysSo() {
    assertAgainst("nothing was seen");
  }
}
