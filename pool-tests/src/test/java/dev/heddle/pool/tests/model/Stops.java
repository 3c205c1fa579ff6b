package dev.heddle.pool.tests.model;

import dev.heddle.pool.ConnectionSetup;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.Function;

/** Statements that are stopped while they run: an SQL function that they call does it. */
final class Stops {

  private static final String INSERT =
      "INSERT INTO t SELECT ?, ? + count(*) FROM (WITH RECURSIVE c(n) AS (SELECT %s UNION ALL"
          + " SELECT 0 FROM c LIMIT %d) SELECT n FROM c WHERE n < 0)";

  /** It runs for as long as that makes a difference. */
  static final String INTERRUPTED = INSERT.formatted("interrupts()", 5_000);

  static final String CANCELLED = INSERT.formatted("cancels()", Integer.MAX_VALUE);

  static final String ENDLESS = INSERT.formatted("0", Integer.MAX_VALUE);

  private static final ThreadLocal<@Nullable PreparedStatement> RUNNING = new ThreadLocal<>();

  private Stops() {}

  /** For {@code onConnect}. */
  static ConnectionSetup functions() {
    return connection -> {
      Function.create(connection, "interrupts", new Interrupts());
      Function.create(connection, "cancels", new Cancels());
    };
  }

  /** Runs a statement that cancels itself. */
  static void cancelled(Connection connection, int key, int value) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(CANCELLED)) {
      statement.setInt(1, key);
      statement.setInt(2, value);
      RUNNING.set(statement);
      statement.executeUpdate();
    } finally {
      RUNNING.remove();
    }
  }

  private static final class Interrupts extends Function {
    @Override
    protected void xFunc() throws SQLException {
      Thread.currentThread().interrupt();
      result(0);
    }
  }

  private static final class Cancels extends Function {
    @Override
    protected void xFunc() throws SQLException {
      PreparedStatement running = RUNNING.get();
      if (running != null) {
        try {
          running.cancel();
        } catch (SQLException e) {
          // its lease was taken away, which stops it as well
        }
      }
      result(0);
    }
  }
}
