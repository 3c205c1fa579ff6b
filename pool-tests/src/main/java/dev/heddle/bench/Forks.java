package dev.heddle.bench;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Starts the JVMs that measure: one for each contender in each round, and one at a time. */
public final class Forks {

  private static final long LIMIT_SECONDS = 300;
  private static final String CLASS_PATH = "java.class.path";

  private final Plan plan;
  private final Path file;
  private final String classPath = System.getProperty(CLASS_PATH);

  /** Every run of JMH, for the raw results. */
  final List<RunResult> raw = new ArrayList<>();

  Forks(Plan plan, Path file) {
    this.plan = plan;
    this.file = file;
  }

  /** One fork of a benchmark whose operations take nanoseconds. */
  public RunResult quick(Class<?> benchmark, String method, boolean virtual, boolean before)
      throws RunnerException {
    return run(
        options(benchmark, method, virtual)
            .warmupIterations(3)
            .warmupTime(TimeValue.milliseconds(700))
            .measurementIterations(plan.seconds() * 2)
            .measurementTime(TimeValue.milliseconds(500)),
        before);
  }

  private ChainedOptionsBuilder options(Class<?> benchmark, String method, boolean virtual) {
    List<String> jvm = new ArrayList<>(plan.jvm());
    jvm.add("-Xmx512m");
    jvm.add("-D" + AcquireBench.FILE + "=" + file);
    // JMH itself still calls sun.misc.Unsafe.
    jvm.add("--sun-misc-unsafe-memory-access=allow");
    if (virtual) {
      jvm.add("-Djmh.executor=VIRTUAL");
    }
    return new OptionsBuilder()
        .include(benchmark.getName() + "." + method + "$")
        .forks(1)
        .threads(1)
        .addProfiler(GCProfiler.class)
        .jvmArgsAppend(jvm.toArray(String[]::new))
        .verbosity(VerboseMode.SILENT)
        .shouldFailOnError(true);
  }

  private RunResult run(ChainedOptionsBuilder options, boolean before) throws RunnerException {
    // JMH gives its forks the class path that it finds here.
    System.setProperty(CLASS_PATH, classPath(before));
    try {
      RunResult result = new Runner(options.build()).runSingle();
      raw.add(result);
      return result;
    } finally {
      System.setProperty(CLASS_PATH, classPath);
    }
  }

  private String classPath(boolean before) {
    Path against = plan.against();
    return before && against != null ? against + File.pathSeparator + classPath : classPath;
  }

  /** One run of {@link Commits}. */
  Figures commits(String contender, Path file, String synchronous, int threads, boolean before)
      throws IOException, InterruptedException {
    List<String> arguments =
        List.of(
            contender,
            file.toString(),
            synchronous,
            Integer.toString(threads),
            Integer.toString(plan.seconds()));
    return measure(Commits.class, arguments, before);
  }

  /** One run of {@link Accounts}. */
  Figures accounts(String contender, Path file, String synchronous, int writers, int readers)
      throws IOException, InterruptedException {
    List<String> arguments =
        List.of(
            contender,
            file.toString(),
            synchronous,
            Integer.toString(writers),
            Integer.toString(readers),
            Integer.toString(plan.seconds()));
    return measure(Accounts.class, arguments, false);
  }

  /** One run of {@link SlowQueries}. */
  Figures slowQueries(String contender, int computing, long steps, String jvm)
      throws IOException, InterruptedException {
    List<String> arguments =
        List.of(
            contender,
            file.toString(),
            Integer.toString(computing),
            Long.toString(steps),
            Integer.toString(plan.seconds()));
    return measure(SlowQueries.class, arguments, false, jvm);
  }

  /** One run of {@link LockedFile}. */
  Figures lockedFile(String contender, Path file, String jvm)
      throws IOException, InterruptedException {
    return measure(LockedFile.class, List.of(contender, file.toString()), false, jvm);
  }

  /** One run of {@link Interrupts}. */
  Figures interrupts(String contender, Path file, int queries, int seed)
      throws IOException, InterruptedException {
    List<String> arguments =
        List.of(contender, file.toString(), Integer.toString(queries), Integer.toString(seed));
    return measure(Interrupts.class, arguments, false);
  }

  /** One run of {@link Templates}. */
  Figures templates(String contender, Path file, String synchronous, int connections, String... jvm)
      throws IOException, InterruptedException {
    List<String> arguments =
        List.of(
            contender,
            file.toString(),
            synchronous,
            Integer.toString(connections),
            Integer.toString(plan.seconds()));
    return measure(Templates.class, arguments, false, jvm);
  }

  /** One run of {@link HeldWal}. */
  Figures heldWal(String holder, Path file, String synchronous, boolean before)
      throws IOException, InterruptedException {
    List<String> arguments =
        List.of(
            holder,
            file.toString(),
            synchronous,
            Integer.toString(plan.threads()),
            Integer.toString(plan.seconds()));
    return measure(HeldWal.class, arguments, before);
  }

  /** One run of {@link RandomUpdates}. */
  Figures randomUpdates(Path file, String synchronous, int readers, boolean before)
      throws IOException, InterruptedException {
    List<String> arguments =
        List.of(
            file.toString(),
            synchronous,
            Integer.toString(plan.threads()),
            Integer.toString(readers),
            Integer.toString(plan.seconds()));
    return measure(RandomUpdates.class, arguments, before);
  }

  /** One run of a main class, which prints what it measured. */
  public Figures measure(Class<?> main, List<String> arguments, boolean before, String... jvm)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-Xmx512m");
    command.addAll(plan.jvm());
    command.addAll(List.of(jvm));
    command.addAll(List.of("-classpath", classPath(before), main.getName()));
    command.addAll(arguments);
    return measure(command);
  }

  /** One run of a program, which prints what it measured. */
  public static Figures measure(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    // One that hangs does not keep the others from their turns.
    CompletableFuture.delayedExecutor(LIMIT_SECONDS, TimeUnit.SECONDS)
        .execute(process::destroyForcibly);
    byte[] output = process.getInputStream().readAllBytes();
    if (process.waitFor() != 0) {
      throw new IOException(
          "failed: "
              + String.join(" ", command)
              + ": "
              + new String(output, StandardCharsets.UTF_8));
    }
    return Figures.parse(output);
  }
}
