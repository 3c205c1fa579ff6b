package dev.heddle.pool.tests.model;

/**
 * Something that an actor does.
 *
 * @param actor which one, from 0
 * @param op what
 * @param key which row it is about, from 1
 * @param value what to store there
 */
record Step(int actor, Op op, int key, int value) {

  /** Whether it goes through the lease's JDBC connection. */
  boolean viaJdbc() {
    return value % 4 == 0;
  }

  /** The same, a little simpler. */
  Step simpler() {
    return new Step(actor, op, 1, 1);
  }

  @Override
  public String toString() {
    return "actor %d: %s %d=%d".formatted(actor, op, key, value);
  }
}
