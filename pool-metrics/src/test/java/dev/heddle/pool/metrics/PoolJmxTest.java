package dev.heddle.pool.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.SqlitePool;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import javax.management.JMX;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoolJmxTest {

  @TempDir private Path folder;

  private final MBeanServer server = MBeanServerFactory.newMBeanServer();
  private SqlitePool pool;

  @BeforeEach
  void open() throws SQLException {
    pool = open("orders.db");
    pool.useWriter(lease -> lease.update("CREATE TABLE t(v)"));
  }

  private SqlitePool open(String file) throws SQLException {
    return SqlitePool.open(
        PoolConfig.builder(folder.resolve(file)).name("orders").readers(2).build());
  }

  @AfterEach
  void close() {
    pool.close();
  }

  private static ObjectName name() throws Exception {
    return new ObjectName("dev.heddle.pool:type=SqlitePool,name=orders");
  }

  private PoolMXBean bean() throws Exception {
    return JMX.newMXBeanProxy(server, name(), PoolMXBean.class);
  }

  @Test
  void attributes_ofAPool_areItsNumbers() throws Exception {
    PoolJmx.register(pool, server);
    assertEquals("orders", server.getAttribute(name(), "Name"));
    assertEquals(2, server.getAttribute(name(), "ReaderConnections"));
    assertEquals(1, server.getAttribute(name(), "WriterConnections"));
    assertEquals(1L, server.getAttribute(name(), "Commits"));
    pool.useReader(lease -> lease.query("SELECT * FROM t"));
    long granted = pool.stats().readers().granted();
    PoolMXBean bean = bean();
    Await.until("it is counted", () -> bean.getReaderGranted() == granted);
  }

  @Test
  void attributes_ofAPool_areAllReadableAndPlain() throws Exception {
    PoolJmx.register(pool, server);
    for (MBeanAttributeInfo attribute : server.getMBeanInfo(name()).getAttributes()) {
      assertTrue(attribute.isReadable() && !attribute.isWritable(), attribute::toString);
      assertTrue(
          Set.of("int", "long", "double", "java.lang.String").contains(attribute.getType()),
          attribute::toString);
      server.getAttribute(name(), attribute.getName());
    }
  }

  @Test
  void operations_ofAPool_areTheFourThatHelp() throws Exception {
    PoolJmx.register(pool, server);
    assertEquals(
        Set.of("dump", "checkHealth", "checkpoint", "evictReaders"),
        Arrays.stream(server.getMBeanInfo(name()).getOperations())
            .map(MBeanOperationInfo::getName)
            .collect(Collectors.toSet()));
    PoolMXBean bean = bean();
    assertTrue(bean.dump().contains("orders"), bean::dump);
    assertTrue(bean.checkHealth());
    assertEquals("complete: the WAL is empty", bean.checkpoint());
    bean.evictReaders();
    assertEquals(1, pool.read(lease -> lease.query("SELECT 1")).size());
  }

  @Test
  void checkpoint_thatFails_throwsPlainText() throws Exception {
    PoolJmx.register(pool, server);
    pool.useWriter(
        lease -> {
          RuntimeMBeanException failure =
              assertThrows(
                  RuntimeMBeanException.class,
                  () -> server.invoke(name(), "checkpoint", null, null));
          RuntimeException told = failure.getTargetException();
          assertEquals(IllegalStateException.class, told.getClass());
          assertTrue(String.valueOf(told.getMessage()).contains("25001"), told::getMessage);
          assertNull(told.getCause());
        });
  }

  @Test
  void register_aSecondPoolOfTheSameName_isRefused() throws Exception {
    PoolJmx.register(pool, server);
    try (SqlitePool other = open("other.db")) {
      String refusal =
          String.valueOf(
              assertThrows(IllegalStateException.class, () -> PoolJmx.register(other, server))
                  .getMessage());
      assertTrue(refusal.contains("'orders'"), refusal);
    }
    assertTrue(server.isRegistered(name()), "the first is still there");
  }

  @Test
  void close_ofThePool_unregisters() throws Exception {
    PoolJmx.register(pool, server);
    pool.close();
    assertFalse(server.isRegistered(name()));
  }

  @Test
  void close_twice_unregistersAndLeavesThePool() throws Exception {
    PoolJmx jmx = PoolJmx.register(pool, server);
    jmx.close();
    jmx.close();
    assertFalse(server.isRegistered(name()));
    assertEquals(1, pool.read(lease -> lease.query("SELECT 1")).size());
    PoolJmx.register(pool, server);
    assertTrue(server.isRegistered(name()));
  }
}
