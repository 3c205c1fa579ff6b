package dev.heddle.pool.tests.model;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What some actors do with a pool.
 *
 * @param actors how many there are
 * @param virtual whether their threads are virtual
 * @param readers how many readers the pool has
 * @param groupMaxUnits how many units may share a commit
 * @param patientClose whether closing the pool waits for leases
 * @param steps what they do, in this order
 */
record Program(
    int actors,
    boolean virtual,
    int readers,
    int groupMaxUnits,
    boolean patientClose,
    List<Step> steps) {

  Program with(List<Step> fewer) {
    return new Program(actors, virtual, readers, groupMaxUnits, patientClose, fewer);
  }

  @Override
  public String toString() {
    return "%d %s threads, %d readers, group.max-units=%d, close() %s:%n%s"
        .formatted(
            actors,
            virtual ? "virtual" : "platform",
            readers,
            groupMaxUnits,
            patientClose ? "waits" : "revokes",
            steps.stream().map(step -> "  " + step).collect(Collectors.joining("\n")));
  }
}
