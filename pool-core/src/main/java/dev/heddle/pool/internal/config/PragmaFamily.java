package dev.heddle.pool.internal.config;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** The open part of the catalogue: pragmas of SQLite, set on a kind of connections. */
@SuppressWarnings("ImmutableEnumChecker") // the maps come from Map.of
public enum PragmaFamily {
  ALL(
      "pragma.",
      // SQLite's own defaults lose no commit either, but leave foreign keys unenforced; both are
      // set so that a driver's or a build's default cannot differ. A memory map turns an I/O error
      // into a crash of the process: https://sqlite.org/mmap.html
      Map.of("synchronous", "FULL", "foreign_keys", "ON", "mmap_size", "0"),
      "A pragma for every connection."),

  READERS(
      "reader.pragma.",
      Map.of(),
      "A pragma for the reader connections; it wins over `pragma.<name>`."),

  WRITER(
      "writer.pragma.",
      Map.of(),
      "A pragma for the writer connection; it wins over `pragma.<name>`.");

  private final String prefix;
  private final Map<String, String> defaults;
  private final String sentence;

  PragmaFamily(String prefix, Map<String, String> defaults, String sentence) {
    this.prefix = prefix;
    this.defaults = defaults;
    this.sentence = sentence;
  }

  /** The family that a key belongs to. */
  static Optional<PragmaFamily> of(String key) {
    return Arrays.stream(values()).filter(family -> key.startsWith(family.prefix)).findAny();
  }

  /** What stands before the pragma's name in a key. */
  public String prefix() {
    return prefix;
  }

  /** The pragmas that are set unless others are given: name to value. */
  public Map<String, String> defaults() {
    return defaults;
  }

  /** What it is, in one sentence of Markdown. */
  public String sentence() {
    return sentence;
  }
}
