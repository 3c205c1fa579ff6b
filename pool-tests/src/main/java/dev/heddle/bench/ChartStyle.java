package dev.heddle.bench;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;

/** How all charts look. */
public final class ChartStyle {

  private static final Color GRID = new Color(0xE3E3E3);
  private static final Color INK = new Color(0x333333);

  private ChartStyle() {}

  /** White, with a thin grid, and the legend below. */
  public static void apply(AxesChartStyler style) {
    Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
    style.setChartBackgroundColor(Color.WHITE);
    style.setChartFontColor(INK);
    style.setPlotBackgroundColor(Color.WHITE);
    style.setPlotBorderVisible(false);
    style.setPlotGridLinesColor(GRID);
    style.setPlotGridLinesStroke(new BasicStroke(1f));
    style.setChartTitleBoxVisible(false);
    style.setChartTitleFont(font.deriveFont(Font.BOLD, 15f));
    style.setAxisTitleFont(font);
    style.setAxisTickLabelsFont(font);
    style.setLegendFont(font);
    style.setLegendBorderColor(Color.WHITE);
    style.setLegendPosition(Styler.LegendPosition.OutsideS);
    style.setLegendLayout(Styler.LegendLayout.Vertical);
    style.setMarkerSize(8);
  }
}
