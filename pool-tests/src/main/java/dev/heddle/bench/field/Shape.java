package dev.heddle.bench.field;

import java.util.ArrayList;
import java.util.List;

/**
 * A shape of load.
 *
 * @param name on the command line and in raw results
 * @param course how it goes
 * @param task what each worker does
 * @param crew the workers
 * @param connections for reading; pools that have only one kind have as many in all
 * @param synchronous what commits wait for
 * @param entrants who takes part
 * @param reference whom the others are compared with
 */
record Shape(
    String name,
    Course course,
    Task task,
    Crew crew,
    int connections,
    String synchronous,
    List<Entrant> entrants,
    Entrant reference) {

  /** How a measurement goes. */
  enum Course {
    /** Everybody works until it is over. */
    STEADY,
    /** All at once, each of them once, and again when all are done. */
    SPIKE,
    /** A heartbeat while long queries run. */
    HEARTBEAT,
    /** One thread, by JMH. */
    ALONE_READER,
    ALONE_WRITER
  }

  static final String NORMAL = "NORMAL";
  static final String FULL = "FULL";

  /** If nothing else is said. */
  static final int CONNECTIONS = 4;

  /** For Heddle and the reference; who else takes part is to be added. */
  static Shape steady(String name, Task task, Crew crew) {
    Entrant reference = task.writes() ? Entrant.HIKARI_ONE : Entrant.HIKARI;
    List<Entrant> entrants = List.of(Entrant.HEDDLE, reference);
    return new Shape(name, Course.STEADY, task, crew, CONNECTIONS, NORMAL, entrants, reference);
  }

  Shape course(Course course) {
    return new Shape(name, course, task, crew, connections, synchronous, entrants, reference);
  }

  Shape connections(int connections) {
    return new Shape(name, course, task, crew, connections, synchronous, entrants, reference);
  }

  Shape full() {
    return new Shape(name, course, task, crew, connections, FULL, entrants, reference);
  }

  Shape comparedWith(Entrant reference) {
    return new Shape(name, course, task, crew, connections, synchronous, entrants, reference);
  }

  /** Also for these. */
  Shape and(Entrant... more) {
    List<Entrant> all = new ArrayList<>(entrants);
    all.addAll(List.of(more));
    return new Shape(name, course, task, crew, connections, synchronous, all, reference);
  }

  String label(Entrant entrant) {
    return entrant.label(connections);
  }

  /** Whether JMH measures it. */
  boolean isAlone() {
    return course == Course.ALONE_READER || course == Course.ALONE_WRITER;
  }

  /** What is compared. */
  String figure() {
    return course == Course.HEARTBEAT ? "worstMillis" : "perSecond";
  }

  /** In words. */
  String title() {
    String what =
        switch (course) {
          case STEADY -> task.title + " by " + crew.title();
          case SPIKE -> task.title + " by %,d threads that come at once".formatted(crew.workers());
          case HEARTBEAT -> "heartbeat of 1 ms beside 8 long queries";
          case ALONE_READER -> "acquire + release of a reader by one " + crew.thread();
          case ALONE_WRITER -> "acquire + release of the writer by one " + crew.thread();
        };
    return what + (task.writes() ? ", synchronous=" + synchronous : "");
  }
}
