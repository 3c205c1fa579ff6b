package dev.heddle.pool.tests.model;

import dev.heddle.pool.tests.model.Op.Kind;
import java.util.List;

/** What single statements do, in the model. */
final class Statements {

  private static final String DUPLICATE = "23505";

  private final Shared transaction;

  Statements(Shared transaction) {
    this.transaction = transaction;
  }

  /** A statement, or the beginning or end of a part of the transaction. */
  String run(Member member) {
    Op op = member.step().op();
    return switch (op) {
      case NESTED_END, NESTED_FAIL -> endNested(member, op);
      default -> isRefused(member) ? refusal(member) : runNow(member, op);
    };
  }

  /** What a unit does that is one step. */
  String runWhole(Member unit) {
    Step step = unit.step();
    transaction.begin(unit, false);
    return switch (step.op()) {
      case TIMED_OUT -> cancelled(unit);
      case REVOKED -> "08003|57014";
      case WRITE_FAIL -> "failed";
      default -> put(step.key(), step.value());
    };
  }

  private static boolean isRefused(Member member) {
    return member.revoked || member.lost || member.interrupted;
  }

  /** If there is more than one reason, any of them may be named. */
  private static String refusal(Member member) {
    String reasons = member.revoked ? "|08003" : "";
    reasons += member.lost ? "|40000" : "";
    reasons += member.interrupted ? "|57014" : "";
    return reasons.substring(1);
  }

  private String runNow(Member member, Op op) {
    if (!member.kind.writes()) {
      return read(member);
    }
    Step step = member.step();
    transaction.begin(member, op == Op.BATCH || op == Op.PUT_OR_ROLLBACK);
    return switch (op) {
      case READ -> transaction.now().toString();
      case PUT -> put(step.key(), step.value());
      case PUT_NULL -> "23000";
      case PUT_OR_ROLLBACK -> putOrRollBack(member, step);
      case DELETE -> delete(step.key());
      case BATCH -> batch(step);
      case CHILD -> putChild(step, Table.PARENT);
      case ORPHAN -> putChild(step, Table.PARENT + 1);
      case CANCELLED -> cancelled(member);
      case INTERRUPTED -> interrupted(member, step);
      default -> runPart(member, op);
    };
  }

  private String read(Member member) {
    Table seen = member.snapshot;
    if (seen == null) {
      seen = transaction.committed();
    }
    if (member.kind == Kind.SNAPSHOT) {
      member.snapshot = seen;
    }
    return seen.toString();
  }

  private String put(int key, int value) {
    if (transaction.now().has(key)) {
      return DUPLICATE;
    }
    transaction.changeTo(transaction.now().with(key, value));
    return "ok";
  }

  private String putOrRollBack(Member member, Step step) {
    String answer = put(step.key(), step.value());
    if (answer.equals(DUPLICATE)) {
      transaction.lose(member);
    }
    return answer;
  }

  private String cancelled(Member member) {
    transaction.lose(member);
    return "57014";
  }

  /** In company it runs to its end. */
  private String interrupted(Member member, Step step) {
    member.interrupted = true;
    return transaction.waiting() == 0 ? cancelled(member) : put(step.key(), step.value());
  }

  private String delete(int key) {
    transaction.changeTo(transaction.now().without(key));
    return "ok";
  }

  /** The rows before one that fails remain. */
  private String batch(Step step) {
    for (int key : List.of(step.key(), step.key() + 1, step.key() + 2)) {
      if (put(key, step.value()).equals(DUPLICATE)) {
        return DUPLICATE;
      }
    }
    return "ok";
  }

  /** Its foreign key is looked at when it is committed: nobody comes after it. */
  private String putChild(Step step, int parent) {
    transaction.complete();
    return put(Table.CHILDREN + step.key(), parent);
  }

  private String runPart(Member member, Op op) {
    switch (op) {
      case NESTED -> member.parts.add(new Member.Part(op, transaction.now()));
      case SAVEPOINT -> {
        member.parts.add(new Member.Part(op, transaction.now()));
        if (transaction.waiting() == 0) { // it may stay, and the next unit must not undo it
          transaction.complete();
        }
      }
      case ROLLBACK_TO -> transaction.changeTo(member.parts.getLast().before());
      case RELEASE -> member.parts.removeLast();
      default -> throw new AssertionError(op);
    }
    return "ok";
  }

  private String endNested(Member member, Op op) {
    Member.Part part = member.parts.removeLast();
    while (part.op() != Op.NESTED) {
      part = member.parts.removeLast();
    }
    if (op == Op.NESTED_FAIL) {
      if (!member.revoked && !member.lost) {
        transaction.changeTo(part.before());
      }
      return "failed";
    }
    if (member.revoked) {
      return "08003";
    }
    return member.lost ? "40000" : "ok";
  }
}
