package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.internal.sqlite.Errors;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The savepoints of one transaction, one inside the other. SQLite knows them by their place, so
 * that a name of the user's may be anything. Guarded by the connection's lock.
 */
final class Savepoints {

  private final List<Mark> open = new ArrayList<>(2);

  /** What SQLite is to call the next one. */
  String nextPart() {
    return part(open.size());
  }

  private static String part(int place) {
    return "jdbc_" + (place + 1);
  }

  Savepoint add(@Nullable String name) {
    Mark mark = new Mark(name, open.size() + 1);
    open.add(mark);
    return mark;
  }

  /** What SQLite calls it. */
  String part(Savepoint savepoint) throws SQLException {
    return part(placeOf(savepoint));
  }

  private int placeOf(Savepoint savepoint) throws SQLException {
    for (int i = 0; i < open.size(); i++) {
      if (open.get(i).equals(savepoint)) {
        return i;
      }
    }
    throw new SQLNonTransientException(
        "Not a savepoint of this transaction, or ended before", Errors.NO_SAVEPOINT);
  }

  /** Ends those inside of it: it was rolled back to. */
  void endAfter(Savepoint savepoint) throws SQLException {
    open.subList(placeOf(savepoint) + 1, open.size()).clear();
  }

  /** Ends it, and those inside of it. */
  void end(Savepoint savepoint) throws SQLException {
    open.subList(placeOf(savepoint), open.size()).clear();
  }

  void clear() {
    open.clear();
  }

  /** Equal to itself only. */
  private static final class Mark implements Savepoint {
    private final @Nullable String name;
    private final int id;

    Mark(@Nullable String name, int id) {
      this.name = name;
      this.id = id;
    }

    @Override
    public int getSavepointId() throws SQLException {
      if (name != null) {
        throw new SQLNonTransientException("It has a name, and so no id", Errors.NO_SAVEPOINT);
      }
      return id;
    }

    @Override
    public String getSavepointName() throws SQLException {
      if (name == null) {
        throw new SQLNonTransientException("It has an id, and so no name", Errors.NO_SAVEPOINT);
      }
      return name;
    }
  }
}
