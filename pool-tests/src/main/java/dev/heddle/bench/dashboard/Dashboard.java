package dev.heddle.bench.dashboard;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The dashboard for Grafana, as far as it says what is asked and where it is shown.
 *
 * @param panels from left to right, from above to below
 */
public record Dashboard(List<Panel> panels) {

  /** Seen from the module's folder, where Maven runs tests and benchmarks. */
  public static final Path FILE = Path.of("..", "docs", "grafana", "heddle.json");

  private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)}}");

  /**
   * A diagram, or a table.
   *
   * @param place where it is, in the 24 columns of a dashboard
   */
  public record Panel(
      String title,
      String unit,
      boolean isTable,
      boolean logarithmic,
      Place place,
      List<Target> targets) {

    private static Panel of(JsonObject panel) {
      JsonObject defaults = panel.getJsonObject("fieldConfig").getJsonObject("defaults");
      JsonObject custom =
          defaults.getOrDefault("custom", JsonValue.EMPTY_JSON_OBJECT).asJsonObject();
      return new Panel(
          panel.getString("title"),
          defaults.getString("unit", "short"),
          panel.getString("type").equals("table"),
          custom.toString().contains("\"log\""),
          Place.of(panel.getJsonObject("gridPos")),
          panel.getJsonArray("targets").getValuesAs(Target::of));
    }
  }

  /** A place. */
  public record Place(int x, int y, int width, int height) {

    private static Place of(JsonObject place) {
      return new Place(place.getInt("x"), place.getInt("y"), place.getInt("w"), place.getInt("h"));
    }
  }

  /**
   * A question.
   *
   * @param expression in PromQL, with the dashboard's variables
   * @param legend what its answers are called
   */
  public record Target(String expression, String legend) {

    private static Target of(JsonValue value) {
      JsonObject target = value.asJsonObject();
      return new Target(target.getString("expr"), target.getString("legendFormat", ""));
    }

    /** The question about all pools, with rates over some seconds. */
    public String expression(int seconds) {
      return expression.replace("$__rate_interval", seconds + "s").replace("$pool", ".*");
    }

    /** What an answer with these labels is called. */
    public String legend(Map<String, String> labels) {
      return PLACE.matcher(legend).replaceAll(place -> labels.getOrDefault(place.group(1), "?"));
    }
  }

  /** Reads the file. */
  public static Dashboard read() throws IOException {
    try (Reader file = Files.newBufferedReader(FILE);
        JsonReader reader = Json.createReader(file)) {
      return new Dashboard(
          reader
              .readObject()
              .getJsonArray("panels")
              .getValuesAs(panel -> Panel.of(panel.asJsonObject())));
    }
  }
}
