package dev.heddle.bench.soak;

import dev.heddle.bench.ChartStyle;
import java.awt.BasicStroke;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ToDoubleBiFunction;
import org.knowm.xchart.AnnotationLine;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A soak over its time. A line says that a program was killed; other faults are points below. */
final class SoakCharts {

  private static final Color KILL = new Color(0xB0B0B0);
  private static final Color[] CURVES = {
    new Color(0x0B6E99), new Color(0xD9730D), new Color(0x448361)
  };

  private final History history;
  private final Path folder;
  private final List<Path> files = new ArrayList<>();

  SoakCharts(History history, Path folder) {
    this.history = history;
    this.folder = folder;
  }

  /** What is drawn of a sample; a rate is since the one before, of the same program. */
  private record Curve(String name, ToDoubleBiFunction<History.Sample, History.Sample> value) {}

  /** The files that it has drawn. */
  List<Path> draw() throws IOException {
    draw(
        "soak-memory.svg",
        "Memory of the process (256 MiB of it are the heap)",
        "MiB",
        List.of(
            figure("resident", Sampler.RSS),
            figure("heap in use after the latest collections", Sampler.HEAP)),
        false);
    draw(
        "soak-descriptors.svg",
        "Open descriptors and platform threads",
        "number",
        List.of(figure("descriptors", Sampler.DESCRIPTORS), figure("threads", Sampler.THREADS)),
        false);
    draw(
        "soak-wal.svg",
        "The database and its WAL",
        "MiB",
        List.of(figure("WAL", Sampler.WAL), figure("database", Sampler.FILE)),
        false);
    draw(
        "soak-rates.svg",
        "How much it does, and who waits",
        "per second; threads",
        List.of(
            rate("reader leases", Sampler.READS),
            rate("committed units", Sampler.UNITS),
            figure("waiting threads", Sampler.WAITING)),
        true);
    return files;
  }

  private static Curve figure(String name, String figure) {
    return new Curve(name, (before, sample) -> sample.of(figure));
  }

  /** By how much a count has risen, for each second since the sample before. */
  private static Curve rate(String name, String count) {
    return new Curve(
        name,
        (before, sample) ->
            (sample.of(count) - before.of(count)) / (sample.second() - before.second()));
  }

  private void draw(String file, String title, String axis, List<Curve> curves, boolean logarithmic)
      throws IOException {
    double bottom = logarithmic ? 1 : 0;
    XYChart chart =
        new XYChartBuilder()
            .width(860)
            .height(360)
            .title(title)
            .xAxisTitle("minutes")
            .yAxisTitle(axis)
            .build();
    ChartStyle.apply(chart.getStyler());
    chart.getStyler().setYAxisMin(bottom);
    chart.getStyler().setYAxisLogarithmic(logarithmic);
    chart.getStyler().setYAxisDecimalPattern("#,##0");
    chart.getStyler().setMarkerSize(5);
    chart.getStyler().setLegendLayout(Styler.LegendLayout.Horizontal);
    chart.getStyler().setAnnotationLineColor(KILL);
    chart.getStyler().setAnnotationLineStroke(new BasicStroke(1f));
    for (int i = 0; i < curves.size(); i++) {
      add(chart, curves.get(i), CURVES[i], bottom);
    }
    for (double second : history.kills()) {
      chart.addAnnotation(new AnnotationLine(second / 60, true, false));
    }
    addFaults(chart, Said.DISK, new Color(0xC4554D), bottom);
    addFaults(chart, Said.NEIGHBOUR, new Color(0x9065B0), bottom);
    save(chart, folder.resolve(file));
  }

  private void add(XYChart chart, Curve curve, Color color, double bottom) {
    List<Double> minutes = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    History.Sample before = null;
    for (History.Sample sample : history.samples()) {
      boolean same = before != null && before.life() == sample.life();
      minutes.add(sample.second() / 60);
      // A gap between two programs.
      values.add(same ? Math.max(bottom, curve.value().applyAsDouble(before, sample)) : Double.NaN);
      before = sample;
    }
    XYSeries series = chart.addSeries(curve.name(), minutes, values);
    series.setMarker(SeriesMarkers.NONE);
    series.setLineColor(color);
    series.setLineStyle(new BasicStroke(1.5f));
  }

  private void addFaults(XYChart chart, String fault, Color color, double bottom) {
    List<Double> minutes =
        history.marks().stream()
            .filter(mark -> mark.what().equals(fault))
            .map(mark -> mark.second() / 60)
            .toList();
    if (!minutes.isEmpty()) {
      XYSeries series =
          chart.addSeries(fault, minutes, Collections.nCopies(minutes.size(), bottom));
      series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
      series.setMarker(SeriesMarkers.DIAMOND);
      series.setMarkerColor(color);
    }
  }

  /** A tenth of a pixel is enough, and makes the file half as long. */
  private void save(XYChart chart, Path file) throws IOException {
    ByteArrayOutputStream svg = new ByteArrayOutputStream();
    ChartEncoder.saveChart(chart, svg, "svg");
    String drawn = svg.toString(StandardCharsets.UTF_8);
    Files.writeString(file, drawn.replaceAll("(\\.\\d)\\d+", "$1"));
    files.add(file);
  }
}
