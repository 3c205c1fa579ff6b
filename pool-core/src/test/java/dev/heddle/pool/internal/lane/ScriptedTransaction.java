package dev.heddle.pool.internal.lane;

import java.io.Serial;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * A transaction whose content is the numbers of the units that wrote in it, and whose steps fail
 * when its script says so. It can begin again when it is over, as that of a connection can.
 *
 * <p>A step that makes no sense is noted rather than thrown: a group takes what a step throws for
 * an answer.
 */
final class ScriptedTransaction implements Transaction<ScriptedTransaction.Mishap> {

  /** What a step throws. */
  static final class Mishap extends Exception {

    @Serial private static final long serialVersionUID = 1L;

    Mishap(Step step, How how) {
      super(step + " " + how);
    }
  }

  /** What can be asked of a transaction. */
  enum Step {
    BEGIN,
    MARK,
    KEEP,
    UNDO,
    COMMIT,
    ROLLBACK
  }

  /** How a step fails. */
  enum How {
    /** All is as it was before. */
    REFUSED,
    /** Nothing remains of the transaction. */
    LOST
  }

  private final List<Step> steps = new ArrayList<>();
  private final Map<Step, Queue<How>> script = new EnumMap<>(Step.class);
  private final List<String> nonsense = new ArrayList<>();
  private final BitSet whole = new BitSet();
  private final BitSet part = new BitSet();
  private final BitSet committed = new BitSet();
  private final BitSet unwelcome = new BitSet();
  private boolean open;
  private boolean marked;

  ScriptedTransaction() {
    for (Step step : Step.values()) {
      script.put(step, new ArrayDeque<>());
    }
  }

  /** The next step of this kind fails; or the one after, if the next one does already. */
  ScriptedTransaction fails(Step step, How how) {
    queue(step).add(how);
    return this;
  }

  private Queue<How> queue(Step step) {
    Queue<How> queue = script.get(step);
    if (queue == null) {
      throw new AssertionError(step);
    }
    return queue;
  }

  /** The unit writes; in what is marked, if something is. */
  void write(int unit) {
    require(open, "a unit writes in no transaction");
    (marked ? part : whole).set(unit);
  }

  /** The unit writes what no commit accepts. */
  void writeUnwelcome(int unit) {
    write(unit);
    unwelcome.set(unit);
  }

  /** A failure takes everything down. */
  void lose() {
    open = false;
    discard();
  }

  private void discard() {
    marked = false;
    whole.clear();
    part.clear();
  }

  /** What was asked of it since this was asked last. */
  List<Step> newSteps() {
    List<Step> result = List.copyOf(steps);
    steps.clear();
    return result;
  }

  /** The units that were committed. */
  BitSet committed() {
    return committed;
  }

  /** What was asked of it and makes no sense. */
  List<String> nonsense() {
    return nonsense;
  }

  private void require(boolean good, String otherwise) {
    if (!good) {
      nonsense.add(otherwise);
    }
  }

  private void step(Step step) throws Mishap {
    steps.add(step);
    How how = queue(step).poll();
    if (how == How.LOST) {
      lose();
    }
    if (how != null) {
      throw new Mishap(step, how);
    }
  }

  @Override
  public void begin() throws Mishap {
    require(!open, "begun twice");
    step(Step.BEGIN);
    open = true;
  }

  @Override
  public void mark() throws Mishap {
    require(!marked, "marked twice");
    stepWhileOpen(Step.MARK);
    marked = true;
  }

  @Override
  public void keep() throws Mishap {
    require(marked || !open, "kept without a mark");
    stepWhileOpen(Step.KEEP);
    whole.or(part);
    part.clear();
    marked = false;
  }

  @Override
  public void undo() throws Mishap {
    require(marked || !open, "undone without a mark");
    stepWhileOpen(Step.UNDO);
    part.clear();
    marked = false;
  }

  @Override
  public void commit() throws Mishap {
    stepWhileOpen(Step.COMMIT);
    BitSet content = new BitSet();
    content.or(whole);
    content.or(part);
    if (content.intersects(unwelcome)) {
      throw new Mishap(Step.COMMIT, How.REFUSED);
    }
    committed.or(content);
    open = false;
    discard();
  }

  /** As a connection answers that has no transaction, or has lost it. */
  private void stepWhileOpen(Step step) throws Mishap {
    boolean wasOpen = open;
    step(step);
    if (!wasOpen) {
      throw new Mishap(step, How.LOST);
    }
  }

  @Override
  public void rollback() {
    steps.add(Step.ROLLBACK);
    open = false;
    discard();
  }

  @Override
  public boolean isOpen() {
    return open;
  }
}
