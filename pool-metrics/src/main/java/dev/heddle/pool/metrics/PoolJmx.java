package dev.heddle.pool.metrics;

import dev.heddle.pool.CommitListener;
import dev.heddle.pool.PoolListener;
import dev.heddle.pool.SqlitePool;
import java.lang.management.ManagementFactory;
import java.util.Objects;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * A pool as an MXBean: {@code dev.heddle.pool:type=SqlitePool,name=<pool>}, see {@link PoolMXBean}.
 * There until it is closed, or the pool is.
 */
public final class PoolJmx implements AutoCloseable {

  private final MBeanServer server;
  private final ObjectName name;
  private final CommitListener.Subscription listening;

  private PoolJmx(MBeanServer server, ObjectName name, SqlitePool pool) {
    this.server = server;
    this.name = name;
    this.listening =
        pool.listen(
            new PoolListener() {
              @Override
              public void poolClosed() {
                unregister();
              }
            });
  }

  /**
   * Registers a pool with this JVM's MBean server.
   *
   * @param pool the pool
   * @return takes it away again; need not be kept
   * @throws IllegalStateException if a pool of that name is there already
   */
  public static PoolJmx register(SqlitePool pool) {
    return register(pool, ManagementFactory.getPlatformMBeanServer());
  }

  /**
   * Registers a pool.
   *
   * @param pool the pool
   * @param server where
   * @return takes it away again; need not be kept
   * @throws IllegalStateException if a pool of that name is there already
   */
  public static PoolJmx register(SqlitePool pool, MBeanServer server) {
    Objects.requireNonNull(server, "server");
    String poolName = pool.stats().pool();
    try {
      ObjectName name = new ObjectName("dev.heddle.pool:type=SqlitePool,name=" + poolName);
      server.registerMBean(new PoolBean(pool), name);
      return new PoolJmx(server, name, pool);
    } catch (InstanceAlreadyExistsException e) {
      throw new IllegalStateException(
          "A pool named '"
              + poolName
              + "' is registered with JMX already: give each pool a name of its own (the option"
              + " 'name')",
          e);
    } catch (JMException e) {
      throw new IllegalStateException("Pool '" + poolName + "' can't be registered with JMX", e);
    }
  }

  private void unregister() {
    try {
      server.unregisterMBean(name);
    } catch (InstanceNotFoundException e) {
      // Somebody else has done it.
    } catch (JMException e) {
      throw new IllegalStateException(name + " can't be unregistered", e);
    }
  }

  /** Takes the pool away from JMX; the pool itself goes on. Harmless when repeated. */
  @Override
  public void close() {
    listening.close();
    unregister();
  }
}
