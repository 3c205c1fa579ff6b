package dev.heddle.pool.tests.model;

import dev.heddle.pool.ReadLease;
import dev.heddle.pool.Row;
import dev.heddle.pool.WriteLease;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Runs statements, on a lease or on a JDBC connection. */
interface Sql {

  long update(String sql, Object... parameters) throws SQLException;

  void batch(String sql, List<Object[]> rows) throws SQLException;

  /** The two columns of the rows that a query gives, one row after the other. */
  List<Integer> query(String sql) throws SQLException;

  static Sql of(ReadLease lease) {
    return new Sql() {
      @Override
      public long update(String sql, Object... parameters) {
        throw new AssertionError(sql);
      }

      @Override
      public void batch(String sql, List<Object[]> rows) {
        throw new AssertionError(sql);
      }

      @Override
      public List<Integer> query(String sql) throws SQLException {
        return Sql.query(lease, sql);
      }
    };
  }

  static Sql of(WriteLease lease) {
    return new Sql() {
      @Override
      public long update(String sql, Object... parameters) throws SQLException {
        return lease.update(sql, parameters);
      }

      @Override
      public void batch(String sql, List<Object[]> rows) throws SQLException {
        lease.batch(sql, rows);
      }

      @Override
      public List<Integer> query(String sql) throws SQLException {
        return Sql.query(lease, sql);
      }
    };
  }

  static Sql of(Connection connection) {
    return new Sql() {
      @Override
      public long update(String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
          bind(statement, parameters);
          return statement.executeUpdate();
        }
      }

      @Override
      public void batch(String sql, List<Object[]> rows) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
          for (Object[] row : rows) {
            bind(statement, row);
            statement.addBatch();
          }
          statement.executeBatch();
        }
      }

      @Override
      public List<Integer> query(String sql) throws SQLException {
        List<Integer> read = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql);
            ResultSet rows = statement.executeQuery()) {
          while (rows.next()) {
            read.add(rows.getInt(1));
            read.add(rows.getInt(2));
          }
        }
        return read;
      }
    };
  }

  static List<Integer> query(ReadLease lease, String sql) throws SQLException {
    List<Integer> read = new ArrayList<>();
    for (Row row : lease.query(sql)) {
      read.add(row.getInt(1));
      read.add(row.getInt(2));
    }
    return read;
  }

  private static void bind(PreparedStatement statement, Object... parameters) throws SQLException {
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
  }

  /** As {@link Table} writes them. */
  static String rows(List<Integer> read) {
    NavigableMap<Integer, Integer> rows = new TreeMap<>();
    for (int i = 0; i < read.size(); i += 2) {
      rows.put(read.get(i), read.get(i + 1));
    }
    return rows.toString();
  }
}
