package dev.heddle.bench.field;

import dev.heddle.bench.ReadBack;
import dev.heddle.bench.Report;
import dev.heddle.bench.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What was measured, as tables. */
final class Tables {

  private final Results results;

  Tables(Results results) {
    this.results = results;
  }

  /** What the last round of a contender has given, in a few words. */
  static String news(Samples samples, String label) {
    return samples.values().getOrDefault(label, Map.of()).containsKey("perSecond")
        ? rate(samples.last(label, "perSecond"))
        : "worst gap " + micros(samples.last(label, "worstMillis") * 1000);
  }

  /** A line for each contender. */
  Table shape(Shape shape) {
    List<Column> columns = Column.of(shape);
    List<String> head = new ArrayList<>(List.of(""));
    columns.forEach(column -> head.add(column.title));
    head.add("× " + shape.label(shape.reference()));
    Table table = new Table(head);
    Samples samples = results.of(shape);
    for (String label : samples.values().keySet()) {
      List<String> row = new ArrayList<>(List.of(label));
      columns.forEach(column -> row.add(column.cell(samples, label)));
      row.add(
          Report.orDash(
              "%.2f", samples.ratio(label, shape.label(shape.reference()), shape.figure())));
      table.add(row);
    }
    return table;
  }

  /** A column for each kind of connection. */
  Table pragmas() {
    List<String> names = ReadBack.PRAGMAS;
    List<String> head = new ArrayList<>(List.of(""));
    head.addAll(names);
    Table table = new Table(head);
    results.pragmas.forEach(
        (contender, values) -> {
          List<String> row = new ArrayList<>(List.of(contender));
          names.forEach(name -> row.add(values.getOrDefault(name, "-")));
          table.add(row);
        });
    return table;
  }

  static String rate(double perSecond) {
    return perSecond >= 10_000
        ? String.format(Locale.ROOT, "%,.0fk/s", perSecond / 1000)
        : String.format(Locale.ROOT, "%,.0f/s", perSecond);
  }

  /** In a unit that leaves few digits. */
  static String micros(double micros) {
    if (Double.isNaN(micros)) {
      return "-";
    }
    if (micros >= 1e6) {
      return String.format(Locale.ROOT, "%.1f s", micros / 1e6);
    }
    if (micros >= 1e3) {
      return String.format(Locale.ROOT, "%.1f ms", micros / 1e3);
    }
    return String.format(Locale.ROOT, "%.1f µs", micros);
  }
}
