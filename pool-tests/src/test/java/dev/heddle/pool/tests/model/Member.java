package dev.heddle.pool.tests.model;

import dev.heddle.pool.tests.model.Op.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An actor, as the model sees it. */
final class Member {

  /** A part of the transaction that has begun, and what it would be undone to. */
  record Part(Op op, Table before) {}

  final int number;

  /** The latest step, and what comes of it; null as long as it waits. */
  @Nullable Step step;

  @Nullable String answer;

  boolean interrupted;
  Kind kind = Kind.NOTHING;

  /** The lease was taken away. */
  boolean revoked;

  // Of a write lease

  /** A reader was reserved for it, and is not back. */
  boolean hasReader;

  boolean alone;

  /** The unit has run its first statement. */
  boolean begun;

  /** Others were in the transaction by then. */
  boolean hasSavepoint;

  /** SQLite has rolled back everything. */
  boolean lost;

  Table before = Table.EMPTY;
  final List<Part> parts = new ArrayList<>();

  /** How often a write was begun. */
  int runs;

  /** What a snapshot shows; null before its first statement. */
  @Nullable Table snapshot;

  Member(int number) {
    this.number = number;
  }

  boolean waits() {
    return step != null && answer == null;
  }

  boolean can(Op op) {
    return op.fits(kind, parts.stream().map(Part::op).toList());
  }

  boolean isNested() {
    return parts.stream().anyMatch(part -> part.op() == Op.NESTED);
  }

  Step step() {
    return Objects.requireNonNull(step);
  }

  void starts(Step next) {
    step = next;
    answer = null;
    runs = 0;
  }

  void has(Kind lease) {
    kind = lease;
    revoked = false;
    lost = false;
    begun = false;
    snapshot = null;
    parts.clear();
  }
}
