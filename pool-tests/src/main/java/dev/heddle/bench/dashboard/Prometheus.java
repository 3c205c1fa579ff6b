package dev.heddle.bench.dashboard;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The program Prometheus, on a free port and with a folder of its own. It asks one other program
 * for its meters, every second, and is asked by its HTTP API.
 */
public final class Prometheus implements AutoCloseable {

  private static final String PROGRAM = "prometheus";

  private static final Pattern LISTENING =
      Pattern.compile(".*msg=\"Listening on\".*address=(127\\.0\\.0\\.1:\\d+).*");

  /**
   * A line of a diagram.
   *
   * @param labels what tells it from others
   * @param points its values; of a question about one moment there is one
   */
  public record Series(Map<String, String> labels, List<Point> points) {

    /** The latest value. */
    public double value() {
      return points.getLast().value();
    }
  }

  /**
   * A value.
   *
   * @param seconds its time, since 1970
   * @param value may be no number
   */
  public record Point(double seconds, double value) {}

  private final HttpClient client = HttpClient.newHttpClient();
  private final Process process;
  private final String address;

  private Prometheus(Process process, String address) {
    this.process = process;
    this.address = address;
  }

  /** Whether this machine has it. */
  public static boolean isInstalled() {
    try {
      new ProcessBuilder(PROGRAM, "--version").start().destroy();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Starts it.
   *
   * @param folder where it keeps what it learns
   * @param port where the other program, on this machine, tells its meters
   */
  public static Prometheus start(Path folder, int port) throws IOException {
    Path configuration =
        Files.writeString(
            folder.resolve("prometheus.yml"),
            """
            global:
              scrape_interval: 1s
              scrape_timeout: 1s
            scrape_configs:
              - job_name: heddle
                static_configs:
                  - targets: ['127.0.0.1:%d']
            """
                .formatted(port));
    Process process =
        new ProcessBuilder(
                PROGRAM,
                "--config.file=" + configuration,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:0")
            .redirectErrorStream(true)
            .start();
    try {
      return new Prometheus(process, address(process));
    } catch (IOException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /** Where it listens: it says so. What it says later is read, too, or it would block. */
  private static String address(Process process) throws IOException {
    BufferedReader says = process.inputReader();
    Deque<String> said = new ArrayDeque<>();
    for (String line = says.readLine(); line != null; line = says.readLine()) {
      said.add(line);
      Matcher matcher = LISTENING.matcher(line);
      if (matcher.matches()) {
        Thread.ofVirtual().start(() -> says.lines().forEach(ignored -> {}));
        return matcher.group(1);
      }
    }
    throw new IOException(PROGRAM + " has ended: " + said);
  }

  /** What an expression gives now. */
  public List<Series> query(String expression) throws IOException, InterruptedException {
    return result("query", "query=" + encode(expression), "value");
  }

  /** What an expression gave, second by second. */
  public List<Series> query(String expression, Instant from, Instant to)
      throws IOException, InterruptedException {
    String range =
        "&start=" + from.getEpochSecond() + "&end=" + to.getEpochSecond() + "&step=1&query=";
    return result("query_range", range + encode(expression), "values");
  }

  private static String encode(String expression) {
    return URLEncoder.encode(expression, StandardCharsets.UTF_8);
  }

  private List<Series> result(String path, String parameters, String values)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://" + address + "/api/v1/" + path + "?" + parameters);
    String body =
        client
            .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
            .body();
    List<Series> result = new ArrayList<>();
    for (JsonValue series : answer(body).getJsonArray("result")) {
      JsonArray points = series.asJsonObject().getJsonArray(values);
      boolean one = values.equals("value");
      result.add(
          new Series(
              labels(series.asJsonObject().getJsonObject("metric")),
              one ? List.of(point(points)) : points.getValuesAs(Prometheus::point)));
    }
    return result;
  }

  private static JsonObject answer(String body) throws IOException {
    try (JsonReader reader = Json.createReader(new StringReader(body))) {
      JsonObject answer = reader.readObject();
      if (!answer.getString("status").equals("success")) {
        throw new IOException(answer.getString("error"));
      }
      return answer.getJsonObject("data");
    }
  }

  private static Map<String, String> labels(JsonObject metric) {
    Map<String, String> labels = new TreeMap<>();
    metric.forEach((name, value) -> labels.put(name, ((JsonString) value).getString()));
    return labels;
  }

  private static Point point(JsonValue pair) {
    JsonArray point = pair.asJsonArray();
    return new Point(point.getJsonNumber(0).doubleValue(), number(point.getString(1)));
  }

  private static double number(String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
