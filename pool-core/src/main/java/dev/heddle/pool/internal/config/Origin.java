package dev.heddle.pool.internal.config;

import java.nio.file.Path;

/**
 * Where a value came from, for error texts.
 *
 * @param text the place, in words
 */
public record Origin(String text) {

  /** Given by nobody. */
  static final Origin DEFAULT = new Origin("default");

  /** {@link java.util.Properties} that the program made. */
  static final Origin PROPERTIES = new Origin("the given Properties");

  static Origin file(Path file) {
    return new Origin("file " + file);
  }

  static Origin systemProperty(String name) {
    return new Origin("system property " + name);
  }

  static Origin environment(String name) {
    return new Origin("environment variable " + name);
  }

  /** A method of {@code PoolConfig}. */
  public static Origin call(String method) {
    return new Origin("PoolConfig." + method);
  }

  @Override
  public String toString() {
    return text;
  }
}
