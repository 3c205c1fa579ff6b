package dev.heddle.pool.internal.sqlite;

/** Rung after a commit when there may be something to look after. May be rung by any thread. */
public final class Bell {

  private volatile Runnable listener = () -> {};

  /** Who is called from now on, on the thread that committed: must be quick, and must not throw. */
  public void answeredBy(Runnable listener) {
    this.listener = listener;
  }

  void ring() {
    listener.run();
  }
}
