package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.junit.jupiter.api.Test;

/** Every connection brings its own carrier. */
class CarriersTest extends PoolFixture {

  private static int parallelism() {
    return Objects.requireNonNull(
            ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class))
        .getParallelism();
  }

  @Test
  void open_reserve_raisesTheParallelismByTheConnectionsUntilClose() throws SQLException {
    int before = parallelism();

    SqlitePool pool = open(config -> config.readers(3));

    assertEquals(before + 4, parallelism());
    pool.close();
    assertEquals(before, parallelism());
    pool.close();
    assertEquals(before, parallelism());
  }

  @Test
  void open_twoPools_eachTakesBackItsOwn() throws SQLException {
    int before = parallelism();
    SqlitePool one = open();
    SqlitePool two = opened(SqlitePool.ephemeral());
    int connections = two.stats().readers().connections() + 1;
    assertEquals(before + 3 + connections, parallelism());

    one.close();

    assertEquals(before + connections, parallelism());
    two.close();
    assertEquals(before, parallelism());
  }

  @Test
  void open_off_leavesTheParallelism() throws SQLException {
    int before = parallelism();
    SqlitePool pool = open(config -> config.reserveCarriers(false));
    assertEquals(before, parallelism());
    pool.close();
    assertEquals(before, parallelism());
  }

  @Test
  void open_fails_leavesTheParallelism() throws SQLException {
    int before = parallelism();
    PoolConfig bad = PoolConfig.builder(file()).pragma("no_such_pragma", "1").build();

    assertThrows(IllegalArgumentException.class, () -> SqlitePool.open(bad));
    assertThrows(SQLException.class, () -> SqlitePool.open(folder));

    assertEquals(before, parallelism());
  }

  @Test
  void close_revokedHolders_takesTheCarriersBack() throws SQLException {
    int before = parallelism();
    SqlitePool pool = open(config -> config.closeTimeout(Duration.ZERO));
    ReadLease lease = pool.acquireReader();

    start("closer", () -> closed(pool)).result();

    assertEquals(before, parallelism());
    lease.close();
    assertEquals(before, parallelism());
  }

  private static int closed(SqlitePool pool) {
    pool.close();
    return 0;
  }

  @Test
  void queries_asManyAsConnections_leaveACarrierForOthers() throws SQLException {
    int connections = parallelism() + 3;
    SqlitePool pool = open(config -> config.readers(connections));
    List<Background<?>> queries = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      queries.add(start("query-" + i, () -> pool.read(l -> l.query("SELECT gate()"))));
    }
    Await.until("all run", () -> pool.stats().readers().idle() == 0);
    gate().awaitReached();
    CountDownLatch ran = new CountDownLatch(1);

    start(
        "other",
        () -> {
          ran.countDown();
          return 0;
        });

    Await.latch("another virtual thread runs", ran);
    gate().open();
    queries.forEach(Background::result);
  }
}
