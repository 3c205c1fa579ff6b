package dev.heddle.pool.internal.upkeep;

import java.lang.management.ManagementFactory;
import jdk.management.VirtualThreadSchedulerMXBean;

/** The parallelism of a virtual-thread scheduler: how many carriers it uses at most. */
@FunctionalInterface
interface Parallelism {

  /** That of a scheduler that can't be asked. */
  Parallelism UNKNOWN =
      by -> {
        throw new UnsupportedOperationException("there is no VirtualThreadSchedulerMXBean");
      };

  /** That of this JVM's only scheduler. */
  static Parallelism ofThisJvm() {
    try {
      return OfBean.find();
    } catch (LinkageError noModule) {
      return UNKNOWN; // a runtime image may lack jdk.management
    }
  }

  /**
   * Adds to it, or takes away, as far as its bounds allow.
   *
   * @return by how much it was changed
   * @throws UnsupportedOperationException if it can't be changed
   */
  int change(int by);

  /** As the JDK's bean has it. Apart, since its class may be missing. */
  record OfBean(VirtualThreadSchedulerMXBean bean) implements Parallelism {

    /** The scheduler takes no more. */
    private static final int MOST = 32_767;

    static Parallelism find() {
      VirtualThreadSchedulerMXBean bean =
          ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
      return bean == null ? UNKNOWN : new OfBean(bean);
    }

    @Override
    public int change(int by) {
      int now = bean.getParallelism();
      int then = Math.clamp((long) now + by, 1, MOST);
      bean.setParallelism(then);
      return then - now;
    }
  }
}
