package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keeps docs/jdbc.md true: its tables hold what comes of doing what they say. */
@Timeout(90)
class JdbcTableTest {

  private static final String START =
      "<!-- tables: what comes of the probes, see JdbcTableTest -->\n";
  private static final String END = "<!-- end of tables -->";
  private static final String HEAD =
      """
      | what is done | the driver | HikariCP | Heddle | a test that goes further |
      |---|---|---|---|---|
      """;

  @TempDir Path folder;

  private record Subject(String name, List<JdbcProbe> probes) {}

  private static List<Subject> subjects() {
    return List.of(
        new Subject("Connections", ConnectionProbes.all()),
        new Subject("Transactions", TransactionProbes.all()),
        new Subject("Statements", StatementProbes.all()),
        new Subject("Result sets and generated keys", ResultProbes.all()),
        new Subject("Types", TypeProbes.all()),
        new Subject("Errors", ErrorProbes.all()));
  }

  static Stream<JdbcProbe> probes() {
    return subjects().stream().flatMap(subject -> subject.probes().stream());
  }

  static Stream<String> furtherTests() {
    return probes().map(JdbcProbe::test).filter(test -> !test.isEmpty()).distinct();
  }

  private String outcome(JdbcProbe probe, JdbcSide.Maker side) throws SQLException, IOException {
    Path file = Files.createTempDirectory(folder, "side").resolve("test.db");
    try (JdbcSide opened = side.open(file)) {
      return probe.on(opened);
    }
  }

  @ParameterizedTest
  @MethodSource("probes")
  void heddle_jdbcIsUsed_doesWhatIsPromised(JdbcProbe probe) throws SQLException, IOException {
    assertEquals(probe.promised(), outcome(probe, JdbcSide::heddle));
  }

  @ParameterizedTest
  @MethodSource("furtherTests")
  void test_namedOnThePage_exists(String test) throws ClassNotFoundException {
    String[] parts = test.split("\\.", 2);
    Class<?> type = Class.forName(getClass().getPackageName() + "." + parts[0]);
    assertTrue(
        Arrays.stream(type.getDeclaredMethods())
            .anyMatch(method -> method.getName().equals(parts[1])));
  }

  @Test
  @Timeout(300)
  void tables_comparedWithWhatHappens_areTheSame() throws SQLException, IOException {
    String page = Files.readString(Path.of("..", "docs", "jdbc.md"));
    int from = page.indexOf(START) + START.length();
    StringBuilder right = new StringBuilder();
    for (Subject subject : subjects()) {
      right.append("\n### ").append(subject.name()).append("\n\n").append(HEAD);
      for (JdbcProbe probe : subject.probes()) {
        right.append(row(probe));
      }
    }
    right.append('\n');

    assertEquals(
        right.toString(),
        page.substring(from, page.indexOf(END, from)),
        () -> "docs/jdbc.md needs these tables:\n" + right);
  }

  /** Heddle's cell is the promise, which the other test holds. */
  private String row(JdbcProbe probe) throws SQLException, IOException {
    String driver = outcome(probe, JdbcSide::driver);
    String hikari = outcome(probe, JdbcSide::hikari);
    String test = probe.test().isEmpty() ? "" : "`" + probe.test() + "`";
    return String.join(
        " | ",
        "| " + probe.behaviour(),
        driver,
        hikari.equals(driver) ? "the same" : hikari,
        probe.promised(),
        test + " |\n");
  }
}
