package dev.heddle.pool.internal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keeps docs/configuration.md true: its table comes from the catalogue, its example loads. */
class ConfigurationPageTest {

  private static final String START =
      "<!-- options: generated from the catalogue, see ConfigurationPageTest -->\n";
  private static final String END = "<!-- end of options -->";

  private String page = "";

  @BeforeEach
  void readThePage() throws IOException {
    page = Files.readString(Path.of("..", "docs", "configuration.md"));
  }

  private String between(String start, String end) {
    int from = page.indexOf(start);
    int to = page.indexOf(end, from + start.length());
    assertTrue(from >= 0 && to >= 0, () -> "the page has no " + start.strip());
    return page.substring(from + start.length(), to);
  }

  private static String table() {
    Stream<String> head = Stream.of("| key | takes | default | what it is |", "|---|---|---|---|");
    Stream<String> options = Stream.of(Option.values()).map(ConfigurationPageTest::row);
    Stream<String> families = Stream.of(PragmaFamily.values()).map(ConfigurationPageTest::row);
    return Stream.of(head, options, families)
        .flatMap(rows -> rows)
        .collect(Collectors.joining("\n", "\n", "\n\n"));
  }

  private static String row(Option option) {
    String shown = option.defaultText();
    boolean literal = !shown.isEmpty() && option.kind().parse(shown).isPresent();
    return row(
        option.key(),
        option.kind().allowed(),
        shown.isEmpty() ? "(required)" : literal ? "`" + shown + "`" : shown,
        option.sentence());
  }

  private static String row(PragmaFamily family) {
    String defaults =
        new TreeMap<>(family.defaults())
            .entrySet().stream()
                .map(pragma -> "`" + pragma.getKey() + "=" + pragma.getValue() + "`")
                .collect(Collectors.joining(", "));
    return row(family.prefix() + "<name>", "see [pragmas](#pragmas)", defaults, family.sentence());
  }

  private static String row(String key, String takes, String shownDefault, String sentence) {
    return "| `" + key + "` | " + takes + " | " + shownDefault + " | " + sentence + " |";
  }

  @Test
  void table_comparedWithTheCatalogue_isTheSame() {
    String right = table();

    assertEquals(
        right, between(START, END), () -> "docs/configuration.md needs this table:\n" + right);
  }

  @Test
  void example_read_isAllowed() throws IOException {
    Properties example = new Properties();
    example.load(new StringReader(between("```properties\n", "```")));

    Settings settings = SettingsReader.read(example);

    assertEquals("orders", settings.name());
    assertEquals(8, settings.integer(Option.READERS));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "journal_mode", "locking_mode", "query_only", "busy_timeout", "wal_autocheckpoint",
        "integrity_check", "optimize", "wal_checkpoint", "user_version", "defer_foreign_keys",
        "case_sensitive_like", "writable_schema", "key"
      })
  void refusedPragma_namedOnThePage_isRefused(String name) {
    assertTrue(between("**Refused**", "## onConnect").contains("`" + name + "`"));
    assertTrue(RefusedPragmas.reason(name).isPresent());
  }
}
