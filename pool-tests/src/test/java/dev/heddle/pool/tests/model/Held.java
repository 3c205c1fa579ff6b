package dev.heddle.pool.tests.model;

import dev.heddle.pool.ReadLease;
import dev.heddle.pool.tests.model.Op.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an actor holds: a lease, or a JDBC transaction. */
abstract class Held implements AutoCloseable {

  /** A step, or several. */
  @FunctionalInterface
  interface Inside {
    void run() throws SQLException;
  }

  private final Kind kind;
  private final List<Op> parts = new ArrayList<>();

  Held(Kind kind) {
    this.kind = kind;
  }

  static Held nothing() {
    return new Held(Kind.NOTHING) {
      @Override
      Sql sql() {
        throw new AssertionError("no lease");
      }

      @Override
      public void close() {}
    };
  }

  static Held of(ReadLease lease, Kind kind) {
    return new Held(kind) {
      @Override
      Sql sql() {
        return Sql.of(lease);
      }

      @Override
      public void close() {
        lease.close();
      }
    };
  }

  final Kind kind() {
    return kind;
  }

  final List<Op> parts() {
    return parts;
  }

  // What only some have

  abstract Sql sql() throws SQLException;

  Connection connection() throws SQLException {
    throw new AssertionError(kind);
  }

  void nested(Inside inside) throws SQLException {
    throw new AssertionError(kind);
  }

  void savepoint(Op op) throws SQLException {
    throw new AssertionError(kind);
  }

  /** Whether that ends it now, and is not refused. */
  boolean mayEnd(Op op) {
    return true;
  }

  /** Commits, rolls back, or closes; what is left is the snapshot of a commitAndRead(). */
  @Nullable ReadLease end(Op op) throws SQLException {
    close();
    return null;
  }

  @Override
  public abstract void close();

  // What all have

  /** Runs a part of the transaction, of which {@link Inside} ends with the step that ends it. */
  final String runNested(Inside inside) throws SQLException {
    int depth = parts.size();
    try {
      nested(
          () -> {
            parts.add(Op.NESTED);
            inside.run();
          });
      return "ok";
    } finally {
      parts.subList(depth, parts.size()).clear();
    }
  }

  final String run(Step step, Journal journal) throws SQLException {
    int key = step.key();
    int value = step.value();
    switch (step.op()) {
      case READ -> {
        return kind.writes()
            ? Sql.rows(sql().query(Table.QUERY))
            : journal.seen(this, kind == Kind.SNAPSHOT, sql().query(journal.query()));
      }
      case PUT -> sql().update("INSERT INTO t VALUES (?, ?)", key, value);
      case PUT_NULL -> sql().update("INSERT INTO t VALUES (?, NULL)", key + Table.CHILDREN);
      case PUT_OR_ROLLBACK -> sql().update("INSERT OR ROLLBACK INTO t VALUES (?, ?)", key, value);
      case DELETE -> sql().update("DELETE FROM t WHERE id = ?", key);
      case BATCH ->
          sql()
              .batch(
                  "INSERT INTO t VALUES (?, ?)",
                  List.of(
                      new Object[] {key, value},
                      new Object[] {key + 1, value},
                      new Object[] {key + 2, value}));
      case CHILD -> sql().update("INSERT INTO child VALUES (?, ?)", key, Table.PARENT);
      case ORPHAN -> sql().update("INSERT INTO child VALUES (?, ?)", key, Table.PARENT + 1);
      case CANCELLED -> Stops.cancelled(connection(), key, value);
      case INTERRUPTED -> sql().update(Stops.INTERRUPTED, key, value);
      case SAVEPOINT -> {
        savepoint(step.op());
        parts.add(step.op());
      }
      case ROLLBACK_TO -> savepoint(step.op());
      case RELEASE -> {
        savepoint(step.op());
        parts.removeLast();
      }
      default -> throw new AssertionError(step);
    }
    return "ok";
  }
}
