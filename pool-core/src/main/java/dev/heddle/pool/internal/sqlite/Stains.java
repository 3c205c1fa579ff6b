package dev.heddle.pool.internal.sqlite;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a JDBC connection has left on the physical one: settings that were changed, TEMP objects,
 * attached databases. Nobody else may have it before it is clean again, or replaced. Confined like
 * {@link Session}.
 */
final class Stains {

  /** What the settings that were changed were before. */
  private final Map<String, String> changed = new HashMap<>();

  /** There is something that can't be told to be gone again. */
  private boolean lasting;

  void lasts() {
    lasting = true;
  }

  /** A setting was set; it is no stain if it is what it was. */
  void set(String setting, @Nullable String before, @Nullable String now) {
    if (before == null) {
      lasting = true;
      return;
    }
    String original = changed.getOrDefault(setting, before);
    if (Objects.equals(original, now)) {
      changed.remove(setting);
    } else {
      changed.put(setting, original);
    }
  }

  boolean isClean() {
    return !lasting && changed.isEmpty();
  }
}
