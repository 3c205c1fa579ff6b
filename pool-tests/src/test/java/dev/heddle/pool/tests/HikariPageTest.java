package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariConfig;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;

/** Keeps docs/coming-from-hikaricp.md true: the keys and the tests that it names exist. */
@Timeout(60)
class HikariPageTest {

  private static final Path DOCS = Path.of("..", "docs");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  /** The rows of the table behind a text, as cells. */
  private static List<String[]> rows(String start) throws IOException {
    String page = Files.readString(DOCS.resolve("coming-from-hikaricp.md"));
    int from = page.indexOf(start);
    assertTrue(from >= 0, () -> "the page has no " + start);
    return page.substring(from)
        .lines()
        .dropWhile(line -> !line.startsWith("|"))
        .takeWhile(line -> line.startsWith("|"))
        .skip(2)
        .map(line -> line.split(" *\\| *", -1))
        .toList();
  }

  private static Stream<String> code(String cell) {
    return CODE.matcher(cell).results().map((MatchResult match) -> match.group(1));
  }

  private static Set<String> settersOfHikari() {
    return Arrays.stream(HikariConfig.class.getMethods())
        .map(Method::getName)
        .filter(name -> name.startsWith("set"))
        .map(name -> name.substring(3, 4).toLowerCase(Locale.ROOT) + name.substring(4))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void keysOfHikari_onThePage_areAllThereAre() throws IOException {
    Set<String> named = new TreeSet<>();
    for (String[] cells : rows("## Configuration, key by key")) {
      code(cells[1]).forEach(named::add);
    }
    assertEquals(settersOfHikari(), named);
  }

  @Test
  void keysOfHeddle_onThePage_areInTheConfiguration() throws IOException {
    String configuration = Files.readString(DOCS.resolve("configuration.md"));
    for (String[] cells : rows("## Configuration, key by key")) {
      code(cells[2])
          .filter(Predicate.not(key -> key.contains("(")))
          .forEach(key -> assertTrue(configuration.contains("\n| `" + key + "` |"), key));
    }
  }

  @Test
  void tests_onThePage_exist() throws IOException, ClassNotFoundException {
    List<String[]> rows = rows("<!-- tests: held by HikariPageTest -->");
    assertFalse(rows.isEmpty());
    for (String[] cells : rows) {
      List<String> names = code(cells[3]).filter(name -> !name.contains("(")).toList();
      assertTrue(cells[3].startsWith("none: ") || !names.isEmpty(), cells[1]);
      for (String name : names) {
        requireTest(name);
      }
    }
  }

  @Test
  void testsOfTheConformanceClass_areAllOnThePage() throws IOException {
    Set<String> named = new TreeSet<>();
    for (String[] cells : rows("<!-- tests: held by HikariPageTest -->")) {
      code(cells[3]).forEach(named::add);
    }
    for (Method method : HikariConformanceTest.class.getDeclaredMethods()) {
      if (isTest(method)) {
        assertTrue(named.contains(method.getName()), method.getName());
      }
    }
  }

  private static boolean isTest(Method method) {
    return method.isAnnotationPresent(Test.class)
        || method.isAnnotationPresent(ParameterizedTest.class);
  }

  /** A class, a method of the conformance tests, or both with a dot between them. */
  private static void requireTest(String name) throws ClassNotFoundException {
    boolean isClass = Character.isUpperCase(name.charAt(0));
    String type = isClass ? name.split("\\.", 2)[0] : HikariConformanceTest.class.getSimpleName();
    String method = isClass ? name.substring(Math.min(name.length(), type.length() + 1)) : name;
    Class<?> tests = Class.forName(HikariPageTest.class.getPackageName() + "." + type);
    assertTrue(
        method.isEmpty()
            || Arrays.stream(tests.getDeclaredMethods())
                .anyMatch(test -> test.getName().equals(method) && isTest(test)),
        name);
  }
}
