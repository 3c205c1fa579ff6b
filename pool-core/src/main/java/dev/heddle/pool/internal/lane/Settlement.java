package dev.heddle.pool.internal.lane;

import java.util.List;

/**
 * Tells units what became of them, once the resource has gone on. It is made before the commit
 * begins, so that they are told whatever happens.
 */
final class Settlement implements Runnable {

  private static final Outcome UNKNOWN =
      Outcome.failed(new IllegalStateException("nobody saw how the commit ended"));

  private final List<Seat> units;
  private final Parking parking;
  private Outcome outcome = UNKNOWN;
  private Outcome ofLast = UNKNOWN;

  Settlement(List<Seat> units, Parking parking) {
    this.units = units;
    this.parking = parking;
  }

  int size() {
    return units.size();
  }

  void all(Outcome outcome) {
    this.outcome = outcome;
    this.ofLast = outcome;
  }

  /** The last one has an outcome of its own. */
  void allButLast(Outcome outcome) {
    this.outcome = outcome;
  }

  /** For those that are committed: does what is to be done before anything else can happen. */
  void committed() {
    for (int i = 0; i < units.size(); i++) {
      if (outcomeOf(i).kind() == Outcome.Kind.COMMITTED) {
        units.get(i).committed();
      }
    }
  }

  private Outcome outcomeOf(int unit) {
    return unit == units.size() - 1 ? ofLast : outcome;
  }

  @Override
  public void run() {
    for (int i = 0; i < units.size(); i++) {
      units.get(i).tell(outcomeOf(i), parking);
    }
  }
}
