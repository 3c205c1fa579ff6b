package dev.heddle.bench;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.AgroalDataSourceListener;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.vibur.dbcp.ViburDBCPDataSource;

/** The other general pools, as they come, with all connections open from the start. */
public final class OtherPools {

  /** More than any benchmark has. */
  private static final int STATEMENTS = 20;

  private OtherPools() {}

  /** Agroal. */
  public static AgroalDataSource agroal(Path file, int connections, Properties driver)
      throws SQLException {
    AgroalDataSourceConfigurationSupplier config = new AgroalDataSourceConfigurationSupplier();
    config
        .connectionPoolConfiguration()
        .initialSize(connections)
        .minSize(connections)
        .maxSize(connections)
        .acquisitionTimeout(Contenders.PATIENCE)
        .connectionFactoryConfiguration(
            factory -> {
              driver
                  .stringPropertyNames()
                  .forEach(p -> factory.jdbcProperty(p, driver.getProperty(p)));
              return factory.jdbcUrl(url(file));
            });
    CountDownLatch open = new CountDownLatch(connections);
    AgroalDataSource pool = AgroalDataSource.from(config, new Opened(open));
    try {
      // Who waits for one that is being opened may not be told when it is there (3.2.1).
      open.await();
      return pool;
    } catch (InterruptedException e) {
      pool.close();
      throw new IllegalStateException("nobody interrupts it", e);
    }
  }

  /** Counts connections that are ready for use. */
  private record Opened(CountDownLatch left) implements AgroalDataSourceListener {
    @Override
    public void onConnectionPooled(Connection connection) {
      left.countDown();
    }
  }

  /** Vibur, with the cache for statements that it has. */
  public static ViburDBCPDataSource vibur(Path file, int connections, Properties driver) {
    ViburDBCPDataSource pool = new ViburDBCPDataSource();
    // It hands its driver properties on in a way that this driver does not see.
    pool.setJdbcUrl(url(file) + "?" + parameters(driver));
    // It does not start without.
    pool.setUsername("");
    pool.setPassword("");
    pool.setPoolInitialSize(connections);
    pool.setPoolMaxSize(connections);
    pool.setConnectionTimeoutInMs(Contenders.PATIENCE.toMillis());
    pool.setStatementCacheMaxSize(STATEMENTS);
    pool.start();
    return pool;
  }

  private static String parameters(Properties driver) {
    return driver.stringPropertyNames().stream()
        .map(name -> name + "=" + driver.getProperty(name))
        .collect(Collectors.joining("&"));
  }

  private static String url(Path file) {
    return "jdbc:sqlite:" + file;
  }
}
