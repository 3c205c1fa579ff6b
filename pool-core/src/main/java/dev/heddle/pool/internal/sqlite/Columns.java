package dev.heddle.pool.internal.sqlite;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a result: names, and where each name is; for JDBC also what the schema says of
 * each. Immutable.
 */
public final class Columns {

  /**
   * What the schema says of a column that comes straight from a table.
   *
   * @param type the type as it was declared, null for an expression or a column without a type
   * @param table the table's own name, null for an expression
   */
  public record Declared(@Nullable String type, @Nullable String table) {
    static final Declared NOTHING = new Declared(null, null);
  }

  private static final int NONE = -1;

  /** In the index, for a name of several columns. */
  private static final int AMBIGUOUS = -2;

  private final List<String> names;

  /** By name as it is and in lower case; 0-based. */
  private final Map<String, Integer> index = new HashMap<>();

  /** Null if nobody has asked SQLite. */
  private final @Nullable List<Declared> declared;

  public Columns(List<String> names) {
    this(names, null);
  }

  private Columns(List<String> names, @Nullable List<Declared> declared) {
    this.names = List.copyOf(names);
    this.declared = declared;
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

  /**
   * Where the first column is that has a label, from 0, or -1: that one is JDBC's choice among
   * several.
   */
  public int first(String label) {
    Integer found = find(label);
    if (found == null) {
      return NONE;
    }
    return found == AMBIGUOUS ? firstOfSeveral(label.toLowerCase(Locale.ROOT)) : found;
  }

  private int firstOfSeveral(String lower) {
    int i = 0;
    while (!names.get(i).toLowerCase(Locale.ROOT).equals(lower)) {
      i++;
    }
    return i;
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

  /** What the schema says of a column, from 0. */
  public Declared declared(int column) {
    return declared == null ? Declared.NOTHING : declared.get(column);
  }

  boolean isDescribed() {
    return declared != null;
  }

  /** The same columns, with what the schema says of them. */
  public Columns describedBy(List<Declared> schema) {
    return new Columns(names, List.copyOf(schema));
  }

  boolean isNamed(List<String> others) {
    return names.equals(others);
  }
}
