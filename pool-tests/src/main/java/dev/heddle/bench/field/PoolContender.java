package dev.heddle.bench.field;

import dev.heddle.bench.ReadBack;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.sql.DataSource;

/** A general pool, or two: one with a single connection for writing, and one for reading. */
final class PoolContender implements Contender {

  private final DataSource readers;
  private final int readerCount;
  private final DataSource writers;
  private final boolean split;
  private final Closing closing;

  /** What ends the pools. */
  interface Closing {
    void close();
  }

  private PoolContender(
      DataSource readers, int readerCount, DataSource writers, boolean split, Closing closing) {
    this.readers = readers;
    this.readerCount = readerCount;
    this.writers = writers;
    this.split = split;
    this.closing = closing;
  }

  /** The same connections for everything. */
  static PoolContender of(DataSource pool, int connections, Closing closing) {
    return new PoolContender(pool, connections, pool, false, closing);
  }

  /** One connection more, for writing. */
  static PoolContender split(DataSource readers, int count, DataSource writer, Closing closing) {
    return new PoolContender(readers, count, writer, true, closing);
  }

  @Override
  public Operations operations() {
    return new Pooled(readers, writers);
  }

  @Override
  public Map<String, Map<String, String>> readBack() throws SQLException {
    if (!split) {
      return Map.of("connections", ReadBack.of(readers, readerCount));
    }
    Map<String, Map<String, String>> pragmas = new LinkedHashMap<>();
    pragmas.put("readers", ReadBack.of(readers, readerCount));
    pragmas.put("writer", ReadBack.of(writers, 1));
    return pragmas;
  }

  @Override
  public void close() {
    closing.close();
  }

  /** A connection for each operation, and a statement prepared on it. */
  private static final class Pooled extends JdbcOperations {

    private final DataSource readers;
    private final DataSource writers;

    Pooled(DataSource readers, DataSource writers) {
      this.readers = readers;
      this.writers = writers;
    }

    @Override
    Connection reader() throws SQLException {
      return readers.getConnection();
    }

    @Override
    Connection writer() throws SQLException {
      return writers.getConnection();
    }

    @Override
    void giveBack(Connection connection) throws SQLException {
      connection.close();
    }

    @Override
    PreparedStatement prepare(Connection connection, String sql) throws SQLException {
      return connection.prepareStatement(sql);
    }

    @Override
    void done(PreparedStatement statement) throws SQLException {
      statement.close();
    }
  }
}
