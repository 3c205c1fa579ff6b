package dev.heddle.pool.tests.model;

import dev.heddle.pool.ReadLease;
import dev.heddle.pool.tests.model.Op.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A transaction of a connection of the data source. */
final class HeldTransaction extends Held {

  private final Connection connection;
  private final Deque<Savepoint> savepoints = new ArrayDeque<>();

  HeldTransaction(Connection connection) {
    super(Kind.JDBC);
    this.connection = connection;
  }

  /** One whose first statement has run, so that it has the writer. */
  static Held begin(DataSource source) throws SQLException {
    Connection connection = source.getConnection();
    try {
      connection.setAutoCommit(false);
      Sql.of(connection).query("SELECT 1, 1");
      return new HeldTransaction(connection);
    } catch (Throwable failure) {
      connection.close();
      throw failure;
    }
  }

  @Override
  Sql sql() {
    return Sql.of(connection);
  }

  @Override
  Connection connection() {
    return connection;
  }

  @Override
  void savepoint(Op op) throws SQLException {
    switch (op) {
      case SAVEPOINT -> savepoints.push(connection.setSavepoint());
      case ROLLBACK_TO -> connection.rollback(savepoints.element());
      default -> {
        connection.releaseSavepoint(savepoints.element());
        savepoints.pop();
      }
    }
  }

  @Override
  @Nullable ReadLease end(Op op) throws SQLException {
    switch (op) {
      case COMMIT -> connection.commit();
      case ROLLBACK -> connection.rollback();
      default -> {}
    }
    connection.close();
    return null;
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new AssertionError("close() has failed", e);
    }
  }
}
