package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Readers that are replaced because somebody wants that. */
class EvictReadersTest extends PoolFixture {

  private final AtomicInteger connected = new AtomicInteger();

  private SqlitePool openCounting(int readers) throws SQLException {
    SqlitePool pool =
        open(
            config -> config.readers(readers).onConnect(connection -> connected.incrementAndGet()));
    connected.set(0);
    return pool;
  }

  @Test
  void evictReaders_nobodyReads_replacesAllAtOnce() throws SQLException {
    SqlitePool pool = openCounting(3);
    insert(pool, 1L);

    pool.maintenance().evictReaders();

    assertEquals(3, connected.get());
    assertEquals(List.of(1L), values(pool));
    assertEquals(3, pool.stats().readers().idle());
    assertEquals(3, connected.get());
  }

  @Test
  void evictReaders_oneIsHeld_isReplacedWhenItIsBack() throws SQLException {
    SqlitePool pool = openCounting(2);
    insert(pool, 1);
    try (ReadLease lease = pool.acquireSnapshot()) {
      assertEquals(1, count(lease));
      insert(pool, 2);

      pool.maintenance().evictReaders();

      assertEquals(1, connected.get());
      assertEquals(1, count(lease));
    }
    assertEquals(2, connected.get());
    pool.maintenance().evictReaders();
    assertEquals(4, connected.get());
  }

  @Test
  void evictReaders_whileManyRead_failsNobody() throws SQLException {
    SqlitePool pool = openCounting(2);
    insert(pool, 1);
    List<Background<Integer>> readers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      readers.add(
          start(
              "reader " + i,
              () -> {
                int seen = 0;
                for (int n = 0; n < 300; n++) {
                  seen += values(pool).size();
                }
                return seen;
              }));
    }
    for (int i = 0; i < 10; i++) {
      pool.maintenance().evictReaders();
    }
    readers.forEach(reader -> assertEquals(300, reader.result()));
    assertTrue(connected.get() >= 2, () -> "replaced: " + connected);
  }

  @Test
  void evictReaders_poolIsClosed_doesNothing() throws SQLException {
    SqlitePool pool = openCounting(2);
    pool.close();
    pool.maintenance().evictReaders();
    assertEquals(0, connected.get());
  }
}
