package dev.heddle.bench.field;

import dev.heddle.bench.Database;
import dev.heddle.bench.Figures;
import dev.heddle.bench.ReadBack;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;

/** One contender in one shape of load: what a JVM that measures does. */
final class Heat {

  private final Shape shape;
  private final Entrant entrant;
  private final Path file;
  private final int seconds;

  private Heat(Shape shape, Entrant entrant, Path file, int seconds) {
    this.shape = shape;
    this.entrant = entrant;
    this.file = file;
    this.seconds = seconds;
  }

  /**
   * Measures one contender.
   *
   * @param args shape, contender, file, seconds to measure
   */
  public static void main(String[] args) throws Exception {
    new Heat(
            Shapes.named(args[0]), Entrant.of(args[1]), Path.of(args[2]), Integer.parseInt(args[3]))
        .run()
        .print();
  }

  private Figures run() throws Exception {
    try (Contender contender = entrant.open(file, shape.connections(), shape.synchronous())) {
      for (Map<String, String> connections : contender.readBack().values()) {
        ReadBack.requireSynchronous(connections, shape.synchronous());
      }
      return switch (shape.course()) {
        case STEADY -> steady(contender);
        case SPIKE -> new Spike(shape).run(contender, seconds);
        case HEARTBEAT -> new LongQueries().run(contender);
        case ALONE_READER, ALONE_WRITER ->
            throw new IllegalArgumentException(shape.name() + " is measured by JMH");
      };
    }
  }

  private Figures steady(Contender contender) throws Exception {
    Load load = new Load(shape, entrant.isPool() ? shape.crew().kind() : Crew.Kind.PLATFORM, file);
    Figures figures = load.run(contender, seconds);
    if (shape.task() == Task.INSERT) {
      requireRows(load.done());
    }
    return figures;
  }

  private void requireRows(long done) throws SQLException {
    long rows = Database.count(file, "b");
    if (rows != done) {
      throw new AssertionError(done + " rows committed, but there are " + rows);
    }
  }
}
