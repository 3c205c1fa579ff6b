package dev.heddle.bench.soak;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One run of the program that is soaked. */
final class Life implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final Process process;
  private final int number;
  private final History history;
  private final Path log;
  private final Thread listener;
  private volatile boolean closed;

  private Life(Process process, int number, History history, Path log) {
    this.process = process;
    this.number = number;
    this.history = history;
    this.log = log;
    this.listener = Thread.ofPlatform().name("listens to life " + number).unstarted(this::listen);
  }

  static Life start(SoakPlan plan, int number, History history) throws IOException {
    Path log = plan.folder().resolve("soak.log");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            // All of the heap is touched at the start: what the process grows by is something else.
            "-Xms256m",
            "-Xmx256m",
            "-XX:+AlwaysPreTouch",
            "-XX:+UseSerialGC",
            Folders.LIBRARY + plan.folder(),
            "-classpath",
            System.getProperty("java.class.path"),
            plan.program().getName(),
            plan.folder().toString(),
            plan.file().toString(),
            plan.ledger().toString(),
            Long.toString(plan.seed() + number),
            Long.toString(plan.time().toMillis()),
            Long.toString(plan.every().toMillis()));
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    Life life = new Life(process, number, history, log);
    life.listener.start();
    return life;
  }

  private void listen() {
    try (BufferedReader said = process.inputReader();
        Writer logged =
            Files.newBufferedWriter(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      String line = said.readLine();
      while (line != null) {
        if (!take(line)) {
          logged.write(line + System.lineSeparator());
        }
        line = said.readLine();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether it was meant for this one. */
  private boolean take(String line) {
    String[] said = Said.parse(line);
    switch (said[0]) {
      case Said.SAMPLE -> history.sample(number, Said.values(said[1]));
      case Said.MARK -> history.mark(said[1]);
      case Said.UNEXPECTED -> history.problem("life " + number + ": " + said[1]);
      case Said.CLOSED -> closed = true;
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Lets it work for a while, from when it has begun; says whether it was still alive then. */
  boolean lives(Duration time) throws InterruptedException {
    long start = System.nanoTime();
    while (!history.hasBegun(number)) {
      if (System.nanoTime() - start > LIMIT.toNanos()) {
        history.problem("life " + number + " does not begin");
        return process.isAlive();
      }
      if (process.waitFor(10, TimeUnit.MILLISECONDS)) {
        return false;
      }
    }
    return !process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** In the middle of whatever it does. */
  void kill() throws InterruptedException {
    history.mark(History.KILL);
    process.toHandle().destroyForcibly();
    process.waitFor();
    listener.join();
  }

  /** Lets it come to its end, with everything put back and closed. */
  void end() throws IOException, InterruptedException {
    BufferedWriter input = process.outputWriter();
    input.write(Said.END);
    input.newLine();
    input.flush();
    if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
      history.problem("the program does not come to its end");
      process.destroyForcibly();
    }
    listener.join();
    if (!closed) {
      history.problem("the program has ended without closing its pool");
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
