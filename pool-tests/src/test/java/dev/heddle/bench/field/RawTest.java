package dev.heddle.bench.field;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.bench.Figures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RawTest {

  private static final Shape SHAPE = Shapes.named("read-16");

  @TempDir Path folder;

  private static Results results() {
    Results results = new Results(Map.of("machine", "a \"quoted\" \\ one"));
    results.of(SHAPE).add("Heddle(4)", new Figures().put("perSecond", 10.5).put("perSecond", 11));
    results.of(SHAPE).add("HikariCP(4)", new Figures().put("perSecond", 5).put("bytes", 1 / 0.0));
    return results;
  }

  @Test
  void rates_ofWhatWasWritten_areThoseOfTheRun() throws Exception {
    Path file = Files.writeString(folder.resolve("field.json"), Raw.of(results()));
    assertEquals(
        Map.of("read-16", Map.of("Heddle(4)", List.of(10.5, 11.0), "HikariCP(4)", List.of(5.0))),
        Raw.rates(file));
    assertEquals(Raw.rates(results()), Raw.rates(file));
  }

  @Test
  void bars_ratesOfOneRound_compareWithTheirContender() {
    Results results = new Results(Map.of());
    results.of(SHAPE).add("Heddle(4)", new Figures().put("perSecond", 30));
    results.of(SHAPE).add("HikariCP(4)", new Figures().put("perSecond", 10));
    Bar rate =
        Bars.of(results).stream()
            .filter(bar -> bar.name().contains("rate"))
            .findFirst()
            .orElseThrow();
    assertEquals(3.0, rate.value());
    assertTrue(rate.met());
  }

  @Test
  void bars_nothingMeasured_areNone() {
    assertEquals(List.of(), Bars.of(new Results(Map.of())));
  }
}
