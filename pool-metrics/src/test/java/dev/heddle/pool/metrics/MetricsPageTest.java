package dev.heddle.pool.metrics;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Keeps docs/metrics.md true: its table comes from the catalogue, and its blocks of Java from the
 * tests, where they stand between {@code // page: name} and {@code // page end}.
 */
class MetricsPageTest {

  private static final String START =
      "<!-- meters: generated from the catalogue, see MetricsPageTest -->\n";
  private static final String END = "<!-- end of meters -->";
  private static final Path SOURCES =
      Path.of("src", "test", "java", "dev", "heddle", "pool", "metrics");
  private static final Pattern BLOCK =
      Pattern.compile("(?:<!-- (\\w+\\.java): (\\w+) -->\n)?```java\n(.*?)```", Pattern.DOTALL);

  private String page = "";

  @BeforeEach
  void readThePage() throws IOException {
    page = Files.readString(Path.of("..", "docs", "metrics.md"));
  }

  private static String table() {
    Stream<String> head = Stream.of("| meter | type | tags | what it is |", "|---|---|---|---|");
    Stream<String> meters = Arrays.stream(PoolMeter.values()).map(MetricsPageTest::row);
    return Stream.concat(head, meters).collect(Collectors.joining("\n", "\n", "\n\n"));
  }

  private static String row(PoolMeter meter) {
    String unit =
        switch (meter.unit()) {
          case ONE -> "";
          case TIME -> ", time";
          case BYTES -> ", bytes";
        };
    String tags =
        meter.tags().stream().map(tag -> "`" + tag + "`").collect(Collectors.joining(", "));
    String type = meter.type().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return "| `"
        + meter.id()
        + "` | "
        + type
        + unit
        + " | "
        + tags
        + " | "
        + meter.sentence()
        + " |";
  }

  @Test
  void table_comparedWithTheCatalogue_isTheSame() {
    int from = page.indexOf(START);
    int to = page.indexOf(END);
    assertTrue(from >= 0 && to >= from, "the page has a place for the table");
    String right = table();

    assertEquals(
        right,
        page.substring(from + START.length(), to),
        () -> "docs/metrics.md needs this table:\n" + right);
  }

  @Test
  void page_itsBlocksOfJava_areWhatTheTestsRun() {
    List<MatchResult> blocks = BLOCK.matcher(page).results().toList();

    assertFalse(blocks.isEmpty(), "a page about code shows some");
    assertAll(blocks.stream().map(block -> () -> requireTested(block)));
  }

  private static void requireTested(MatchResult block) throws IOException {
    String shown = block.group(3);
    assertTrue(block.group(1) != null, () -> "no mark says where this comes from:\n" + shown);
    assertEquals(snippet(SOURCES.resolve(block.group(1)), block.group(2)), shown, block.group());
  }

  /** The lines between the two comments, without the indentation that all of them have. */
  private static String snippet(Path source, String name) throws IOException {
    String snippet =
        Files.readAllLines(source).stream()
            .dropWhile(line -> !line.strip().equals("// page: " + name))
            .skip(1)
            .takeWhile(line -> !line.strip().equals("// page end"))
            .collect(Collectors.joining("\n"));
    assertFalse(snippet.isEmpty(), () -> source + " has no " + name);
    return snippet.stripTrailing().stripIndent() + "\n";
  }
}
