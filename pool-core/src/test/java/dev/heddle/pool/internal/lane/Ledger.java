package dev.heddle.pool.internal.lane;

/**
 * A transaction of interleaving tests, with all that was ever committed; its content is the sum of
 * the units that wrote in it, each a power of two. It notices a second user, and remembers: a group
 * takes what a step throws for an answer. Its fields are plain: each access to them is a place
 * where Lincheck may let another thread go on.
 */
final class Ledger implements Transaction<RuntimeException> {

  private boolean taken;
  private boolean misused;
  private boolean open;
  private boolean marked;
  private int whole;
  private int part;
  private int committed;
  private int cleanings;
  private int retirements;

  private void take() {
    if (taken) {
      misused = true;
    }
    taken = true;
  }

  private void leave() {
    if (!taken) {
      misused = true;
    }
    taken = false;
  }

  void write(int unit) {
    take();
    if (!open) {
      misused = true;
    }
    if (marked) {
      part += unit;
    } else {
      whole += unit;
    }
    leave();
  }

  /** A failure takes everything down. */
  void lose() {
    take();
    end();
    leave();
  }

  private void end() {
    open = false;
    marked = false;
    whole = 0;
    part = 0;
  }

  @Override
  public void begin() {
    take();
    if (open) {
      misused = true;
    }
    open = true;
    leave();
  }

  @Override
  public void mark() {
    take();
    requireOpen();
    marked = true;
    leave();
  }

  @Override
  public void keep() {
    take();
    requireOpen();
    whole += part;
    part = 0;
    marked = false;
    leave();
  }

  @Override
  public void undo() {
    take();
    requireOpen();
    part = 0;
    marked = false;
    leave();
  }

  @Override
  public void commit() {
    take();
    requireOpen();
    committed += whole + part;
    end();
    leave();
  }

  private void requireOpen() {
    if (!open) {
      misused = true;
    }
  }

  @Override
  public void rollback() {
    take();
    end();
    leave();
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  /** As the lane's cleaner. */
  void clean() {
    take();
    cleanings++;
    leave();
  }

  /** As the lane's retirement; nobody may use it after. */
  void retire() {
    take();
    retirements++;
  }

  boolean isMisused() {
    return misused;
  }

  boolean hasCommitted(int unit) {
    return (committed & unit) != 0;
  }

  /** How often it was handed back. */
  int cleanings() {
    return cleanings;
  }

  int retirements() {
    return retirements;
  }
}
