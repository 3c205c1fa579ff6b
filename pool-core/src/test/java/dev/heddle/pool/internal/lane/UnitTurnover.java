package dev.heddle.pool.internal.lane;

/** What the writer's lane does between two units, see {@code WriterTurnover}. */
record UnitTurnover(Group<ScriptedTransaction.Mishap> group)
    implements Turnover<ScriptedTransaction> {

  @Override
  public ScriptedTransaction clean(ScriptedTransaction transaction) {
    group.undo();
    if (!group.hasCompany()) {
      transaction.rollback();
    }
    return transaction;
  }

  @Override
  public boolean mayGoOn(ScriptedTransaction transaction) {
    return group.mayGoOn();
  }

  @Override
  public Runnable settle(ScriptedTransaction transaction) {
    return group.settle();
  }
}
