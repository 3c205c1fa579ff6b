package dev.heddle.pool.internal.sqlite;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The columns of a result: names, and where each name is. Immutable. */
public final class Columns {

  private static final int AMBIGUOUS = -1;

  private final List<String> names;

  /** By name as it is and in lower case; 0-based. */
  private final Map<String, Integer> index = new HashMap<>();

  Columns(List<String> names) {
    this.names = List.copyOf(names);
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      String lower = name.toLowerCase(Locale.ROOT);
      Integer before = index.put(lower, i);
      if (before != null) {
        index.put(lower, AMBIGUOUS);
      }
    }
    for (String name : names) {
      index.put(name, indexOfLower(name));
    }
  }

  private Integer indexOfLower(String name) {
    return index.getOrDefault(name.toLowerCase(Locale.ROOT), AMBIGUOUS);
  }

  public List<String> names() {
    return names;
  }

  public int size() {
    return names.size();
  }

  /**
   * Where a column is, from 0.
   *
   * @throws IllegalArgumentException if no column, or more than one, has that name
   */
  public int indexOf(String name) {
    Integer found = find(name);
    if (found == null) {
      throw new IllegalArgumentException("No column '" + name + "'; there are " + names);
    }
    if (found == AMBIGUOUS) {
      throw new IllegalArgumentException(
          "Several columns are named '"
              + name
              + "': "
              + names
              + "; give them aliases (AS), or read them by index");
    }
    return found;
  }

  /** True if exactly one column has that name. */
  public boolean has(String name) {
    Integer found = find(name);
    return found != null && found != AMBIGUOUS;
  }

  private @Nullable Integer find(String name) {
    Integer found = index.get(name);
    return found != null ? found : index.get(name.toLowerCase(Locale.ROOT));
  }

  /**
   * The index from 0 of a column that users number from 1.
   *
   * @throws IndexOutOfBoundsException if it is not there
   */
  public int checkIndex(int column) {
    if (column < 1 || column > names.size()) {
      throw new IndexOutOfBoundsException(
          "No column " + column + "; columns count from 1 to " + names.size() + ": " + names);
    }
    return column - 1;
  }

  boolean isNamed(List<String> others) {
    return names.equals(others);
  }
}
