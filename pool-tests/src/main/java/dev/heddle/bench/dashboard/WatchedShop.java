package dev.heddle.bench.dashboard;

import dev.heddle.pool.metrics.PoolMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** A shop whose pool tells its meters to a Prometheus. */
public final class WatchedShop implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Shop shop;
  private final MetersServer meters;
  private final Prometheus prometheus;

  private WatchedShop(Shop shop, MetersServer meters, Prometheus prometheus) {
    this.shop = shop;
    this.meters = meters;
    this.prometheus = prometheus;
  }

  /**
   * A new one, which nobody has entered.
   *
   * @param folder an empty one, for all files
   */
  public static WatchedShop at(Path folder) throws IOException, SQLException {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Shop shop = Shop.at(folder.resolve("shop.db"));
    new PoolMetrics(shop.pool()).bindTo(registry);
    MetersServer meters = MetersServer.start(registry);
    return new WatchedShop(shop, meters, Prometheus.start(folder, meters.port()));
  }

  /** The shop. */
  public Shop shop() {
    return shop;
  }

  /** Who watches it. */
  public Prometheus prometheus() {
    return prometheus;
  }

  /** Waits until its meters were asked for after a moment. */
  public void awaitSeen(Instant moment) throws IOException, InterruptedException, TimeoutException {
    Instant begin = Instant.now();
    while (!isSeen(moment)) {
      if (Instant.now().isAfter(moment.plus(LIMIT)) && Instant.now().isAfter(begin.plus(LIMIT))) {
        throw new TimeoutException("nobody has asked for the meters after " + moment);
      }
      Thread.sleep(Duration.ofMillis(100));
    }
  }

  private boolean isSeen(Instant moment) throws IOException, InterruptedException {
    List<Prometheus.Series> latest = prometheus.query("timestamp(up == 1)");
    return !latest.isEmpty() && latest.getFirst().value() * 1000 > moment.toEpochMilli();
  }

  @Override
  public void close() {
    prometheus.close();
    meters.close();
    shop.close();
  }
}
