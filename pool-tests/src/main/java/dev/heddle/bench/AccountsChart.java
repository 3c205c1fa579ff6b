package dev.heddle.bench;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Rates over the number of writers: units per second on the left, shares of the limit right. */
final class AccountsChart {

  private static final int LEFT = 0;
  private static final int RIGHT = 1;
  private static final Color[] CURVES = {new Color(0x0B6E99), new Color(0xD9730D)};
  private static final Color LEVEL = new Color(0x777777);

  private final List<Integer> writers;
  private final double limit;
  private final XYChart chart;
  private double highest;
  private int curves;
  private int levels;

  AccountsChart(List<Integer> writers, double limit) {
    this.writers = writers;
    this.limit = limit;
    this.chart =
        new XYChartBuilder()
            .width(860)
            .height(600)
            .title("Units of two updates, each committed, each followed by a read")
            .xAxisTitle("virtual threads that write")
            .yAxisTitle("thousand units per second")
            .build();
    chart.setYAxisGroupTitle(RIGHT, "share of the limit, %");
    style(chart.getStyler());
  }

  private void style(XYStyler style) {
    ChartStyle.apply(style);
    style.setXAxisLogarithmic(true);
    style.setXAxisDecimalPattern("#,###");
    style.setYAxisGroupPosition(RIGHT, Styler.YAxisPosition.Right);
  }

  /** Adds a curve: units per second, for each number of writers. */
  void rates(String name, List<Double> rates) {
    XYSeries series =
        chart.addSeries(name, writers, rates.stream().map(rate -> rate / 1000).toList());
    Color color = CURVES[curves++ % CURVES.length];
    series.setYAxisGroup(LEFT);
    series.setLineColor(color);
    series.setMarkerColor(color);
    series.setMarker(SeriesMarkers.CIRCLE);
    series.setLineStyle(new BasicStroke(2.5f));
    highest = Math.max(highest, Collections.max(rates));
  }

  /** Adds a level line, at a share of the limit. */
  void level(String name, double share) {
    List<Double> level = new ArrayList<>(Collections.nCopies(writers.size(), share * 100));
    XYSeries series = chart.addSeries(name, writers, level);
    float dash = levels++ == 0 ? 8 : 2;
    series.setYAxisGroup(RIGHT);
    series.setLineColor(LEVEL);
    series.setMarker(SeriesMarkers.NONE);
    series.setLineStyle(
        new BasicStroke(
            1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {dash, 4}, 0));
    highest = Math.max(highest, share * limit);
  }

  /** Writes it; both axes then show the same curve, each in its own measure. */
  void save(Path file) throws IOException {
    double top = highest * 1.08;
    XYStyler style = chart.getStyler();
    style.setYAxisMin(LEFT, 0.0);
    style.setYAxisMin(RIGHT, 0.0);
    style.setYAxisMax(LEFT, top / 1000);
    style.setYAxisMax(RIGHT, top / limit * 100);
    style.putYAxisGroupDecimalPatternMap(LEFT, "#,##0");
    style.putYAxisGroupDecimalPatternMap(RIGHT, "0");
    try (OutputStream stream = Files.newOutputStream(file)) {
      ChartEncoder.saveChart(chart, stream, "svg");
    }
  }
}
