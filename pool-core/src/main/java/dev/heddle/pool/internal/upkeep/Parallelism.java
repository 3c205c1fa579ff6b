package dev.heddle.pool.internal.upkeep;

import java.lang.management.ManagementFactory;
import jdk.management.VirtualThreadSchedulerMXBean;

/** The parallelism of a virtual-thread scheduler: how many carriers it uses at most. */
interface Parallelism {

  /** That of a scheduler that can't be asked. */
  Parallelism UNKNOWN =
      new Parallelism() {
        @Override
        public boolean isKnown() {
          return false;
        }

        @Override
        public int change(int by) {
          return 0;
        }
      };

  /** That of this JVM's only scheduler. */
  static Parallelism ofThisJvm() {
    try {
      return OfBean.find();
    } catch (LinkageError noModule) {
      return UNKNOWN; // a runtime image may lack jdk.management
    }
  }

  /** Whether it can be changed. */
  default boolean isKnown() {
    return true;
  }

  /**
   * Adds to it, or takes away, as far as its bounds allow.
   *
   * @return by how much it was changed
   */
  int change(int by);

  /** As the JDK's bean has it. */
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
