package dev.heddle.pool.tests.frameworks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.tests.PoolFixture;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Spring on a pool that has no writer: marked read-only or not, its transactions read. */
class SpringReadOnlyPoolTest extends PoolFixture {

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void transaction_onAReadOnlyPool_readsAndIsRefusedToWrite(boolean markedReadOnly)
      throws SQLException {
    open().useWriter(lease -> lease.update("INSERT INTO t(v) VALUES (1)"));
    PoolConfig config = PoolConfig.builder(file()).readers(1).readOnly().build();
    DataSource source = opened(SqlitePool.open(config)).dataSource();
    JdbcClient jdbc = JdbcClient.create(source);
    TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(source));
    transaction.setReadOnly(markedReadOnly);

    for (int i = 0; i < 2; i++) { // what Spring sets back in between may not get in the way
      @Nullable Long rows =
          transaction.execute(_ -> jdbc.sql("SELECT count(*) FROM t").query(Long.class).single());
      assertEquals(1L, rows);
    }
    DataAccessException failure =
        assertThrows(
            DataAccessException.class,
            () ->
                transaction.executeWithoutResult(
                    _ -> jdbc.sql("INSERT INTO t(v) VALUES (2)").update()));

    SQLException cause = assertInstanceOf(SQLException.class, failure.getMostSpecificCause());
    assertEquals("25006", cause.getSQLState());
  }
}
