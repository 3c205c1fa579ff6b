package dev.heddle.bench.field;

import dev.heddle.bench.Contenders;
import dev.heddle.bench.ReadBack;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** No pool: each worker has a connection of its own, and keeps its prepared statements. */
record DriverContender(Path file, Properties settings, boolean generatedKeys) implements Contender {

  @Override
  public Operations operations() throws SQLException {
    return new Own(connect());
  }

  private Connection connect() throws SQLException {
    return Contenders.driver(file, generatedKeys, settings);
  }

  @Override
  public Map<String, Map<String, String>> readBack() throws SQLException {
    try (Connection connection = connect()) {
      return Map.of("connections", ReadBack.of(connection));
    }
  }

  /** Nothing is open but what the workers have. */
  @Override
  public void close() {}

  private static final class Own extends JdbcOperations {

    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    Own(Connection connection) {
      this.connection = connection;
    }

    @Override
    Connection reader() {
      return connection;
    }

    @Override
    Connection writer() {
      return connection;
    }

    @Override
    void giveBack(Connection connection) {}

    @Override
    PreparedStatement prepare(Connection connection, String sql) throws SQLException {
      PreparedStatement statement = statements.get(sql);
      if (statement == null) {
        statement = connection.prepareStatement(sql);
        statements.put(sql, statement);
      }
      return statement;
    }

    @Override
    void done(PreparedStatement statement) {}

    @Override
    public void close() throws SQLException {
      connection.close();
    }
  }
}
