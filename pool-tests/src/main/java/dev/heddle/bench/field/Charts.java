package dev.heddle.bench.field;

import dev.heddle.bench.ChartStyle;
import dev.heddle.bench.Samples;
import java.awt.BasicStroke;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.HorizontalBarChart;
import org.knowm.xchart.HorizontalBarChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The pictures of a run. */
final class Charts {

  static final String READS = "field-reads.svg";
  static final String WAITS = "field-waits.svg";
  static final String COMMITS = "field-commits.svg";
  static final String OVERVIEW = "field-overview.svg";

  private static final List<String> READ_SHAPES = List.of("read-16", "read-256", "read-10000");
  private static final List<String> COMMIT_SHAPES =
      List.of("commit-full-1", "commit-full-64", "commit-full-1000");

  private final Results results;
  private final Path folder;
  private final List<Path> files = new ArrayList<>();

  private Charts(Results results, Path folder) {
    this.results = results;
    this.folder = folder;
  }

  /** Draws what this run has enough figures for. */
  static List<Path> draw(Results results, Path folder) throws IOException {
    Charts charts = new Charts(results, folder);
    charts.lines(
        READS, READ_SHAPES, "perSecond", 1000, "Point reads", "thousand per second", false);
    charts.lines(
        WAITS,
        READ_SHAPES,
        "longestWaitMicros",
        1000,
        "The longest wait of any thread for its point read",
        "milliseconds",
        true);
    charts.lines(
        COMMITS,
        COMMIT_SHAPES,
        "perSecond",
        1000,
        "One-row commits that are on disk (synchronous=FULL)",
        "thousand per second",
        true);
    charts.overview();
    return charts.files;
  }

  private void lines(
      String file,
      List<String> names,
      String figure,
      double unit,
      String title,
      String axis,
      boolean logarithmic)
      throws IOException {
    List<Shape> shapes =
        results.shapes().stream().filter(shape -> names.contains(shape.name())).toList();
    if (shapes.size() < names.size()) {
      return;
    }
    XYChart chart =
        new XYChartBuilder()
            .width(860)
            .height(520)
            .title(title)
            .xAxisTitle("threads")
            .yAxisTitle(axis)
            .build();
    ChartStyle.apply(chart.getStyler());
    chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(logarithmic);
    chart.getStyler().setXAxisDecimalPattern("#,###").setYAxisDecimalPattern("#,##0.###");
    if (!logarithmic) {
      chart.getStyler().setYAxisMin(0.0);
    }
    curves(shapes, figure, unit).forEach((name, points) -> add(chart, name, points));
    save(chart, file);
  }

  /** For each contender the number of workers, and the figure. */
  private Map<String, Map<Integer, Double>> curves(List<Shape> shapes, String figure, double unit) {
    Map<String, Map<Integer, Double>> curves = new LinkedHashMap<>();
    for (Shape shape : shapes) {
      Samples samples = results.of(shape);
      for (String label : samples.values().keySet()) {
        double median = samples.median(label, figure);
        if (median > 0) {
          curves
              .computeIfAbsent(label, l -> new LinkedHashMap<>())
              .put(shape.crew().workers(), median / unit);
        }
      }
    }
    // One point is no curve.
    curves.values().removeIf(points -> points.size() < 2);
    return curves;
  }

  private static void add(XYChart chart, String name, Map<Integer, Double> points) {
    XYSeries series =
        chart.addSeries(name, List.copyOf(points.keySet()), List.copyOf(points.values()));
    series.setMarker(SeriesMarkers.CIRCLE);
    series.setLineStyle(new BasicStroke(2.5f));
  }

  /** How many times as fast as the reference Heddle is, in each shape. */
  private void overview() throws IOException {
    Map<String, Double> ratios = new LinkedHashMap<>();
    for (Shape shape : results.shapes()) {
      if (results.has(shape, Entrant.HEDDLE)
          && results.has(shape, shape.reference())
          && shape.course() != Shape.Course.HEARTBEAT) {
        double ratio = results.ratio(shape, Entrant.HEDDLE, shape.reference(), shape.figure());
        if (ratio > 0 && Double.isFinite(ratio)) {
          ratios.put(shape.name(), Math.log(ratio) / Math.log(2));
        }
      }
    }
    if (ratios.isEmpty()) {
      return;
    }
    HorizontalBarChart chart =
        new HorizontalBarChartBuilder()
            .width(860)
            .height(120 + 22 * ratios.size())
            .title("Heddle's rate as a multiple of HikariCP's")
            .xAxisTitle("times")
            .build();
    ChartStyle.apply(chart.getStyler());
    // A bar begins at zero: as a logarithm, that is "as quick".
    chart.getStyler().setXAxisTickLabelsFormattingFunction(Charts::powerOfTwo);
    chart.getStyler().setXAxisMin(Math.min(-1, Math.floor(Collections.min(ratios.values()))));
    chart.getStyler().setXAxisMax(Math.max(1, Math.ceil(Collections.max(ratios.values()))));
    // Whether there is room for a name is taken from the other axis.
    chart.getStyler().setXAxisTickMarkSpacingHint(20);
    chart.getStyler().setLegendVisible(false);
    chart.addSeries("Heddle", List.copyOf(ratios.values()), List.copyOf(ratios.keySet()));
    save(chart, OVERVIEW);
  }

  private static String powerOfTwo(double power) {
    double factor = Math.pow(2, Math.abs(power));
    return (power < 0 ? "1/%.3g" : "%.3g").formatted(factor).replaceAll("\\.0+$", "");
  }

  private void save(Chart<?, ?> chart, String name) throws IOException {
    Path file = folder.resolve(name);
    try (OutputStream stream = Files.newOutputStream(file)) {
      ChartEncoder.saveChart(chart, stream, "svg");
    }
    files.add(file);
  }
}
