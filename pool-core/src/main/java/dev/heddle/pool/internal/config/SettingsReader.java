package dev.heddle.pool.internal.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;

/** Makes settings of properties, and reports everything that is wrong with them at once. */
public final class SettingsReader {

  private final Draft draft = new Draft();
  private final List<String> problems = new ArrayList<>();

  private SettingsReader() {}

  /**
   * The settings that properties stand for.
   *
   * @throws IllegalArgumentException with a line for each problem
   */
  public static Settings read(Properties properties) {
    SettingsReader reader = new SettingsReader();
    reader.add(properties, Origin.PROPERTIES);
    return reader.settings();
  }

  /**
   * The settings that a file stands for, with what overrides it.
   *
   * @throws IllegalArgumentException with a line for each problem
   * @throws IOException if the file can't be read
   */
  public static Settings read(
      Path file, Map<String, String> environmentVariables, Map<String, String> systemProperties)
      throws IOException {
    Properties properties = PropertiesFile.read(file);
    SettingsReader reader = new SettingsReader();
    reader.add(properties, Origin.file(file));
    Optional<String> name = Optional.ofNullable(properties.getProperty(Option.NAME.key()));
    new Overrides(name.map(String::strip))
        .in(environmentVariables, systemProperties)
        .forEach(reader::add);
    return reader.settings();
  }

  private void add(Properties properties, Origin origin) {
    // in two steps: a non-string entry is invisible to the methods that see inherited ones
    properties.forEach((key, value) -> checkStrings(key, value, origin));
    Set<String> seen = new HashSet<>();
    texts(properties)
        .forEach(
            (key, text) -> {
              if (!seen.add(key.toLowerCase(Locale.ROOT)) && PragmaFamily.of(key).isPresent()) {
                problems.add(
                    Problem.about(key, "is given twice, in different case", origin).getMessage());
              }
              add(new Entry(key, text.strip(), origin));
            });
  }

  private static Map<String, String> texts(Properties properties) {
    Map<String, String> texts = new TreeMap<>();
    for (String key : properties.stringPropertyNames()) {
      texts.put(key, properties.getProperty(key));
    }
    return texts;
  }

  private void checkStrings(Object key, Object value, Origin origin) {
    if (!(key instanceof String && value instanceof String)) {
      String what = "key and value must be strings, use setProperty";
      problems.add(Problem.about(key.toString(), what, origin).getMessage());
    }
  }

  private void add(Entry entry) {
    try {
      draft.set(entry.key(), entry.text(), entry.origin());
    } catch (IllegalArgumentException e) {
      problems.add(e.getMessage());
    }
  }

  private Settings settings() {
    problems.addAll(draft.problems());
    if (!problems.isEmpty()) {
      throw Problem.all(problems);
    }
    return draft.settings();
  }
}
