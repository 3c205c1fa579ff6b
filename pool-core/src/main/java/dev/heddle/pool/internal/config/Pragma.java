package dev.heddle.pool.internal.config;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * One pragma to set. Name and value are safe to put into {@code PRAGMA name = value}, which takes
 * no parameters: only {@link #parse} and the catalogue make instances.
 *
 * @param family the connections it is for, unless another family has the same name
 * @param name in lower case
 * @param value as it was given: a word, a number, or a text with its quotes
 * @param origin where it came from, for error texts
 */
public record Pragma(PragmaFamily family, String name, String value, Origin origin) {

  private static final Pattern NAME = Pattern.compile("[a-z_]+");

  private static final Pattern VALUE =
      Pattern.compile(
          "[A-Za-z_][A-Za-z0-9_]*" // a word
              + "|[+-]?[0-9]+(\\.[0-9]+)?" // a number
              + "|'[^'\"`;\\p{Cntrl}]*'|\"[^'\"`;\\p{Cntrl}]*\""); // quoted text

  /**
   * The pragma that an entry stands for.
   *
   * @throws IllegalArgumentException if it is not to be set here, or could be more than a pragma
   */
  static Pragma parse(PragmaFamily family, String key, String value, Origin origin) {
    String given = key.substring(family.prefix().length());
    String name = given.toLowerCase(Locale.ROOT);
    if (!NAME.matcher(name).matches()) {
      throw Problem.about(key, "the name of a pragma has only letters and _", origin);
    }
    RefusedPragmas.reason(name)
        .ifPresent(
            reason -> {
              throw Problem.about(key, "can't be set here: " + reason, origin);
            });
    if (!VALUE.matcher(value).matches()) {
      throw Problem.badValue(
          key, value, "a word, a number, or a text in quotes with neither quotes nor ;", origin);
    }
    return new Pragma(family, name, value, origin);
  }

  /** The key in a properties file. */
  public String key() {
    return family.prefix() + name;
  }

  boolean isDefault() {
    return origin.equals(Origin.DEFAULT);
  }
}
