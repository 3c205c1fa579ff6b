package dev.heddle.pool.tests.model;

import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The rows of the database at one moment. Those of the child table are kept here under a higher
 * key.
 */
record Table(NavigableMap<Integer, Integer> rows) {

  static final Table EMPTY = new Table(new TreeMap<>());

  static final String SCHEMA =
      """
      CREATE TABLE t(id INTEGER PRIMARY KEY, v INTEGER NOT NULL);
      CREATE TABLE parent(id INTEGER PRIMARY KEY);
      INSERT INTO parent VALUES (1);
      CREATE TABLE child(
        id INTEGER PRIMARY KEY, v REFERENCES parent(id) DEFERRABLE INITIALLY DEFERRED);
      """;

  static final int CHILDREN = 1000;

  /** The value of a child that has a parent. */
  static final int PARENT = 1;

  static final String QUERY =
      "SELECT id, v FROM t UNION ALL SELECT " + CHILDREN + " + id, v FROM child ORDER BY 1";

  boolean has(int key) {
    return rows.containsKey(key);
  }

  Table with(int key, int value) {
    NavigableMap<Integer, Integer> copy = new TreeMap<>(rows);
    copy.put(key, value);
    return new Table(copy);
  }

  Table without(int key) {
    NavigableMap<Integer, Integer> copy = new TreeMap<>(rows);
    copy.remove(key);
    return new Table(copy);
  }

  /** True if SQLite does not commit this. */
  boolean hasOrphans() {
    return rows.tailMap(CHILDREN).values().stream().anyMatch(parent -> parent != PARENT);
  }

  @Override
  public String toString() {
    return rows.toString();
  }
}
