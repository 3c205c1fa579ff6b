package dev.heddle.bench.field;

import dev.heddle.bench.Database;
import dev.heddle.bench.Figures;
import dev.heddle.bench.Forks;
import dev.heddle.bench.Plan;
import dev.heddle.bench.Report;
import dev.heddle.bench.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.runner.RunnerException;

/** All contenders in the same shapes of load: in turn, each time in a JVM of its own. */
public final class Field {

  private final Plan plan;
  private final Forks forks;
  private final Report report;
  private final Path template;
  private final Path file;
  private final Results results;
  private final Map<Entrant, Program> programs = new EnumMap<>(Entrant.class);

  /** Makes the database that each measurement gets a copy of. */
  public Field(Plan plan, Forks forks, Report report) throws IOException, SQLException {
    this.plan = plan;
    this.forks = forks;
    this.report = report;
    this.template = Database.create(report.folder, "template.db");
    this.file = report.folder.resolve("field.db");
    this.results = new Results(report.machine);
  }

  /** Measures, and tells. */
  public void run() throws Exception {
    Lineup lineup = Lineup.of(plan);
    findPrograms(lineup);
    for (Entrant entrant : lineup.entrants()) {
      readBack(entrant);
    }
    for (int round = 1; round <= plan.rounds(); round++) {
      for (Shape shape : lineup.shapes()) {
        round(round, shape, lineup.entrants(shape));
      }
    }
    new Publication(plan, report, results).publish();
  }

  private void findPrograms(Lineup lineup) throws InterruptedException {
    String path = String.valueOf(System.getenv("PATH"));
    for (Entrant entrant : Entrant.PROGRAMS) {
      if (lineup.entrants().contains(entrant)) {
        try {
          Program program =
              entrant == Entrant.C
                  ? Program.c(path, report.folder, template)
                  : Program.python(path, report.folder, template);
          programs.put(entrant, program);
          results.machine.put("sqlite of " + entrant.key(), program.version());
          results.pragmas.put(entrant.label(0), program.pragmas());
        } catch (Program.Absent e) {
          missing(entrant.label(0) + " is left out: " + e.getMessage());
        }
      }
    }
  }

  private void readBack(Entrant entrant) throws Exception {
    if (!Entrant.PROGRAMS.contains(entrant)) {
      copyTemplate();
      try (Contender contender = entrant.open(file, Shape.CONNECTIONS, Shape.NORMAL)) {
        contender
            .readBack()
            .forEach(
                (kind, pragmas) ->
                    results.pragmas.put(entrant.label(Shape.CONNECTIONS) + ", " + kind, pragmas));
      }
    }
  }

  private void round(int round, Shape shape, List<Entrant> entrants) throws InterruptedException {
    for (Entrant entrant : entrants) {
      take(round, shape, entrant, false);
      if (plan.against() != null && entrant == Entrant.HEDDLE) {
        take(round, shape, entrant, true);
      }
    }
  }

  private void take(int round, Shape shape, Entrant entrant, boolean before)
      throws InterruptedException {
    if (Entrant.PROGRAMS.contains(entrant) && !programs.containsKey(entrant)) {
      return;
    }
    String label = shape.label(entrant) + (before ? Report.BEFORE : "");
    Samples samples = results.of(shape);
    try {
      samples.add(label, measure(shape, entrant, before));
      report.out.printf(
          "%d  %-26s%-36s%s%n", round, shape.name(), label, Tables.news(samples, label));
    } catch (IOException | SQLException | RunnerException e) {
      missing("round " + round + ", " + shape.name() + ", " + label + ": " + e);
    }
  }

  /** One that fails is told of, and the others go on. */
  private void missing(String what) {
    results.missing.add(what.lines().findFirst().orElse(what));
    report.out.println(what);
  }

  private Figures measure(Shape shape, Entrant entrant, boolean before)
      throws IOException, SQLException, RunnerException, InterruptedException {
    if (shape.isAlone()) {
      return Uncontended.run(forks, shape, entrant, before);
    }
    copyTemplate();
    Program program = programs.get(entrant);
    if (program != null) {
      return program.measure(shape, file, plan.seconds());
    }
    List<String> arguments =
        List.of(shape.name(), entrant.key(), file.toString(), Integer.toString(plan.seconds()));
    return forks.measure(Heat.class, arguments, before, carriers(shape, entrant));
  }

  private void copyTemplate() throws IOException {
    for (String suffix : List.of("-wal", "-shm")) {
      Files.deleteIfExists(file.resolveSibling(file.getFileName() + suffix));
    }
    Files.copy(template, file, StandardCopyOption.REPLACE_EXISTING);
  }

  /** One for each connection besides those of the processors, a writer's included. */
  private static String[] carriers(Shape shape, Entrant entrant) {
    if (entrant != Entrant.HIKARI_CARRIERS) {
      return new String[0];
    }
    int carriers = Runtime.getRuntime().availableProcessors() + shape.connections() + 1;
    return new String[] {"-Djdk.virtualThreadScheduler.parallelism=" + carriers};
  }
}
