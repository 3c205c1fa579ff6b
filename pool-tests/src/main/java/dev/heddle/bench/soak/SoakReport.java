package dev.heddle.bench.soak;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What came of a soak: in words, as figures, and drawn. */
final class SoakReport {

  private static final List<String> COLUMNS =
      List.of(
          Sampler.HEAP,
          Sampler.RSS,
          Sampler.DESCRIPTORS,
          Sampler.THREADS,
          Sampler.WAL,
          Sampler.FILE,
          Sampler.HELD,
          Sampler.WAITING,
          Sampler.READS,
          Sampler.UNITS);

  private final SoakPlan plan;
  private final History history;
  private final List<String> against;

  SoakReport(SoakPlan plan, History history, List<String> against) {
    this.plan = plan;
    this.history = history;
    this.against = against;
  }

  void print(PrintStream out) {
    history
        .totals()
        .forEach((what, total) -> out.printf(Locale.ROOT, "%-28s%,15.0f%n", what, total));
    if (!history.samples().isEmpty()) {
      Growth.in(history.lastLife()).forEach(out::println);
    }
    out.printf("%d programs, %d of them killed%n", history.lives(), history.kills().size());
    against.forEach(problem -> out.println("AGAINST IT: " + problem));
    out.println(against.isEmpty() ? "All went well." : "It has failed; seed=" + plan.seed());
  }

  /** The files that it has written. */
  List<Path> save(Map<String, String> machine) throws IOException {
    List<Path> files = new ArrayList<>(new SoakCharts(history, plan.folder()).draw());
    Path file = plan.folder().resolve("soak.json");
    try (JsonWriter writer = Json.createWriter(Files.newBufferedWriter(file))) {
      writer.writeObject(json(machine));
    }
    files.add(file);
    return files;
  }

  private JsonObject json(Map<String, String> machine) {
    JsonObjectBuilder facts = Json.createObjectBuilder();
    machine.forEach(facts::add);
    JsonObjectBuilder totals = Json.createObjectBuilder();
    history.totals().forEach(totals::add);
    JsonArrayBuilder marks = Json.createArrayBuilder();
    for (History.Mark mark : history.marks()) {
      marks.add(
          Json.createObjectBuilder()
              .add("second", rounded(mark.second()))
              .add("what", mark.what()));
    }
    return Json.createObjectBuilder()
        .add("measured with", facts)
        .add("seconds", plan.time().toSeconds())
        .add("seed", plan.seed())
        .add("programs", history.lives())
        .add("against", Json.createArrayBuilder(against))
        .add("totals", totals)
        .add("marks", marks)
        .add("samples", samples())
        .build();
  }

  private JsonObject samples() {
    JsonObjectBuilder samples = Json.createObjectBuilder();
    samples.add("second", column(History.Sample::second));
    samples.add("life", column(History.Sample::life));
    for (String figure : COLUMNS) {
      samples.add(figure, column(sample -> sample.of(figure)));
    }
    return samples.build();
  }

  private JsonArray column(ToDoubleFunction<History.Sample> figure) {
    JsonArrayBuilder column = Json.createArrayBuilder();
    for (History.Sample sample : history.samples()) {
      double value = figure.applyAsDouble(sample);
      if (Double.isNaN(value)) {
        column.addNull();
      } else {
        column.add(rounded(value));
      }
    }
    return column.build();
  }

  private static double rounded(double value) {
    return Math.round(value * 100) / 1e2;
  }
}
