package dev.heddle.pool.tests.power;

/** What was found after all the cuts so far. */
final class Figures {

  private final long start = System.nanoTime();

  private int cuts;
  private int losing;
  private long mostLost;
  private int broken;
  private int copies;

  /**
   * One cut.
   *
   * @param found how many units are there
   */
  void add(Acknowledgements acknowledged, long found) {
    long lost = acknowledged.lastUnit() - found;
    cuts++;
    losing += lost > 0 ? 1 : 0;
    mostLost = Math.max(mostLost, lost);
  }

  /** One cut, after which the database is none that any commit has left. */
  void addBroken() {
    cuts++;
    broken++;
  }

  void addCopies(int found) {
    copies += found;
  }

  /** After how many cuts an acknowledged unit was gone. */
  int losing() {
    return losing;
  }

  int broken() {
    return broken;
  }

  int copies() {
    return copies;
  }

  @Override
  public String toString() {
    return "%d cuts in %d s; acknowledged units lost after %d (%d at most), %d broken; %d copies"
        .formatted(
            cuts, (System.nanoTime() - start) / 1_000_000_000, losing, mostLost, broken, copies);
  }
}
