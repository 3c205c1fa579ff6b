package dev.heddle.bench.field;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Raw results, as JSON: every value of every round. */
final class Raw {

  private static final String RATES =
      """
      SELECT shape.key, contender.key, rate.value
      FROM json_each(?, '$.shapes') shape,
        json_each(shape.value, '$.contenders') contender,
        json_each(contender.value, '$.perSecond') rate
      """;

  private Raw() {}

  static String of(Results results) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("measured with", results.machine);
    all.put("pragmas", results.pragmas);
    all.put("missing", results.missing);
    Map<String, Object> shapes = new LinkedHashMap<>();
    for (Shape shape : results.shapes()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("title", shape.title());
      one.put("connections", shape.connections());
      one.put("contenders", results.of(shape).values());
      shapes.put(shape.name(), one);
    }
    all.put("shapes", shapes);
    return json(all, "") + "\n";
  }

  private static String json(Object value, String indent) {
    String inner = indent + "  ";
    return switch (value) {
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(e -> inner + quoted(e.getKey()) + ": " + json(e.getValue(), inner))
              .collect(Collectors.joining(",\n", "{\n", "\n" + indent + "}"));
      case List<?> list ->
          list.stream().map(one -> json(one, inner)).collect(Collectors.joining(", ", "[", "]"));
      case Double number ->
          Double.isFinite(number) ? Double.toString(Math.round(number * 1e3) / 1e3) : "null";
      case Number number -> number.toString();
      default -> quoted(value);
    };
  }

  private static String quoted(Object value) {
    String text = value.toString().replace("\\", "\\\\").replace("\"", "\\\"");
    return "\"" + text.replaceAll("\\p{Cntrl}", " ") + "\"";
  }

  /** The rates of an earlier run, by shape and contender; SQLite reads JSON well. */
  static Map<String, Map<String, List<Double>>> rates(Path file) throws IOException, SQLException {
    Map<String, Map<String, List<Double>>> rates = new LinkedHashMap<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        PreparedStatement query = connection.prepareStatement(RATES)) {
      query.setString(1, Files.readString(file));
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          rates
              .computeIfAbsent(row.getString(1), shape -> new LinkedHashMap<>())
              .computeIfAbsent(row.getString(2), contender -> new ArrayList<>())
              .add(row.getDouble(3));
        }
      }
    }
    return rates;
  }

  /** The rates of this run. */
  static Map<String, Map<String, List<Double>>> rates(Results results) {
    Map<String, Map<String, List<Double>>> rates = new LinkedHashMap<>();
    for (Shape shape : results.shapes()) {
      Map<String, List<Double>> ofShape = new LinkedHashMap<>();
      results
          .of(shape)
          .values()
          .forEach(
              (contender, figures) -> {
                List<Double> values = figures.get("perSecond");
                if (values != null) {
                  ofShape.put(contender, values);
                }
              });
      rates.put(shape.name(), ofShape);
    }
    return rates;
  }
}
