package dev.heddle.pool.internal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PragmaTest {

  private static final Origin ORIGIN = Origin.systemProperty("heddle.pragma");

  private static Pragma parse(String key, String value) {
    return Pragma.parse(PragmaFamily.of(key).orElseThrow(), key, value, ORIGIN);
  }

  private static String refusal(String key, String value) {
    return Messages.refusal(() -> parse(key, value));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "FULL",
        "on",
        "_x1",
        "0",
        "-2000",
        "+5",
        "0.5",
        "'UTF-16'",
        "\"UTF-8\"",
        "''",
        "'/tmp/a b (1)'"
      })
  void value_wordNumberOrQuotedText_isKept(String value) {
    assertEquals(value, parse("pragma.temp_store", value).value());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "ON; DROP TABLE users",
        "ON;",
        "ON -- x",
        "ON/**/",
        "a b",
        "1)",
        "(1)",
        "=1",
        "main.x",
        "UTF-8",
        "'",
        "'a",
        "a'",
        "'a'; DELETE FROM t; --'",
        "'a''b'",
        "'a\"b'",
        "\"a'b\"",
        "'a;b'",
        "'a\nb'",
        "'a\0b'",
        "ON\n",
        "ON\0",
        "1e5",
        "--1",
        "0x10",
        "[a]",
        "`a`",
        "?",
        ":x",
        "ÖN"
      })
  void value_thatCouldBeMore_isRefused(String value) {
    String message = refusal("pragma.temp_store", value);

    assertTrue(message.startsWith("pragma.temp_store: \""), message);
    assertTrue(message.contains("it takes a word, a number, or a text in quotes"), message);
    assertTrue(message.endsWith("(system property heddle.pragma)"), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "temp store", "temp-store", "x;y", "main.x", "a=1", "a1", "a\n", "ſ", "x("})
  void name_ofOtherCharacters_isRefused(String name) {
    String message = refusal("writer.pragma." + name, "1");

    assertTrue(message.contains("has only letters and _"), message);
  }

  @Test
  void name_inUpperCase_isLowered() {
    Pragma pragma = parse("reader.pragma.Cache_SIZE", "-2000");

    assertEquals("cache_size", pragma.name());
    assertEquals("reader.pragma.cache_size", pragma.key());
    assertEquals(PragmaFamily.READERS, pragma.family());
  }

  @ParameterizedTest
  @MethodSource("dev.heddle.pool.internal.config.RefusedPragmas#names")
  void refusedName_inEveryFamilyAndCase_saysWhy(String name) {
    for (PragmaFamily family : PragmaFamily.values()) {
      String message = refusal(family.prefix() + name.toUpperCase(Locale.ROOT), "1");

      assertTrue(message.contains("can't be set here: "), message);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "journal_mode,always WAL",
    "busy_timeout,use busy-timeout",
    "optimize,a command",
    "user_version,in a migration",
    "key,no place for secrets"
  })
  void refusedName_advice_saysWhatInstead(String name, String advice) {
    String message = refusal("pragma." + name, "'very secret'");

    assertTrue(message.contains(advice), message);
    assertFalse(message.contains("very secret"), message);
  }

  @ParameterizedTest
  @EnumSource
  void family_itsDefaults_areAllowed(PragmaFamily family) {
    family.defaults().forEach((name, value) -> parse(family.prefix() + name, value));
  }
}
