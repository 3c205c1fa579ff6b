package dev.heddle.pool.tests.model;

import dev.heddle.pool.tests.model.Op.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who has a connection, and who waits for one; and what happens when one comes back. */
final class Lanes {

  private final Shared transaction;
  private final Statements statements;
  private final Deque<Member> writerQueue = new ArrayDeque<>();
  private final Deque<Member> readerQueue = new ArrayDeque<>();
  private @Nullable Member holder;
  private int idleReaders;
  private boolean closed;

  Lanes(Program program) {
    transaction = new Shared(program.groupMaxUnits(), this::settled);
    statements = new Statements(transaction);
    idleReaders = program.readers();
  }

  Shared transaction() {
    return transaction;
  }

  Statements statements() {
    return statements;
  }

  int waitForWriter() {
    return writerQueue.size();
  }

  int waitForReaders() {
    return readerQueue.size();
  }

  boolean writerIsHeld() {
    return holder != null;
  }

  int idleReaders() {
    return idleReaders;
  }

  /**
   * False if it is closed, and if it would be a matter of luck whether a reader that is reserved by
   * one who waits goes to the next one first.
   */
  boolean mayBeClosed() {
    return !closed && (readerQueue.isEmpty() || writerQueue.stream().noneMatch(w -> w.hasReader));
  }

  void reserveReader(Member member) {
    idleReaders--;
    member.hasReader = true;
  }

  void acquireWriter(Member member) {
    boolean holds = member.kind == Kind.WRITER && !member.revoked;
    if (holds) {
      member.answer = refusal(member, true);
    } else if (member.interrupted || closed) {
      refuse(member, refusal(member, false));
    } else if (holder == null) {
      holdWriter(member);
    } else if (member.step().op().isBrief()) {
      refuse(member, "08001");
    } else {
      writerQueue.add(member);
    }
  }

  void acquireReader(Member member) {
    if (member.interrupted || closed) {
      refuse(member, refusal(member, false));
    } else if (idleReaders > 0) {
      holdReader(member);
    } else if (member.step().op().isBrief()) {
      refuse(member, "08001");
    } else {
      readerQueue.add(member);
    }
  }

  /** If there is more than one reason, any of them may be named. */
  private String refusal(Member member, boolean holds) {
    String reasons = member.interrupted ? "|57014" : "";
    reasons += closed ? "|08003" : "";
    reasons += holds ? "|25001" : "";
    return reasons.substring(1);
  }

  private void refuse(Member member, String state) {
    returnReader(member);
    member.answer = state;
  }

  private void holdReader(Member member) {
    idleReaders--;
    Op op = member.step().op();
    if (op == Op.JDBC_READ) {
      member.answer = transaction.committed().toString();
      readerIsBack();
    } else {
      member.has(op == Op.SNAPSHOT ? Kind.SNAPSHOT : Kind.READER);
      member.answer = "ok";
    }
  }

  private void holdWriter(Member member) {
    holder = member;
    Op op = member.step().op();
    if (!op.isWhole()) {
      member.has(op == Op.JDBC ? Kind.JDBC : Kind.WRITER);
      member.alone = op == Op.WRITER_ALONE;
      if (op == Op.JDBC) { // its first statement has taken it
        transaction.begin(member, false);
      }
      member.answer = "ok";
    } else {
      doWhole(member, op);
    }
  }

  private void doWhole(Member member, Op op) {
    member.has(Kind.NOTHING);
    member.alone = ++member.runs == 3;
    String answer = statements.runWhole(member);
    if (answer.equals("ok") && (op == Op.WRITE || op == Op.JDBC_PUT)) {
      transaction.keep(member);
    } else {
      transaction.undo(member);
      member.answer = answer;
    }
    writerIsBack();
  }

  /** It is offered to the longest waiter, with the transaction open, or after the commit. */
  void writerIsBack() {
    holder = null;
    if (!transaction.mayGoOn() || writerQueue.isEmpty()) {
      transaction.settle();
    }
    if (holder == null && !writerQueue.isEmpty()) {
      holdWriter(writerQueue.remove());
    }
  }

  void readerIsBack() {
    idleReaders++;
    if (!readerQueue.isEmpty()) {
      holdReader(readerQueue.remove());
    }
  }

  void returnReader(Member member) {
    if (member.hasReader) {
      member.hasReader = false;
      readerIsBack();
    }
  }

  /** A unit that has waited for its commit is told; a write that was taken down runs again. */
  void settled(Member member, String outcome) {
    Op op = member.step().op();
    if (op == Op.COMMIT_AND_READ && outcome.equals("ok")) {
      member.has(Kind.SNAPSHOT);
      member.hasReader = false;
      member.snapshot = transaction.committed();
      member.answer = outcome;
    } else if (op.isWhole() && outcome.equals("40001")) {
      acquireWriter(member);
    } else {
      member.answer = outcome;
      returnReader(member);
    }
  }

  /** If it waits for a lane, it does so no more. */
  void turnAway(Member member, String state) {
    if (writerQueue.remove(member) || readerQueue.remove(member)) {
      refuse(member, state);
    }
  }

  /** Turns away whoever waits. */
  void close() {
    closed = true;
    for (Member member : List.copyOf(writerQueue)) {
      turnAway(member, "08003");
    }
    for (Member member : List.copyOf(readerQueue)) {
      turnAway(member, "08003");
    }
  }

  /** Takes every lease away. */
  void revokeAll(List<Member> members) {
    Member writer = holder;
    if (writer != null) {
      transaction.undo(writer);
      writer.revoked = true;
      writerIsBack();
      returnReader(writer);
    }
    for (Member member : members) {
      if (member.kind.reads()) {
        member.revoked = true;
        idleReaders++;
      }
    }
  }

  @Override
  public String toString() {
    Member writer = holder;
    return "writer: %s, %d wait; readers: %d idle, %d wait; %d wait for their commit; rows %s"
        .formatted(
            writer == null ? "idle" : "actor " + writer.number,
            writerQueue.size(),
            idleReaders,
            readerQueue.size(),
            transaction.waiting(),
            transaction.now());
  }
}
