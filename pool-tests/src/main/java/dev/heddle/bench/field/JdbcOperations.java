package dev.heddle.bench.field;

import dev.heddle.bench.SlowQueries;
import dev.heddle.bench.field.Rows.Account;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * By JDBC. One-row inserts commit by themselves: with a transaction around them the driver would
 * run two statements more for each. What has to be several statements is a transaction as the
 * standard has it, with a lock from its beginning on.
 */
abstract class JdbcOperations implements Operations {

  abstract Connection reader() throws SQLException;

  abstract Connection writer() throws SQLException;

  abstract void giveBack(Connection connection) throws SQLException;

  abstract PreparedStatement prepare(Connection connection, String sql) throws SQLException;

  abstract void done(PreparedStatement statement) throws SQLException;

  /** What is done with a statement. */
  private interface Use {
    void of(PreparedStatement statement) throws SQLException;
  }

  @Override
  @SuppressWarnings("ThreadPriorityCheck") // others are to come and wait
  public long hold() throws SQLException {
    long start = System.nanoTime();
    Connection connection = reader();
    try {
      long waited = System.nanoTime() - start;
      Thread.yield();
      return waited;
    } finally {
      giveBack(connection);
    }
  }

  @Override
  public long read(long id) throws SQLException {
    return query(
        Rows.READ,
        statement -> {
          statement.setLong(1, id);
          try (ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
              throw new AssertionError("no row " + id);
            }
            Rows.check(account(row), id);
          }
        });
  }

  @Override
  public long range(long first) throws SQLException {
    return query(
        Rows.RANGE,
        statement -> {
          statement.setLong(1, first);
          statement.setLong(2, first + Rows.RANGE_ROWS - 1);
          List<Account> accounts = new ArrayList<>();
          try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
              accounts.add(account(row));
            }
          }
          Rows.checkRange(accounts, first);
        });
  }

  private static Account account(ResultSet row) throws SQLException {
    return new Account(row.getLong(1), row.getString(2), row.getLong(3));
  }

  @Override
  public long scan() throws SQLException {
    return query(
        Rows.SCAN,
        statement -> {
          statement.setLong(1, Rows.SCAN_ROWS);
          long sum = 0;
          try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
              sum += Rows.fold(row.getLong(1), String.valueOf(row.getString(2)), row.getLong(3));
            }
          }
          Rows.checkScan(sum);
        });
  }

  @Override
  public long count(long steps) throws SQLException {
    return query(
        SlowQueries.COUNT,
        statement -> {
          statement.setLong(1, steps);
          try (ResultSet row = statement.executeQuery()) {
            Rows.checkCount(row.next() ? row.getLong(1) : 0, steps);
          }
        });
  }

  @Override
  public long insert(double value) throws SQLException {
    long start = System.nanoTime();
    Connection connection = writer();
    try {
      long waited = System.nanoTime() - start;
      use(
          connection,
          Rows.INSERT,
          statement -> {
            statement.setString(1, Rows.NAME);
            statement.setDouble(2, value);
            Rows.checkCount(statement.executeUpdate(), 1);
          });
      return waited;
    } finally {
      giveBack(connection);
    }
  }

  @Override
  public long transfer(long from, long to) throws SQLException {
    return transaction(
        Rows.MOVE,
        statement -> Rows.checkCount(move(statement, -1, from) + move(statement, 1, to), 2));
  }

  private static int move(PreparedStatement statement, long amount, long id) throws SQLException {
    statement.setLong(1, amount);
    statement.setLong(2, id);
    return statement.executeUpdate();
  }

  @Override
  public long batch(List<Rows.Item> items) throws SQLException {
    return transaction(
        Rows.INSERT,
        statement -> {
          for (Rows.Item item : items) {
            statement.setString(1, item.name());
            statement.setDouble(2, item.value());
            statement.addBatch();
          }
          Rows.checkCount(statement.executeBatch().length, items.size());
        });
  }

  private long query(String sql, Use use) throws SQLException {
    long start = System.nanoTime();
    Connection connection = reader();
    try {
      long waited = System.nanoTime() - start;
      use(connection, sql, use);
      return waited;
    } finally {
      giveBack(connection);
    }
  }

  private long transaction(String sql, Use use) throws SQLException {
    long start = System.nanoTime();
    Connection connection = writer();
    try {
      long waited = System.nanoTime() - start;
      connection.setAutoCommit(false);
      try {
        use(connection, sql, use);
        connection.commit();
      } catch (SQLException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
      return waited;
    } finally {
      giveBack(connection);
    }
  }

  private void use(Connection connection, String sql, Use use) throws SQLException {
    PreparedStatement statement = prepare(connection, sql);
    try {
      use.of(statement);
    } finally {
      done(statement);
    }
  }
}
