package dev.heddle.pool.internal.config;

import static dev.heddle.pool.internal.config.Messages.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsReaderTest {

  @TempDir Path folder;

  private Path file = Path.of("");

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve("app.properties");
  }

  private Settings read(String text) throws IOException {
    return read(text, Map.of(), Map.of());
  }

  private Settings read(String text, Map<String, String> environment, Map<String, String> system)
      throws IOException {
    Files.writeString(file, text);
    return SettingsReader.read(file, environment, system);
  }

  private List<String> problems(String text) {
    return problems(text, Map.of());
  }

  private List<String> problems(String text, Map<String, String> environment) {
    return refusal(() -> read(text, environment, Map.of()))
        .lines()
        .map(line -> line.replace(file.toString(), "FILE"))
        .toList();
  }

  @Test
  void file_optionsAndPragmas_areRead() throws IOException {
    Settings settings =
        read("database=/data/ünï.db\nname=orders\nreaders = 8  \nwriter.pragma.Temp_Store: MEMORY");

    assertEquals(Path.of("/data/ünï.db"), settings.database());
    assertEquals("orders", settings.name());
    assertEquals(8, settings.integer(Option.READERS));
    assertEquals("MEMORY", settings.writerPragmas().getLast().value());
  }

  @Test
  void file_relativeDatabase_staysRelativeToTheWorkingDirectory() throws IOException {
    assertEquals(Path.of("data/app.db"), read("database=data/app.db").database());
  }

  @Test
  void file_withByteOrderMark_isReadWithoutIt() throws IOException {
    assertEquals(Path.of("app.db"), read("\uFEFFdatabase=app.db").database());
  }

  @Test
  void file_missing_saysWhereItWasLookedFor() {
    String missing =
        Messages.of(
            NoSuchFileException.class,
            () -> SettingsReader.read(Path.of("no-such.properties"), Map.of(), Map.of()));

    assertEquals(
        "no-such.properties: no such configuration file (looked for "
            + Path.of("no-such.properties").toAbsolutePath()
            + ")",
        missing);
  }

  @Test
  void file_thatIsAFolder_saysSo() {
    String refused =
        Messages.of(
            FileSystemException.class, () -> SettingsReader.read(folder, Map.of(), Map.of()));

    assertTrue(refused.endsWith("is a folder, not a properties file"));
  }

  @Test
  void file_inAnotherEncoding_saysSo() throws IOException {
    Files.write(file, "database=ünï.db".getBytes(StandardCharsets.ISO_8859_1));

    String refused = refusal(() -> SettingsReader.read(file, Map.of(), Map.of()));

    assertEquals("file " + file + ": is not text in UTF-8", refused);
  }

  @Test
  void file_withABackslashBeforeU_namesTheFileAndTheWayOut() {
    String problem = problems("database=C:\\users\\app.db").getFirst();

    assertTrue(problem.startsWith("file FILE: "), problem);
    assertTrue(problem.contains("use / in paths"), problem);
  }

  @Test
  void file_severalProblems_areReportedTogether() {
    assertEquals(
        List.of(
            "5 problems in the configuration:",
            "  databse: unknown key; did you mean database? (file FILE)",
            "  pragma.journal_mode: can't be set here: it is always WAL, which the pool is built on"
                + " (file FILE)",
            "  readers: \"0\" is not allowed; it takes a whole number from 1 to 1000 (file FILE)",
            "  acquire-timeout: \"soon\" is not allowed; it takes a duration such as 250ms, 5s, 2m"
                + " or 1h, from 0 to 24h (environment variable HEDDLE_ACQUIRE_TIMEOUT)",
            "  database: is missing; it takes the path of a file: no URL, and not :memory: (use"
                + " SqlitePool.ephemeral() for that)"),
        problems(
            "readers=0\ndatabse=app.db\npragma.journal_mode=DELETE",
            Map.of("HEDDLE_ACQUIRE_TIMEOUT", "soon")));
  }

  @Test
  void file_refusedDatabase_isNotReportedAsMissingToo() {
    List<String> problems = problems("database=:memory:");

    assertEquals(1, problems.size());
    assertTrue(problems.getFirst().contains("SqlitePool.ephemeral()"), problems.getFirst());
  }

  @Test
  void file_valueOfAnUnknownKey_isNotShown() {
    assertTrue(
        problems("database=a.db\npassword=hunter2").stream()
            .noneMatch(line -> line.contains("hunter2")));
  }

  @Test
  void file_samePragmaInTwoCases_isRefused() {
    assertEquals(
        List.of("pragma.synchronous: is given twice, in different case (file FILE)"),
        problems("database=a.db\npragma.Synchronous=FULL\npragma.synchronous=NORMAL"));
  }

  @Test
  void file_badValueThatIsOverridden_isStillAnError() {
    assertEquals(1, problems("database=a.db\nreaders=many", Map.of("HEDDLE_READERS", "8")).size());
  }

  @ParameterizedTest
  @CsvSource({
    "-,-,-,-,1",
    "2,-,-,-,2",
    "2,3,-,-,3",
    "-,3,-,-,3",
    "2,3,4,-,4",
    "2,3,4,5,5",
    "-,3,4,-,4"
  })
  void override_precedence_isNamedThenPropertyThenEnvironmentThenFile(
      String env, String system, String namedEnv, String namedSystem, int expected)
      throws IOException {
    Map<String, String> environment =
        Map.of("HEDDLE_READERS", env, "HEDDLE_ORDERS_READERS", namedEnv);
    Map<String, String> properties =
        Map.of("heddle.readers", system, "heddle.orders.readers", namedSystem);

    Settings settings =
        read("database=a.db\nname=orders\nreaders=1", given(environment), given(properties));

    assertEquals(expected, settings.integer(Option.READERS));
  }

  private static Map<String, String> given(Map<String, String> variables) {
    Map<String, String> given = new HashMap<>(variables);
    given.values().removeIf("-"::equals);
    return given;
  }

  @Test
  void override_ofAPragma_replacesTheFiles() throws IOException {
    Settings settings =
        read(
            "database=a.db\npragma.synchronous=EXTRA",
            Map.of("HEDDLE_PRAGMA_SYNCHRONOUS", "NORMAL", "HEDDLE_UNKNOWN", "x"),
            Map.of());

    assertEquals("NORMAL", settings.writerPragmas().getLast().value());
  }

  @Test
  void override_ofTheDatabase_standsInForTheFiles() throws IOException {
    Settings settings = read("readers=2", Map.of("HEDDLE_DATABASE", "/data/a.db"), Map.of());

    assertEquals(Path.of("/data/a.db"), settings.database());
  }

  @Test
  void override_thatConflictsWithTheFile_namesBoth() {
    assertEquals(
        List.of(
            "pragma.cache_size: can't be given together with page-cache (environment variable"
                + " HEDDLE_PAGE_CACHE): remove one of them (file FILE)"),
        problems("database=a.db\npragma.cache_size=-500", Map.of("HEDDLE_PAGE_CACHE", "8MiB")));
  }

  @Test
  void properties_withInheritedDefaults_areReadWithThem() {
    Properties defaults = new Properties();
    defaults.setProperty("database", "a.db");
    Properties properties = new Properties(defaults);
    properties.setProperty("readers", "3");

    Settings settings = SettingsReader.read(properties);

    assertEquals(Path.of("a.db"), settings.database());
    assertEquals(3, settings.integer(Option.READERS));
  }

  @Test
  void properties_withAValueThatIsNoString_areRefused() {
    Properties properties = new Properties();
    properties.setProperty("database", "a.db");
    properties.put("readers", 8);

    String refused = refusal(() -> SettingsReader.read(properties));

    assertEquals(
        "readers: key and value must be strings, use setProperty (the given Properties)", refused);
  }
}
