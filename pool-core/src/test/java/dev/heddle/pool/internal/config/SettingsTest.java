package dev.heddle.pool.internal.config;

import static dev.heddle.pool.internal.config.Messages.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SettingsTest {

  private static final Origin HERE = Origin.call("test");

  /** Settings of a database and more keys and texts in turn. */
  private static Settings settings(String... keysAndTexts) {
    return draft(keysAndTexts).settings();
  }

  private static Draft draft(String... keysAndTexts) {
    Draft draft = new Draft();
    draft.set("database", "data/app.db", HERE);
    for (int i = 0; i < keysAndTexts.length; i += 2) {
      draft.set(keysAndTexts[i], keysAndTexts[i + 1], HERE);
    }
    return draft;
  }

  private static List<String> shown(List<Pragma> pragmas) {
    return pragmas.stream().map(pragma -> pragma.key() + "=" + pragma.value()).toList();
  }

  @Test
  void settings_nothingGiven_haveTheDocumentedDefaults() {
    Settings defaults = settings();

    assertEquals(Path.of("data/app.db"), defaults.database());
    assertEquals("app.db", defaults.name());
    assertEquals(Duration.ofSeconds(5), defaults.duration(Option.ACQUIRE_TIMEOUT));
    assertEquals(Duration.ofSeconds(30), defaults.duration(Option.OPEN_TIMEOUT));
    assertEquals(Duration.ofSeconds(10), defaults.duration(Option.CLOSE_TIMEOUT));
    assertEquals(Duration.ofSeconds(5), defaults.duration(Option.BUSY_TIMEOUT));
    assertEquals(OptionalInt.empty(), defaults.limit(Option.QUEUE_LIMIT));
    assertEquals(128, defaults.integer(Option.STATEMENT_CACHE));
    long heap = Runtime.getRuntime().maxMemory();
    assertEquals(Math.clamp((heap / 4) >> 20, 1L, 64L) << 20, defaults.bytes(Option.PAGE_CACHE));
    assertTrue(defaults.reservesCarriers());
    assertEquals(
        Optional.of(PosixFilePermissions.fromString("rw-------")), defaults.filePermissions());
  }

  @Test
  void settings_everythingGiven_haveTheValuesGiven() {
    Settings given =
        settings(
            "name",
            "orders",
            "readers",
            "7",
            "queue-limit",
            "0",
            "acquire-timeout",
            "0",
            "page-cache",
            "1MiB",
            "carriers",
            "off",
            "file-permissions",
            "group",
            "restore-from",
            "old.db");

    assertEquals("orders", given.name());
    assertEquals(7, given.integer(Option.READERS));
    assertEquals(OptionalInt.of(0), given.limit(Option.QUEUE_LIMIT));
    assertEquals(Duration.ZERO, given.duration(Option.ACQUIRE_TIMEOUT));
    assertEquals(1L << 20, given.bytes(Option.PAGE_CACHE));
    assertFalse(given.reservesCarriers());
    assertEquals(
        Optional.of(PosixFilePermissions.fromString("rw-rw----")), given.filePermissions());
    assertEquals(Optional.empty(), settings("file-permissions", "umask").filePermissions());
    assertEquals(Optional.of(Path.of("old.db")), given.restoreFrom());
    assertEquals(Optional.empty(), settings("restore-from", "none").restoreFrom());
  }

  @ParameterizedTest
  @EnumSource
  void text_ofEveryOption_canBeGivenAgain(Option option) {
    Settings settings = settings();

    assertEquals(settings, settings(option.key(), settings.text(option)));
  }

  @Test
  void getter_ofAnotherKind_throws() {
    Settings settings = settings();

    assertThrows(ClassCastException.class, () -> settings.integer(Option.ACQUIRE_TIMEOUT));
  }

  @Test
  void pragmas_nothingGiven_areTheDefaultsSortedByName() {
    List<String> defaults =
        List.of("pragma.foreign_keys=ON", "pragma.mmap_size=0", "pragma.synchronous=FULL");

    assertEquals(defaults, shown(settings().writerPragmas()));
    assertEquals(defaults, shown(settings().readerPragmas()));
  }

  @Test
  void pragmas_ofSeveralFamilies_theSpecificOneWins() {
    Settings settings =
        settings(
            "writer.pragma.synchronous",
            "EXTRA",
            "pragma.synchronous",
            "NORMAL",
            "reader.pragma.cache_size",
            "-500",
            "pragma.temp_store",
            "MEMORY");

    assertEquals(
        List.of(
            "pragma.foreign_keys=ON",
            "pragma.mmap_size=0",
            "writer.pragma.synchronous=EXTRA",
            "pragma.temp_store=MEMORY"),
        shown(settings.writerPragmas()));
    assertEquals(
        List.of(
            "reader.pragma.cache_size=-500",
            "pragma.foreign_keys=ON",
            "pragma.mmap_size=0",
            "pragma.synchronous=NORMAL",
            "pragma.temp_store=MEMORY"),
        shown(settings.readerPragmas()));
  }

  @Test
  void pragmas_list_canNotBeChanged() {
    List<Pragma> pragmas = settings().writerPragmas();

    assertThrows(UnsupportedOperationException.class, pragmas::removeFirst);
  }

  @Test
  void settings_cacheSizeWithoutPageCache_areAllowed() {
    assertTrue(settings("pragma.cache_size", "-500").toString().contains("page-cache=64MiB"));
  }

  @ParameterizedTest
  @EnumSource
  void settings_cacheSizeAndPageCache_conflictInEveryFamily(PragmaFamily family) {
    Draft draft = draft("page-cache", "64MiB", family.prefix() + "cache_size", "-500");

    String refused = refusal(draft::settings);

    assertEquals(
        family.prefix()
            + "cache_size: can't be given together with page-cache (PoolConfig.test): remove one"
            + " of them (PoolConfig.test)",
        refused);
  }

  @Test
  void settings_noDatabase_areRefused() {
    String refused = refusal(() -> new Draft().settings());

    assertTrue(refused.startsWith("database: is missing; it takes the path"));
  }

  @Test
  void draft_usedFurther_leavesItsSettingsAlone() {
    Draft draft = draft("readers", "3");
    Settings before = draft.settings();
    draft.set("readers", "4", HERE);
    draft.set("pragma.temp_store", "MEMORY", HERE);

    assertEquals(settings("readers", "3"), before);
    assertEquals(4, draft.settings().integer(Option.READERS));
  }

  @Test
  void draft_ofSettings_givesThemAgainAndKeepsDefaultsOpen() {
    Settings settings = settings("readers", "3", "pragma.temp_store", "MEMORY");
    Draft draft = Draft.of(settings);

    assertEquals(settings.toString(), draft.settings().toString());
    draft.set("database", "other.db", HERE);
    assertEquals("other.db", draft.settings().name());
    draft.set("pragma.cache_size", "-500", HERE);
    assertEquals(3, draft.settings().integer(Option.READERS));
  }

  @Test
  void equals_sameValues_holdsWhoeverGaveThem() {
    Settings defaults = settings();
    Settings written = settings("acquire-timeout", "5000ms", "pragma.synchronous", "FULL");

    assertEquals(defaults, written);
    assertEquals(defaults.hashCode(), written.hashCode());
  }

  @Test
  void equals_oneOtherValue_doesNotHold() {
    assertNotEquals(settings(), settings("acquire-timeout", "5001ms"));
    assertNotEquals(settings(), settings("reader.pragma.synchronous", "FULL"));
    assertNotEquals(settings(), settings("pragma.synchronous", "NORMAL"));
    assertFalse(settings().equals(new Object()));
  }

  @Test
  void toString_someGiven_showsEverythingAndMarksDefaults() {
    String text =
        settings("readers", "3", "acquire-timeout", "60s", "pragma.mmap_size", "0").toString();

    assertEquals(
        "database=data/app.db, name=app.db (default), mode=read-write (default), readers=3,"
            + " acquire-timeout=1m, open-timeout=30s (default), queue-limit=none (default),"
            + " writer.max-time=30s (default), reader.max-time=5m (default), statement-timeout=0"
            + " (default), leak-report.after=10s (default), leak-report.stacks=off (default),"
            + " slow-statement.after=1s (default), slow-statement.plan=off (default),"
            + " slow-wait.after=1s (default),"
            + " close-timeout=10s (default), group.max-units=1024 (default), group.max-age=5ms"
            + " (default), statement-cache=128 (default), page-cache=64MiB (default),"
            + " busy-timeout=5s (default), wal.checkpoint-pages=4000 (default),"
            + " wal.truncate-above=64MiB (default), optimize.every=1h (default),"
            + " carriers=reserve (default), file-permissions=owner (default),"
            + " restore-from=none (default), pragma.foreign_keys=ON (default),"
            + " pragma.mmap_size=0,"
            + " pragma.synchronous=FULL (default)",
        text);
  }
}
