package dev.heddle.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.internal.config.Option;
import dev.heddle.pool.internal.config.Pragma;
import dev.heddle.pool.internal.config.Settings;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A properties file gives a configuration that is in order, or an error that names what is wrong
 * with it; and a pragma in it is never more than a pragma.
 */
class HostilePropertiesTest {

  /** More of them for a long run: {@code -Dheddle.properties.rounds=1000000 -Dheddle.seed=…}. */
  private static final int ROUNDS = Integer.getInteger("heddle.properties.rounds", 3_000);

  private static final long SEED = Long.getLong("heddle.seed", 20_261_123L);

  /** Opening takes a thousand times as long as reading a file. */
  private static final int OPENED = Math.max(50, ROUNDS / 100);

  private static final Duration DAY = Duration.ofHours(24);

  @TempDir Path folder;

  private Path database;

  @BeforeEach
  void makeDatabase() throws SQLException {
    database = folder.resolve("canary.db");
    ask("CREATE TABLE canary(v)");
    ask("INSERT INTO canary VALUES ('alive')");
  }

  private String ask(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      if (!statement.execute(sql)) {
        return "";
      }
      try (ResultSet result = statement.getResultSet()) {
        return String.valueOf(result.getString(1));
      }
    }
  }

  @Test
  void load_hostileFile_givesSettingsInRangeOrNamesWhatIsWrong() throws IOException {
    Path file = folder.resolve("pool.properties");
    HostileProperties files = new HostileProperties(new Random(SEED));
    int accepted = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] bytes = files.next();
      Files.write(file, bytes);
      accepted += at(round, bytes, () -> isAccepted(file, bytes)) ? 1 : 0;
    }
    assertTrue(accepted > ROUNDS / 20 && accepted < ROUNDS * 19 / 20, accepted + " are accepted");
  }

  /** What a hostile text did is found out by its round and seed; no other failure may hide it. */
  private static boolean at(int round, byte[] bytes, BooleanSupplier check) {
    try {
      return check.getAsBoolean();
    } catch (RuntimeException | AssertionError e) {
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      String shown = text.substring(0, Math.min(1_000, text.length()));
      throw new AssertionError("heddle.seed=" + SEED + ", round " + round + ": " + shown, e);
    }
  }

  private static boolean isAccepted(Path file, byte[] bytes) {
    try {
      PoolConfig config = PoolConfig.load(file, Map.of(), Map.of());
      requireInRange(config.settings());
      assertEquals(config, config.toBuilder().build());
      return true;
    } catch (IllegalArgumentException e) {
      requireNamesWhatIsWrong(String.valueOf(e.getMessage()), file, bytes);
      return false;
    } catch (IOException e) {
      throw new AssertionError("the file could be read", e);
    }
  }

  private static void requireInRange(Settings settings) {
    for (Option option : Option.values()) {
      String text = settings.text(option);
      boolean sound =
          switch (option) {
            case DATABASE -> !settings.database().toString().isBlank() && isFile(text);
            case RESTORE_FROM -> isFile(text);
            case NAME -> text.matches("[A-Za-z0-9._-]+");
            case MODE -> Set.of("read-write", "read-only").contains(text);
            case READERS -> isWithin(settings.integer(option), 1, 1_000);
            case STATEMENT_CACHE -> isWithin(settings.integer(option), 0, 10_000);
            case WAL_CHECKPOINT_PAGES -> isWithin(settings.integer(option), 0, 10_000_000);
            case GROUP_MAX_UNITS -> isWithin(settings.integer(option), 1, 1_000_000);
            case QUEUE_LIMIT -> settings.limit(option).orElse(0) >= 0;
            case PAGE_CACHE, WAL_TRUNCATE_ABOVE ->
                isWithin(settings.bytes(option), 1L << 20, 1L << 40);
            case GROUP_MAX_AGE -> isWithin(settings.duration(option).toMillis(), 1, 10_000);
            case CARRIERS -> Set.of("reserve", "off").contains(text);
            case FILE_PERMISSIONS -> Set.of("owner", "group", "umask").contains(text);
            case LEAK_REPORT_STACKS, SLOW_STATEMENT_PLAN -> Set.of("on", "off").contains(text);
            default -> isWithin(settings.duration(option).toNanos(), 0, DAY.toNanos());
          };
      assertTrue(sound, () -> option.key() + "=" + text);
    }
  }

  private static boolean isWithin(long number, long least, long most) {
    return number >= least && number <= most;
  }

  private static boolean isFile(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return Stream.of(":", "file:", "jdbc:").noneMatch(lower::startsWith) && !text.contains("\0");
  }

  /** A line for each problem, which begins with the key; or one about the whole file. */
  private static void requireNamesWhatIsWrong(String message, Path file, byte[] bytes) {
    assertTrue(message.contains(file.toString()) || message.startsWith("database: "), message);
    if (message.startsWith("file " + file)) {
      return; // not UTF-8, or an escape that is none: there are no keys then
    }
    List<String> lines = new ArrayList<>(message.lines().toList());
    if (lines.size() > 1) {
      String title = lines.removeFirst();
      assertEquals(lines.size() + " problems in the configuration:", title);
      lines.replaceAll(line -> line.substring(2));
    }
    Set<String> keys = keys(bytes);
    keys.add("database");
    for (String line : lines) {
      assertTrue(keys.stream().anyMatch(key -> line.startsWith(key + ": ")), line);
      assertTrue(line.length() < 2_000, () -> "a problem of " + line.length() + " characters");
    }
  }

  /** As messages show them: in one line, and shortened. */
  private static Set<String> keys(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(text.startsWith("\ufeff") ? text.substring(1) : text));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return properties.stringPropertyNames().stream()
        .map(key -> key.replaceAll("[\\p{Cntrl}\u2028\u2029]", "?"))
        .map(key -> key.length() > 100 ? key.substring(0, 100) + "…" : key)
        .collect(Collectors.toSet());
  }

  @Test
  void open_hostilePragmas_neverRunAnythingElse() throws SQLException, IOException {
    HostileProperties files = new HostileProperties(new Random(SEED));
    Path file = folder.resolve("pool.properties");
    int tried = 0;
    int opened = 0;
    while (tried < OPENED) {
      byte[] bytes = files.next();
      Files.write(file, bytes);
      List<Pragma> pragmas = pragmasOf(file);
      if (!pragmas.isEmpty()) {
        tried++;
        opened += opens(pragmas) ? 1 : 0;
        String shown = "heddle.seed=" + SEED + ": " + pragmas;
        assertEquals("alive", ask("SELECT v FROM canary"), shown);
        String tables =
            "SELECT group_concat(name) FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'";
        assertEquals("canary", ask(tables), shown);
        assertEquals(Set.of("canary.db", "pool.properties"), files(), shown);
      }
    }
    assertTrue(opened > 0 && opened < tried, opened + " of " + tried + " are opened");
  }

  private Set<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(path -> String.valueOf(path.getFileName())).collect(Collectors.toSet());
    }
  }

  /** Those that somebody has given. */
  private static List<Pragma> pragmasOf(Path file) throws IOException {
    try {
      Settings settings = PoolConfig.load(file, Map.of(), Map.of()).settings();
      return Stream.concat(settings.writerPragmas().stream(), settings.readerPragmas().stream())
          .filter(pragma -> !pragma.origin().text().equals("default"))
          .distinct()
          .toList();
    } catch (IllegalArgumentException e) {
      return List.of();
    }
  }

  private boolean opens(List<Pragma> pragmas) throws SQLException {
    PoolConfig.Builder config = PoolConfig.builder(database).readers(1);
    pragmas.forEach(pragma -> config.set(pragma.key(), pragma.value()));
    try (SqlitePool pool = SqlitePool.open(config.build())) {
      return pool.isHealthy();
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      assertTrue(pragmas.stream().anyMatch(p -> message.startsWith(p.key() + "=")), message);
      return false;
    }
  }
}
