package dev.heddle.pool.tests.frameworks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.tests.frameworks.MyBatisParcels.Item;
import java.sql.SQLException;
import java.time.Duration;
import org.apache.ibatis.session.SqlSession;
import org.apache.ibatis.session.SqlSessionFactory;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Two hundred virtual threads read and write through a framework at once. */
class ManyThreadsTest extends ParcelFixture {

  private static final int THREADS = 200;
  private static final String INSERT = "INSERT INTO parcel(code) VALUES (?)";
  private static final String COUNT = "SELECT count(*) FROM parcel";
  private static final String READ_SUM = "SELECT grams FROM parcel WHERE code = 'sum'";
  private static final String WRITE_SUM = "UPDATE parcel SET grams = ? WHERE code = 'sum'";

  private SqlitePool pool;

  @BeforeEach
  void openThePool() throws SQLException {
    pool = parcels(config -> config.acquireTimeout(Duration.ofMinutes(1)));
    pool.useWriter(lease -> lease.update("INSERT INTO parcel(code, grams) VALUES ('sum', 1)"));
  }

  /** Each thread has stored one row, and read and written the sum once in a transaction. */
  private void assertNothingLost() throws SQLException {
    assertEquals(THREADS, count(pool, "code <> 'sum'"));
    assertEquals(1, count(pool, "code = 'sum' AND grams = " + (THREADS + 1)));
  }

  @Test
  void spring_readsAndWrites_loseNothing() throws SQLException {
    JdbcClient jdbc = JdbcClient.create(pool.dataSource());
    TransactionTemplate transaction =
        new TransactionTemplate(new JdbcTransactionManager(pool.dataSource()));

    inThreads(
        THREADS,
        number -> {
          jdbc.sql(INSERT).param("A-" + number).update();
          transaction.executeWithoutResult(
              status -> {
                int sum = jdbc.sql(READ_SUM).query(Integer.class).single();
                jdbc.sql(WRITE_SUM).param(sum + 1).update();
              });
          assertTrue(jdbc.sql(COUNT).query(Long.class).single() > 1);
        });

    assertNothingLost();
  }

  @Test
  void jdbi_readsAndWrites_loseNothing() throws SQLException {
    Jdbi jdbi = Jdbi.create(pool.dataSource());

    inThreads(
        THREADS,
        number -> {
          jdbi.useHandle(handle -> handle.execute(INSERT, "A-" + number));
          jdbi.useTransaction(
              handle -> {
                int sum = handle.createQuery(READ_SUM).mapTo(int.class).one();
                handle.execute(WRITE_SUM, sum + 1);
              });
          long rows = jdbi.withHandle(handle -> handle.createQuery(COUNT).mapTo(long.class).one());
          assertTrue(rows > 1);
        });

    assertNothingLost();
  }

  @Test
  void myBatis_readsAndWrites_loseNothing() throws SQLException {
    SqlSessionFactory sessions = MyBatisParcels.sessions(pool.dataSource());

    inThreads(
        THREADS,
        number -> {
          try (SqlSession session = sessions.openSession(true)) {
            session.getMapper(MyBatisParcels.class).insert(new Item("A-" + number));
          }
          try (SqlSession session = sessions.openSession()) {
            MyBatisParcels parcels = session.getMapper(MyBatisParcels.class);
            parcels.weigh(1, parcels.grams("sum") + 1);
            session.commit();
          }
          try (SqlSession session = sessions.openSession(true)) {
            assertTrue(session.getMapper(MyBatisParcels.class).count() > 1);
          }
        });

    assertNothingLost();
  }
}
