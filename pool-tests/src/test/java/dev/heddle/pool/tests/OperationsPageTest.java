package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Keeps the list of log lines in docs/operations.md true: it has all of them, and no others. */
@Timeout(60)
class OperationsPageTest {

  private static final Path PAGE = Path.of("..", "docs", "operations.md");
  private static final Path SOURCES = Path.of("..", "pool-core", "src", "main", "java");
  private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\|.*");

  /** A text that the compiler puts together. */
  private static final Pattern JOINED = Pattern.compile("\"\\s*\\+\\s*\"");

  private static final Pattern LOGGED =
      Pattern.compile("LOG\\.(?:warn|error)\\(\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");

  @Test
  void logLines_inTheSource_areOnThePage() throws IOException {
    List<String> rows = rows();
    List<String> logged = new ArrayList<>();
    Matcher matcher = LOGGED.matcher(source());
    while (matcher.find()) {
      logged.add(matcher.group(1));
    }
    assertTrue(logged.size() > 10, "the source logs little: is it still found?");
    assertEquals(
        List.of(),
        logged.stream().filter(line -> rows.stream().noneMatch(row -> begins(row, line))).toList());
  }

  @Test
  void logLines_onThePage_areInTheSource() throws IOException {
    String source = source();
    assertEquals(
        List.of(), rows().stream().filter(row -> !parts(row).allMatch(source::contains)).toList());
  }

  /** Whether a row shows the beginning of this line, which has {@code {}} for what differs. */
  private static boolean begins(String row, String line) {
    return line.replace("{}", "…").startsWith(row);
  }

  /** What stands between the things that differ. */
  private static Stream<String> parts(String row) {
    return Arrays.stream(row.split("…", -1)).map(String::strip).filter(part -> part.length() > 3);
  }

  private static List<String> rows() throws IOException {
    String page = Files.readString(PAGE);
    List<String> rows =
        page.substring(page.indexOf("<!-- log:"), page.indexOf("<!-- end of log -->"))
            .lines()
            .map(ROW::matcher)
            .filter(Matcher::matches)
            .map(matcher -> matcher.group(1))
            .toList();
    assertTrue(rows.size() > 10, "the page lists little: is it still found?");
    return rows;
  }

  /** All of it, texts joined. */
  private static String source() throws IOException {
    StringBuilder source = new StringBuilder();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        source.append(Files.readString(file)).append('\n');
      }
    }
    return JOINED.matcher(source).replaceAll("");
  }
}
