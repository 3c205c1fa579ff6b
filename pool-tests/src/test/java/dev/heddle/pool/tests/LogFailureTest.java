package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Logging fails with an error, which logback lets through: the writer is not lost. */
class LogFailureTest extends GroupFixture {

  private final Logger logger = (Logger) LoggerFactory.getLogger("dev.heddle.pool");
  private final Failing failing = new Failing();

  /** What an appender may throw at any time. */
  private static final class LogError extends Error {
    private static final long serialVersionUID = 1L;
  }

  private static final class Failing extends AppenderBase<ILoggingEvent> {
    private final AtomicInteger asked = new AtomicInteger();

    @Override
    protected void append(ILoggingEvent event) {
      asked.incrementAndGet();
      throw new LogError();
    }
  }

  @BeforeEach
  void fail() {
    failing.start();
    logger.addAppender(failing);
  }

  @AfterEach
  void workAgain() {
    logger.detachAppender(failing);
    failing.stop();
  }

  @Test
  void close_withoutCommit_slotIsIdleAgain() throws SQLException {
    SqlitePool pool = open();
    WriteLease lease = pool.acquireWriter();
    lease.update("INSERT INTO t(v) VALUES ('lost')");
    assertThrows(LogError.class, lease::close);
    assertEquals(1, failing.asked.get());
    assertEquals(1, pool.stats().writer().idle());
    insert(pool, "next");
    assertEquals(List.of("next"), values(pool));
  }

  @Test
  void close_withoutCommitInCompany_othersGetTheirCommit() throws SQLException {
    SqlitePool pool = openPatient();
    Company company = company(pool);
    company.holder().insert("lost");
    assertThrows(LogError.class, () -> company.holder().close());
    company.awaitCommitted();
    assertEquals(List.of("one", "two"), values(pool));
  }

  @Test
  void close_withOpenStatements_slotIsIdleAgain() throws SQLException {
    SqlitePool pool = open();
    WriteLease lease = pool.acquireWriter();
    Statement statement = lease.connection().createStatement();
    statement.setFetchSize(1);
    statement.executeQuery("SELECT 1 UNION ALL SELECT 2");
    assertThrows(LogError.class, lease::close);
    assertEquals(1, pool.stats().writer().idle());
    insert(pool, "next");
  }
}
