package dev.heddle.pool.tests.model;

import dev.heddle.pool.tests.model.Op.Kind;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a pool does, according to its documentation, when its users do one thing after the other:
 * who has a connection, who waits for one, what everybody sees, what is committed, and what each
 * call comes to. An answer is what a call gives, or an SQLState; several are separated by a bar.
 */
final class Model {

  private final List<Member> members;
  private final boolean patientClose;
  private final Lanes lanes;
  private final Shared transaction;

  Model(Program program) {
    members = IntStream.range(0, program.actors()).mapToObj(Member::new).toList();
    patientClose = program.patientClose();
    lanes = new Lanes(program);
    transaction = lanes.transaction();
  }

  List<Member> members() {
    return members;
  }

  Lanes lanes() {
    return lanes;
  }

  Shared transaction() {
    return transaction;
  }

  /**
   * False for what the actor can't do now, and for what would make it a matter of luck who comes
   * first: two whole units at once, and a unit that waits for two lanes.
   */
  boolean allows(Step step) {
    Member member = members.get(step.actor());
    Op op = step.op();
    return switch (op) {
      case INTERRUPT -> !member.interrupted;
      case CLOSE_POOL -> lanes.mayBeClosed();
      default -> !member.waits() && member.can(op) && isCertain(member, op);
    };
  }

  private boolean isCertain(Member member, Op op) {
    if (op.isWhole()) {
      return members.stream().noneMatch(Model::waitsInWhole);
    }
    return switch (op) {
      case WRITER_AND_READER -> lanes.idleReaders() > 0;
      case CALM -> member.interrupted;
      default -> true;
    };
  }

  private static boolean waitsInWhole(Member member) {
    return member.waits() && member.step().op().isWhole();
  }

  /** The next step, and all that it brings about. */
  void take(Step step) {
    Member member = members.get(step.actor());
    switch (step.op()) {
      case INTERRUPT -> interrupt(member, step);
      case CLOSE_POOL -> close();
      default -> {
        member.starts(step);
        begin(member, step.op());
      }
    }
  }

  private void begin(Member member, Op op) {
    switch (op) {
      case WRITER, WRITER_AGAIN, WRITER_ALONE, WRITER_BRIEFLY, JDBC -> lanes.acquireWriter(member);
      case WRITER_AND_READER -> {
        lanes.reserveReader(member);
        lanes.acquireWriter(member);
      }
      case WRITE, WRITE_FAIL, JDBC_PUT, REVOKED, TIMED_OUT -> lanes.acquireWriter(member);
      case READER, READER_BRIEFLY, SNAPSHOT, JDBC_READ -> lanes.acquireReader(member);
      case COMMIT, COMMIT_NESTED, COMMIT_AND_READ -> commit(member);
      case ROLLBACK -> rollBack(member);
      case CLOSE -> closeLease(member);
      case CALM -> {
        member.interrupted = false;
        member.answer = "ok";
      }
      default -> member.answer = lanes.statements().run(member);
    }
  }

  // The end of a lease

  private void commit(Member member) {
    boolean reads = member.step().op() == Op.COMMIT_AND_READ;
    if (member.revoked) {
      endRevoked(member);
    } else if (member.isNested() || (reads && !member.hasReader)) {
      member.answer = "25001";
    } else if (member.lost) {
      endWriter(member, "40000");
    } else if (member.begun) {
      transaction.keep(member);
      member.kind = Kind.NOTHING;
      lanes.writerIsBack();
      if (!reads) {
        lanes.returnReader(member);
      }
    } else if (reads) { // nothing to commit: what is newest
      lanes.settled(member, "ok");
      lanes.writerIsBack();
    } else {
      endWriter(member, "ok");
    }
  }

  private void rollBack(Member member) {
    if (member.revoked && member.kind == Kind.JDBC) {
      member.kind = Kind.NOTHING;
      member.answer = "ok|08003"; // what was to be undone, is
    } else if (member.revoked) {
      endRevoked(member);
    } else if (member.isNested()) {
      member.answer = "25001";
    } else {
      endWriter(member, "ok");
    }
  }

  /** The lease is over already; but not the part of a transaction around this call. */
  private static void endRevoked(Member member) {
    member.kind = member.isNested() ? member.kind : Kind.NOTHING;
    member.answer = "08003";
  }

  private void closeLease(Member member) {
    if (member.revoked) {
      member.kind = Kind.NOTHING;
      member.answer = "ok";
    } else if (member.kind.writes()) {
      endWriter(member, "ok");
    } else {
      member.kind = Kind.NOTHING;
      member.answer = "ok";
      lanes.readerIsBack();
    }
  }

  private void endWriter(Member member, String answer) {
    transaction.undo(member);
    member.kind = Kind.NOTHING;
    member.answer = answer;
    lanes.writerIsBack();
    lanes.returnReader(member);
  }

  // What may happen at any time

  private void interrupt(Member member, Step step) {
    member.interrupted = true;
    if (!member.waits()) {
      member.starts(step);
      member.answer = "ok";
    } else {
      lanes.turnAway(member, "57014");
    }
  }

  private void close() {
    lanes.close();
    if (!patientClose) {
      lanes.revokeAll(members);
    }
  }

  @Override
  public String toString() {
    return lanes.toString();
  }
}
