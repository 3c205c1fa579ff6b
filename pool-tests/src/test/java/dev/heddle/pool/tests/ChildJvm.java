package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A JVM of its own that runs a main class of these tests, and writes lines. */
public final class ChildJvm implements AutoCloseable {

  private static final String SAYS = "> ";
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final Process process;
  private final BufferedReader lines;
  private volatile boolean hung;

  private ChildJvm(Process process) {
    this.process = process;
    this.lines = process.inputReader();
  }

  public static ChildJvm start(Class<?> main, Object... arguments) throws IOException {
    return start(List.of(), main, arguments);
  }

  /** With options of the JVM's own, such as {@code -Dkey=value}. */
  public static ChildJvm start(List<String> options, Class<?> main, Object... arguments)
      throws IOException {
    return start(Map.of(), options, main, arguments);
  }

  /** With variables of its environment, too. */
  public static ChildJvm start(
      Map<String, String> environment, List<String> options, Class<?> main, Object... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-Xmx256m");
    command.add("-XX:+UseSerialGC");
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(options);
    command.add("-classpath");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(environment);
    return new ChildJvm(builder.start());
  }

  /** The next lines, so many at most, and fewer only if it ends. */
  public List<String> lines(int most) throws IOException {
    List<String> read = new ArrayList<>();
    while (read.size() < most) {
      String line = lines.readLine();
      if (line == null) {
        break;
      }
      read.add(line);
    }
    return read;
  }

  /** In a child: says something that {@link #said} gives. */
  public static void say(String what) {
    System.out.println(SAYS + what);
  }

  /** As {@link #lines}, but only what it said by {@link #say}, and nothing that it logged. */
  public List<String> said(int most) throws IOException {
    List<String> said = new ArrayList<>();
    while (said.size() < most) {
      String line = lines.readLine();
      if (line == null) {
        break;
      }
      if (line.startsWith(SAYS)) {
        said.add(line.substring(SAYS.length()));
      }
    }
    return said;
  }

  /** What was said by {@link #say} in all that a child has written. */
  public static List<String> saidIn(String output) {
    return output
        .lines()
        .filter(line -> line.startsWith(SAYS))
        .map(line -> line.substring(SAYS.length()))
        .toList();
  }

  /** Everything that it has still to say by {@link #say}. */
  public List<String> said() throws IOException {
    return said(Integer.MAX_VALUE);
  }

  /** Everything it has still to say. */
  public List<String> rest() throws IOException {
    return lines(Integer.MAX_VALUE);
  }

  /** Has it killed if it takes longer than anything here should: its lines end there. */
  public ChildJvm killedWhenItHangs() {
    return killedAfter(LIMIT);
  }

  /** Has it killed if it takes so long: its lines end there. */
  public ChildJvm killedAfter(Duration limit) {
    var _ =
        process
            .onExit()
            .orTimeout(limit.toSeconds(), TimeUnit.SECONDS)
            .whenComplete((ended, late) -> killIf(late != null));
    return this;
  }

  /** One that has ended is left alone: what it said could not be read any more. */
  private void killIf(boolean hangs) {
    if (hangs) {
      hung = true;
      process.destroyForcibly();
    }
  }

  /** Says something to it, a line of its input. */
  public void tell(String line) throws IOException {
    BufferedWriter input = process.outputWriter();
    input.write(line);
    input.newLine();
    input.flush();
  }

  /** Ends its input. */
  public void tellEnd() throws IOException {
    process.outputWriter().close();
  }

  public long pid() {
    return process.pid();
  }

  /** Ends it at once, in the middle of whatever it does; what it has said can still be read. */
  public void kill() {
    process.toHandle().destroyForcibly();
  }

  /** Its exit code. Fails if it had to be killed since it hung. */
  public int awaitEnd() throws InterruptedException {
    int code = process.waitFor();
    assertFalse(hung, "it hung, and was killed");
    return code;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
