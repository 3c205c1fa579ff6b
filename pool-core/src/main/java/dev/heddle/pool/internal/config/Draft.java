package dev.heddle.pool.internal.config;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What has been given so far, on the way to {@link Settings}. What is given later replaces what was
 * given before. Not thread-safe.
 */
public final class Draft {

  private final Map<Option, Given> options = new EnumMap<>(Option.class);
  private final SortedMap<String, Pragma> pragmas = new TreeMap<>();

  // also those whose value was refused, which must not be reported as missing on top of that
  private final Set<Option> mentioned = EnumSet.noneOf(Option.class);

  /** A draft in which nothing is given. */
  public Draft() {}

  /** A draft that gives what was given for these settings, and leaves their defaults open. */
  public static Draft of(Settings settings) {
    Draft draft = new Draft();
    draft.options.putAll(settings.options());
    draft.options.values().removeIf(Given::isDefault);
    draft.pragmas.putAll(settings.pragmas());
    draft.pragmas.values().removeIf(Pragma::isDefault);
    return draft;
  }

  /**
   * Gives an option or a pragma in its text form.
   *
   * @throws IllegalArgumentException if the key is unknown or the text is not allowed
   */
  public void set(String key, String text, Origin origin) {
    Optional<PragmaFamily> family = PragmaFamily.of(key);
    if (family.isPresent()) {
      set(Pragma.parse(family.get(), key, text, origin));
    } else {
      set(Option.of(key).orElseThrow(() -> Problem.unknownKey(key, origin)), text, origin);
    }
  }

  /**
   * Gives an option in its text form.
   *
   * @throws IllegalArgumentException if the text is not allowed
   */
  public void set(Option option, String text, Origin origin) {
    mentioned.add(option);
    options.put(option, option.parse(text, origin));
  }

  private void set(Pragma pragma) {
    pragmas.put(pragma.key(), pragma);
  }

  /**
   * What was given, and the defaults for the rest. The draft can be used further.
   *
   * @throws IllegalArgumentException if something is missing, or things do not go together
   */
  public Settings settings() {
    List<String> problems = problems();
    if (!problems.isEmpty()) {
      throw Problem.all(problems);
    }
    return new Settings(options, pragmas);
  }

  /** What is wrong with the whole, though each part is right. */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (!options.containsKey(Option.DATABASE) && !mentioned.contains(Option.DATABASE)) {
      String key = Option.DATABASE.key();
      problems.add(key + ": is missing; it takes " + Option.DATABASE.kind().allowed());
    }
    Given pageCache = options.get(Option.PAGE_CACHE);
    if (pageCache != null) {
      pragmas.values().stream()
          .filter(pragma -> pragma.name().equals("cache_size"))
          .map(pragma -> conflict(pragma, pageCache))
          .forEach(problems::add);
    }
    return problems;
  }

  private static String conflict(Pragma cacheSize, Given pageCache) {
    String what = "can't be given together with page-cache (" + pageCache.origin() + ")";
    return cacheSize.key() + ": " + what + ": remove one of them (" + cacheSize.origin() + ")";
  }
}
