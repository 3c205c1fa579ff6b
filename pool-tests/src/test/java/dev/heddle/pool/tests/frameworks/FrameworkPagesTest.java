package dev.heddle.pool.tests.frameworks;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Keeps docs/frameworks true: each block of Java on a page is marked with the test that it comes
 * from, {@code <!-- SpringJdbcTest.java: stream -->}, and is what stands there between {@code //
 * page: stream} and {@code // page end}.
 */
class FrameworkPagesTest {

  private static final Path PAGES = Path.of("..", "docs", "frameworks");
  private static final Path SOURCES =
      Path.of("src", "test", "java", "dev", "heddle", "pool", "tests", "frameworks");

  private static final Pattern MARK = Pattern.compile("<!-- (\\w+\\.java): ([\\w-]+) -->\n");
  private static final Pattern BLOCK =
      Pattern.compile("(?:" + MARK + ")?```java\n(.*?)```", Pattern.DOTALL);

  static List<Path> pages() throws IOException {
    try (Stream<Path> files = Files.list(PAGES)) {
      return files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
    }
  }

  private static List<MatchResult> find(Pattern pattern, Path page) throws IOException {
    return pattern.matcher(Files.readString(page)).results().toList();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void page_itsBlocksOfJava_areWhatTheTestsRun(Path page) throws IOException {
    List<MatchResult> blocks = find(BLOCK, page);

    assertFalse(blocks.isEmpty(), "a page about code shows some");
    assertAll(blocks.stream().map(block -> () -> requireTested(block)));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void page_itsMarks_haveEachABlock(Path page) throws IOException {
    List<MatchResult> marked =
        find(BLOCK, page).stream().filter(block -> block.group(1) != null).toList();

    assertEquals(marked.size(), find(MARK, page).size(), "marks");
  }

  private static void requireTested(MatchResult block) throws IOException {
    String shown = block.group(3);
    assertTrue(block.group(1) != null, () -> "no mark says where this comes from:\n" + shown);
    assertEquals(snippet(SOURCES.resolve(block.group(1)), block.group(2)), shown, block.group());
  }

  /** The lines between the two comments, without the indentation that all of them have. */
  private static String snippet(Path source, String name) throws IOException {
    List<String> lines =
        Files.readAllLines(source).stream()
            .dropWhile(line -> !line.strip().equals("// page: " + name))
            .skip(1)
            .toList();
    assertTrue(
        lines.stream().anyMatch(FrameworkPagesTest::isEnd), () -> source + " has no " + name);
    String snippet =
        lines.stream().takeWhile(line -> !isEnd(line)).collect(Collectors.joining("\n"));
    return snippet.stripTrailing().stripIndent() + "\n";
  }

  private static boolean isEnd(String line) {
    return line.strip().equals("// page end");
  }
}
