package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.ReadLease;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;

/** One JDBC object of each kind, as a lease hands them out. */
record Handles(
    Connection connection,
    DatabaseMetaData metadata,
    Statement plain,
    PreparedStatement prepared,
    ResultSet result,
    ResultSetMetaData resultMetadata) {

  /** Of the prepared statement; its parameter is the first id. */
  static final String SQL = "SELECT id, v FROM t WHERE id >= ? ORDER BY id";

  static Handles of(ReadLease lease) throws SQLException {
    Connection connection = lease.connection();
    PreparedStatement prepared = connection.prepareStatement(SQL);
    prepared.setInt(1, 0);
    ResultSet result = prepared.executeQuery();
    assertTrue(result.next());
    return new Handles(
        connection,
        connection.getMetaData(),
        connection.createStatement(),
        prepared,
        result,
        result.getMetaData());
  }
}
