package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** close() by a thread that holds a lease would wait for that very thread. */
class CloseByHolderTest extends PoolFixture {

  private static final LeaseOptions LABEL = LeaseOptions.DEFAULTS.withLabel("forgetful");

  /** A way to hold a lease while something runs. */
  record Way(String name, String lane, boolean labelled, Holding holding) {
    @Override
    public String toString() {
      return name;
    }
  }

  @FunctionalInterface
  interface Holding {
    void run(SqlitePool pool, Runnable inside) throws SQLException;
  }

  static Stream<Way> ways() {
    return Stream.of(
        new Way(
            "reader",
            "reader lane",
            true,
            (pool, inside) -> {
              try (ReadLease lease = pool.acquireReader(LABEL)) {
                inside.run();
                count(lease);
              }
            }),
        new Way(
            "writer",
            "writer lane",
            true,
            (pool, inside) -> {
              try (WriteLease lease = pool.acquireWriter(LABEL)) {
                inside.run();
                lease.commit();
              }
            }),
        new Way(
            "read",
            "reader lane",
            true,
            (pool, inside) -> pool.useReader(LABEL, lease -> inside.run())),
        new Way(
            "write",
            "writer lane",
            true,
            (pool, inside) -> pool.useWriter(LABEL, lease -> inside.run())),
        new Way(
            "action",
            "reader lane",
            true,
            (pool, inside) ->
                pool.useReader(LABEL, l -> l.forEach("SELECT 1", row -> inside.run()))),
        new Way(
            "reader data source",
            "reader lane",
            false,
            (pool, inside) -> {
              try (Connection connection = pool.readerDataSource().getConnection()) {
                connection.setAutoCommit(false);
                connection.createStatement().executeQuery("SELECT v FROM t");
                inside.run();
                connection.commit();
              }
            }),
        new Way(
            "writer data source",
            "writer lane",
            false,
            (pool, inside) -> {
              try (Connection connection = pool.writerDataSource().getConnection()) {
                connection.setAutoCommit(false);
                connection.createStatement().executeQuery("SELECT v FROM t");
                inside.run();
                connection.commit();
              }
            }));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void close_byAHolder_namesTheLeaseAndThePoolGoesOn(Way way) throws SQLException {
    SqlitePool pool = open();
    start(
            "my-thread",
            () -> {
              way.holding()
                  .run(
                      pool,
                      () -> {
                        IllegalStateException failure =
                            assertThrows(IllegalStateException.class, pool::close);
                        Expect.mentions(failure, "test.db", "my-thread", way.lane());
                        if (way.labelled()) {
                          Expect.mentions(failure, "'forgetful'");
                        }
                      });
              return insert(pool, "goes on");
            })
        .result();
    assertEquals(List.of("goes on"), values(pool));
    pool.close();
    Expect.over(() -> values(pool));
  }

  @Test
  void close_byAThreadWhoseLeaseHasEnded_closes() throws SQLException {
    SqlitePool pool = open();
    try (ReadLease lease = pool.acquireReader()) {
      count(lease);
    }
    pool.close();
    Expect.over(() -> values(pool));
  }
}
