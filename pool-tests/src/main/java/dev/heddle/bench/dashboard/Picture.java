package dev.heddle.bench.dashboard;

import dev.heddle.bench.ChartStyle;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The panels of a dashboard, filled with what a Prometheus answers, in one image. */
final class Picture {

  /** Pixels for each of a dashboard's columns, and for each of its lines. */
  private static final int COLUMN = 50;

  private static final int LINE = 30;

  /** Pixels for the names of lines. */
  private static final int LEGEND = 50;

  private static final int MARGIN = 45;

  /** Rates are over so many seconds. */
  private static final int RATE = 5;

  private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
  private static final Color INK = new Color(0x333333);

  private static final Color[] COLORS = {
    new Color(0x0B6E99),
    new Color(0xD9730D),
    new Color(0x0F7B6C),
    new Color(0xAD1A72),
    new Color(0x6940A5),
    new Color(0xDFAB01),
    new Color(0x777777)
  };

  private final Dashboard dashboard;
  private final Prometheus prometheus;
  private final Instant from;
  private final Instant to;

  Picture(Dashboard dashboard, Prometheus prometheus, Instant from, Instant to) {
    this.dashboard = dashboard;
    this.prometheus = prometheus;
    this.from = from;
    this.to = to;
  }

  void save(Path file) throws IOException, InterruptedException {
    int columns = 0;
    int lines = 0;
    for (Dashboard.Panel panel : dashboard.panels()) {
      columns = Math.max(columns, panel.place().x() + panel.place().width());
      lines = Math.max(lines, panel.place().y() + panel.place().height());
    }
    BufferedImage image =
        new BufferedImage(columns * COLUMN, lines * LINE, BufferedImage.TYPE_INT_RGB);
    Graphics2D all = image.createGraphics();
    all.setColor(Color.WHITE);
    all.fillRect(0, 0, image.getWidth(), image.getHeight());
    all.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    for (Dashboard.Panel panel : dashboard.panels()) {
      Graphics2D part =
          (Graphics2D)
              all.create(
                  panel.place().x() * COLUMN,
                  panel.place().y() * LINE,
                  panel.place().width() * COLUMN,
                  panel.place().height() * LINE);
      if (panel.isTable()) {
        table(panel, part);
      } else {
        XYChart chart = chart(panel);
        chart.paint(part, chart.getWidth(), chart.getHeight() - LEGEND);
        legend(part, chart);
      }
      part.dispose();
    }
    all.dispose();
    write(image, file);
  }

  private static void write(BufferedImage image, Path file) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    ImageWriteParam smallest = writer.getDefaultWriteParam();
    smallest.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    smallest.setCompressionQuality(0);
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(Files.newOutputStream(file))) {
      writer.setOutput(stream);
      writer.write(null, new IIOImage(image, null, null), smallest);
    } finally {
      writer.dispose();
    }
  }

  private XYChart chart(Dashboard.Panel panel) throws IOException, InterruptedException {
    XYChart chart =
        new XYChartBuilder()
            .width(panel.place().width() * COLUMN)
            .height(panel.place().height() * LINE)
            .title(panel.title())
            .build();
    style(chart.getStyler(), panel);
    for (Dashboard.Target target : panel.targets()) {
      for (Prometheus.Series series : prometheus.query(target.expression(RATE), from, to)) {
        add(chart, target.legend(series.labels()), values(series, panel));
      }
    }
    return chart;
  }

  private static void style(XYStyler style, Dashboard.Panel panel) {
    ChartStyle.apply(style);
    style.setChartTitleFont(FONT.deriveFont(Font.BOLD, 13f));
    style.setAxisTickLabelsFont(FONT);
    style.setLegendVisible(false);
    style.setSeriesColors(COLORS);
    style.setYAxisLogarithmic(panel.logarithmic());
    if (!panel.logarithmic()) {
      style.setYAxisMin(0.0);
    }
    style.setXAxisTickLabelsFormattingFunction(Picture::minutes);
    style.setYAxisTickLabelsFormattingFunction(format(panel.unit()));
  }

  /** Below the chart, in as many lines as it takes: the chart library's own has but one. */
  private static void legend(Graphics2D part, XYChart chart) {
    part.setFont(FONT);
    int x = MARGIN;
    int y = chart.getHeight() + 10;
    int color = 0;
    for (XYSeries series : chart.getSeriesCollection()) {
      int width = part.getFontMetrics().stringWidth(series.getName()) + 15;
      if (x + width > chart.getWidth()) {
        x = MARGIN;
        y += 16;
      }
      part.setColor(COLORS[color++ % COLORS.length]);
      part.drawString(series.getName(), x, y);
      x += width;
    }
  }

  private static String minutes(double seconds) {
    return "%d:%02d".formatted((int) seconds / 60, (int) seconds % 60);
  }

  /** As Grafana shows values of that unit. */
  private static Function<Double, String> format(String unit) {
    return switch (unit) {
      case "s" -> Picture::duration;
      case "bytes" -> value -> number(value) + " MiB";
      case "percentunit" -> value -> number(value * 100) + "%";
      default -> Picture::number;
    };
  }

  private static double scale(String unit) {
    return unit.equals("bytes") ? 1 << 20 : 1;
  }

  private static String duration(double seconds) {
    if (seconds == 0 || seconds >= 1) {
      return number(seconds) + " s";
    }
    return seconds >= 1e-3 ? number(seconds * 1e3) + " ms" : number(seconds * 1e6) + " µs";
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value).replaceAll("\\.?0+$", "");
  }

  /** Second by second; where there is no value, the line has a gap. A logarithm of zero is none. */
  private List<Double> values(Prometheus.Series series, Dashboard.Panel panel) {
    Double[] values = new Double[(int) Duration.between(from, to).toSeconds() + 1];
    Arrays.fill(values, Double.NaN);
    for (Prometheus.Point point : series.points()) {
      double value = point.value() / scale(panel.unit());
      boolean shown = !panel.logarithmic() || value > 0;
      values[(int) (point.seconds() - from.getEpochSecond())] = shown ? value : Double.NaN;
    }
    return List.of(values);
  }

  private static void add(XYChart chart, String name, List<Double> values) {
    if (values.stream().allMatch(value -> value.isNaN())) {
      return;
    }
    List<Integer> seconds = IntStream.range(0, values.size()).boxed().toList();
    XYSeries series = chart.addSeries(name, seconds, values);
    series.setMarker(SeriesMarkers.NONE);
    series.setLineStyle(new BasicStroke(1.8f));
  }

  private void table(Dashboard.Panel panel, Graphics2D part)
      throws IOException, InterruptedException {
    part.setColor(INK);
    part.setFont(FONT.deriveFont(Font.BOLD, 13f));
    part.drawString(panel.title(), 15, 20);
    part.setFont(FONT.deriveFont(Font.BOLD));
    row(part, 45, "lane", "kind", "label", "sql", "times");
    part.setFont(FONT);
    int y = 67;
    for (Prometheus.Series series : prometheus.query(panel.targets().getFirst().expression(RATE))) {
      Map<String, String> labels = series.labels();
      row(
          part,
          y,
          labels.getOrDefault("lane", ""),
          labels.getOrDefault("kind", ""),
          labels.getOrDefault("label", ""),
          labels.getOrDefault("sql", ""),
          number(series.value()));
      y += 20;
    }
  }

  private static void row(
      Graphics2D part, int y, String lane, String kind, String label, String sql, String times) {
    part.drawString(lane, 15, y);
    part.drawString(kind, 80, y);
    part.drawString(label, 160, y);
    part.drawString(sql, 290, y);
    part.drawString(times, 1140, y);
  }
}
