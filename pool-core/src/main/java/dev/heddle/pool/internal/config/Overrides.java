package dev.heddle.pool.internal.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Finds the system properties and environment variables that override a file: {@code
 * heddle.readers}, {@code HEDDLE_READERS} for every pool, {@code heddle.orders.readers}, {@code
 * HEDDLE_ORDERS_READERS} for the one named {@code orders}.
 *
 * <p>A variable whose whole rest is a key is for every pool, even if a pool is called {@code
 * reader}. What fits no key is left alone: it may be another program's.
 */
final class Overrides {

  private static final String PREFIX = "heddle.";

  // each kind of variable spells keys and prefixes in its own way
  private final Source environment =
      new Source(key -> key.replaceAll("[.-]", "_").toUpperCase(Locale.ROOT), Origin::environment);
  private final Source system = new Source(key -> key, Origin::systemProperty);

  private final Optional<String> pool;

  /**
   * Overrides for a pool.
   *
   * @param pool the name that its file gives it
   */
  Overrides(Optional<String> pool) {
    this.pool = pool;
  }

  /** What is overridden; later entries win over earlier ones. */
  List<Entry> in(Map<String, String> environmentVariables, Map<String, String> systemProperties) {
    List<Entry> found = new ArrayList<>();
    found.addAll(environment.find(environmentVariables, PREFIX));
    found.addAll(system.find(systemProperties, PREFIX));
    pool.map(name -> PREFIX + name + ".")
        .ifPresent(
            prefix -> {
              found.addAll(environment.findNamed(environmentVariables, prefix));
              found.addAll(system.findNamed(systemProperties, prefix));
            });
    return found;
  }

  private record Source(UnaryOperator<String> spelling, Function<String, Origin> origin) {

    List<Entry> find(Map<String, String> variables, String prefix) {
      List<Entry> found = new ArrayList<>();
      // sorted, so that the same variables always give the same errors in the same order
      new TreeMap<>(variables)
          .forEach(
              (variable, text) ->
                  key(variable, prefix)
                      .map(key -> new Entry(key, text.strip(), origin.apply(variable)))
                      .ifPresent(found::add));
      return found;
    }

    List<Entry> findNamed(Map<String, String> variables, String prefix) {
      Map<String, String> others = new TreeMap<>(variables);
      others.keySet().removeIf(variable -> key(variable, PREFIX).isPresent());
      return find(others, prefix);
    }

    /** The key that a variable stands for, if it has the prefix and stands for any. */
    private Optional<String> key(String variable, String prefix) {
      String start = spelling.apply(prefix);
      return variable.startsWith(start)
          ? key(variable.substring(start.length()))
          : Optional.empty();
    }

    private Optional<String> key(String spelled) {
      Stream<String> options =
          Stream.of(Option.values())
              .map(Option::key)
              .filter(key -> spelling.apply(key).equals(spelled));
      Stream<String> pragmas =
          Stream.of(PragmaFamily.values())
              .map(PragmaFamily::prefix)
              .filter(prefix -> spelled.startsWith(spelling.apply(prefix)))
              .map(prefix -> prefix + spelled.substring(prefix.length()));
      return Stream.concat(options, pragmas).findFirst();
    }
  }
}
