package dev.heddle.pool.tests.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.tests.Required;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.images.builder.ImageFromDockerfile;

/**
 * An image of the programs of these tests: a Java runtime with the modules that they need, the C
 * library, and their class path. It is made of what runs the test, so no registry is asked.
 */
final class ProgramImage {

  /** How a program is run in it; its class and arguments follow. */
  static final List<String> JAVA = List.of("/java/bin/java", "--enable-native-access=ALL-UNNAMED");

  private static final String MODULES = "java.sql,jdk.management,jdk.jfr";

  /** A class of each part of the class path. */
  private static final List<Class<?>> PARTS =
      List.of(
          ProgramImage.class,
          SqlitePool.class,
          org.sqlite.JDBC.class,
          org.slf4j.Logger.class,
          ch.qos.logback.classic.Logger.class,
          ch.qos.logback.core.Appender.class);

  /** As ldd names a file that is loaded. */
  private static final Pattern LOADED = Pattern.compile("(/\\S+) \\(0x");

  private static @Nullable String made;

  private ProgramImage() {}

  /** The image's name. It is made when it is first asked for; skips the test if it can't be. */
  static synchronized String name(Path scratch) throws Exception {
    Required.orSkip(
        "docker",
        DockerClientFactory.instance().isDockerAvailable(),
        "needs an engine for containers that runs (Debian's package docker.io)");
    Optional<ToolProvider> jlink = ToolProvider.findFirst("jlink");
    Required.orSkip("docker", jlink.isPresent(), "needs a JDK with jlink");
    String name = made;
    if (name == null) {
      Path runtime = scratch.resolve("java");
      link(jlink.orElseThrow(), runtime);
      name = made = build(runtime);
    }
    return name;
  }

  private static void link(ToolProvider jlink, Path runtime) {
    int code =
        jlink.run(
            System.out,
            System.err,
            "--add-modules=" + MODULES,
            "--strip-java-debug-attributes",
            "--no-header-files",
            "--no-man-pages",
            "--output=" + runtime);
    assertEquals(0, code, "jlink's exit code");
  }

  private static String build(Path runtime) throws Exception {
    ImageFromDockerfile image = new ImageFromDockerfile().withFileFromPath("root/java", runtime);
    for (Path library : libraries(runtime)) {
      image.withFileFromPath("root" + library, library);
    }
    for (int i = 0; i < PARTS.size(); i++) {
      URI part = PARTS.get(i).getProtectionDomain().getCodeSource().getLocation().toURI();
      image.withFileFromPath("root" + onClassPath(i), Path.of(part));
    }
    return image
        .withDockerfileFromBuilder(
            file -> file.from("scratch").copy("root", "/").env("CLASSPATH", classPath()))
        .get();
  }

  private static String onClassPath(int part) {
    return "/classpath/" + part;
  }

  private static String classPath() {
    return String.join(
        ":", IntStream.range(0, PARTS.size()).mapToObj(ProgramImage::onClassPath).toList());
  }

  /** What the runtime's own files load, and what the driver's library does: the C library. */
  private static List<Path> libraries(Path runtime) throws IOException {
    List<String> command = new ArrayList<>(List.of("ldd", runtime + "/bin/java"));
    try (Stream<Path> files = Files.walk(runtime)) {
      files.map(Path::toString).filter(file -> file.endsWith(".so")).forEach(command::add);
    }
    Process ldd = new ProcessBuilder(command).start();
    String output = new String(ldd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return LOADED
        .matcher(output)
        .results()
        .map((MatchResult found) -> Path.of(found.group(1)).normalize())
        .filter(library -> !library.startsWith(runtime))
        .distinct()
        .toList();
  }
}
