package dev.heddle.pool.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.SqlitePool;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The ways into programs that docs/metrics.md shows. */
class WiringTest {

  @Test
  void plainRegistry_bound_hasTheMeters() throws SQLException {
    try (SqlitePool pool = SqlitePool.ephemeral()) {
      // page: plain
      PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      new PoolMetrics(pool).bindTo(registry);
      // page end
      assertTrue(registry.scrape().contains("heddle_leases"));
    }
  }

  // page: spring
  @Configuration
  static class Monitoring {

    @Bean
    MeterBinder poolMetrics(SqlitePool pool) {
      return new PoolMetrics(pool);
    }
  }

  // page end

  @Configuration
  static class Database {

    @Bean
    SqlitePool pool() throws SQLException {
      return SqlitePool.ephemeral();
    }
  }

  @Test
  void springBean_boundAsSpringBootDoes_hasTheMeters() {
    MeterRegistry registry = new SimpleMeterRegistry();
    try (var context = new AnnotationConfigApplicationContext(Database.class, Monitoring.class)) {
      context.getBeansOfType(MeterBinder.class).values().forEach(each -> each.bindTo(registry));
      assertFalse(registry.getMeters().isEmpty());
    }
    assertTrue(registry.getMeters().isEmpty(), "the context has closed the pool");
  }

  @Test
  void globalRegistry_bound_feedsTheRegistriesInIt() throws SQLException {
    MeterRegistry registry = new SimpleMeterRegistry();
    Metrics.addRegistry(registry);
    try (SqlitePool pool = SqlitePool.ephemeral()) {
      // page: global
      new PoolMetrics(pool).bindTo(Metrics.globalRegistry);
      // page end
      assertFalse(registry.getMeters().isEmpty());
    } finally {
      Metrics.removeRegistry(registry);
    }
  }

  @Test
  void jmx_registered_isInThePlatformsServer() throws Exception {
    try (SqlitePool pool = SqlitePool.ephemeral()) {
      // page: jmx
      PoolJmx.register(pool);
      // page end
      ObjectName name =
          new ObjectName("dev.heddle.pool:type=SqlitePool,name=" + pool.stats().pool());
      assertEquals(
          pool.stats().pool(),
          ManagementFactory.getPlatformMBeanServer().getAttribute(name, "Name"));
    }
  }
}
