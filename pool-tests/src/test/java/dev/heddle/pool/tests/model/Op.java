package dev.heddle.pool.tests.model;

import java.util.List;

/** What an actor can do. */
enum Op {
  // Taking a lease
  WRITER(Needs.NO_LEASE, 40),
  WRITER_AGAIN(Needs.WRITER, 2),
  WRITER_BRIEFLY(Needs.NO_LEASE, 3),
  WRITER_ALONE(Needs.NO_LEASE, 2),
  WRITER_AND_READER(Needs.NO_LEASE, 8),
  JDBC(Needs.NO_LEASE, 5),
  READER(Needs.NO_LEASE, 4),
  READER_BRIEFLY(Needs.NO_LEASE, 1),
  SNAPSHOT(Needs.NO_LEASE, 4),

  // Statements
  READ(Needs.LEASE, 8),
  PUT(Needs.WRITE, 24),
  PUT_NULL(Needs.WRITE, 1),
  PUT_OR_ROLLBACK(Needs.WRITE, 2),
  DELETE(Needs.WRITE, 5),
  BATCH(Needs.WRITE, 2),
  CHILD(Needs.WRITE, 1),
  ORPHAN(Needs.WRITE, 1),
  CANCELLED(Needs.WRITE, 1),
  INTERRUPTED(Needs.WRITE, 1),

  // Parts of a transaction
  NESTED(Needs.WRITER, 6),
  NESTED_END(Needs.IN_NESTED, 6),
  NESTED_FAIL(Needs.IN_NESTED, 6),
  SAVEPOINT(Needs.WRITE, 5),
  ROLLBACK_TO(Needs.IN_SAVEPOINT, 5),
  RELEASE(Needs.IN_SAVEPOINT, 2),

  // The end of a lease
  COMMIT(Needs.WRITE_NOT_NESTED, 40),
  COMMIT_NESTED(Needs.IN_NESTED, 1),
  COMMIT_AND_READ(Needs.WRITER, 8),
  ROLLBACK(Needs.WRITE_NOT_NESTED, 3),
  CLOSE(Needs.NOT_NESTED, 4),

  // From taking a lease to its end
  WRITE(Needs.NO_LEASE, 8),
  WRITE_FAIL(Needs.NO_LEASE, 2),
  JDBC_PUT(Needs.NO_LEASE, 4),
  JDBC_READ(Needs.NO_LEASE, 4),
  REVOKED(Needs.NO_LEASE, 1),
  TIMED_OUT(Needs.NO_LEASE, 1),

  // What may happen to whoever waits, or does not
  INTERRUPT(Needs.ANYTHING, 1),
  CALM(Needs.ANYTHING, 80),
  CLOSE_POOL(Needs.ANYTHING, 0),

  /** The actor's last. */
  LEAVE(Needs.ANYTHING, 0);

  /** What an actor has. */
  enum Kind {
    NOTHING,
    WRITER,
    JDBC,
    READER,
    SNAPSHOT;

    boolean writes() {
      return this == WRITER || this == JDBC;
    }

    boolean reads() {
      return this == READER || this == SNAPSHOT;
    }
  }

  private enum Needs {
    ANYTHING,
    NO_LEASE,
    LEASE,
    WRITE,
    WRITE_NOT_NESTED,
    WRITER,
    IN_NESTED,
    IN_SAVEPOINT,
    NOT_NESTED;

    boolean met(Kind kind, List<Op> parts) {
      return switch (this) {
        case ANYTHING -> true;
        case NO_LEASE -> kind == Kind.NOTHING;
        case LEASE -> kind != Kind.NOTHING;
        case WRITE -> kind.writes();
        case WRITE_NOT_NESTED -> kind.writes() && !parts.contains(NESTED);
        case WRITER -> kind == Kind.WRITER;
        case IN_NESTED -> kind.writes() && parts.contains(NESTED);
        case IN_SAVEPOINT -> kind.writes() && !parts.isEmpty() && parts.getLast() == SAVEPOINT;
        case NOT_NESTED -> kind != Kind.NOTHING && !parts.contains(NESTED);
      };
    }
  }

  private final Needs needs;

  /** How often it is drawn. */
  final int weight;

  Op(Needs needs, int weight) {
    this.needs = needs;
    this.weight = weight;
  }

  /**
   * Whether an actor can do that now. What it can't do is left out, so that any part of a program
   * is a program.
   *
   * @param kind what it has
   * @param parts the parts of its transaction that have begun, the innermost last: {@link #NESTED},
   *     {@link #SAVEPOINT}
   */
  boolean fits(Kind kind, List<Op> parts) {
    return needs.met(kind, parts);
  }

  /** True if the actor has no lease afterwards, either. */
  boolean isWhole() {
    return switch (this) {
      case WRITE, WRITE_FAIL, JDBC_PUT, JDBC_READ, REVOKED, TIMED_OUT -> true;
      default -> false;
    };
  }

  boolean commits() {
    return this == COMMIT || this == COMMIT_NESTED || this == COMMIT_AND_READ;
  }

  boolean isBrief() {
    return this == WRITER_BRIEFLY || this == READER_BRIEFLY;
  }
}
