package dev.heddle.bench.field;

/**
 * Who does the work of a shape.
 *
 * @param workers how many threads there are
 * @param kind what they are
 * @param origin who starts them
 * @param burners virtual threads beside them that do nothing but compute
 */
record Crew(int workers, Kind kind, Origin origin, int burners) {

  /** What workers are. */
  enum Kind {
    PLATFORM("platform threads"),
    VIRTUAL("virtual threads"),
    /** Each waits for the one that it has started. */
    FRESH("virtual threads, a fresh one for each operation");

    final String title;

    Kind(String title) {
      this.title = title;
    }
  }

  /**
   * Who starts virtual threads, which makes a difference: what a platform thread starts or wakes
   * goes into a queue that a carrier looks into when it has nothing else to do. While it is kept
   * busy by threads that yield to each other, the others wait, some of them for ever.
   */
  enum Origin {
    /** A platform thread, as those that accept connections are in most servers. */
    OUTSIDE,
    /** A virtual thread: then all of them are in the carriers' own queues. */
    INSIDE
  }

  private static final int BURNERS = 300;

  /** Long-lived virtual threads, started from outside, with nobody beside them. */
  static Crew threads(int workers) {
    return new Crew(workers, Kind.VIRTUAL, Origin.OUTSIDE, 0);
  }

  Crew as(Kind kind) {
    return new Crew(workers, kind, origin, burners);
  }

  Crew inside() {
    return new Crew(workers, kind, Origin.INSIDE, burners);
  }

  /** All started from inside: else either those that compute or the others might never begin. */
  Crew burning() {
    return new Crew(workers, kind, Origin.INSIDE, BURNERS);
  }

  /** In words. */
  String title() {
    String started = origin == Origin.INSIDE ? ", started by a virtual thread" : "";
    String beside = burners > 0 ? ", beside %d that compute".formatted(burners) : "";
    return (workers == 1 ? "one " + thread() : "%,d %s".formatted(workers, kind.title))
        + started
        + beside;
  }

  /** One of them. */
  String thread() {
    return kind == Kind.PLATFORM ? "platform thread" : "virtual thread";
  }
}
