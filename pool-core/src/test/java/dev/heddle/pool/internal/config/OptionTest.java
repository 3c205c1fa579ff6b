package dev.heddle.pool.internal.config;

import static dev.heddle.pool.internal.config.Messages.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OptionTest {

  private static final Path DATABASE = Path.of("data", "app.db");

  @ParameterizedTest
  @EnumSource
  void option_itsDefault_isAllowed(Option option) {
    Object value = option.defaultValue(DATABASE);

    assertEquals(Optional.of(value), option.kind().parse(Kind.show(value)));
  }

  @ParameterizedTest
  @EnumSource
  void option_itsKey_fitsEveryKindOfVariable(Option option) {
    assertTrue(option.key().matches("[a-z]+([.-][a-z]+)*"), option.key());
    assertEquals(Optional.of(option), Option.of(option.key()));
    assertTrue(PragmaFamily.of(option.key()).isEmpty());
  }

  @ParameterizedTest
  @EnumSource
  void option_itsSentence_fitsIntoATable(Option option) {
    assertTrue(option.sentence().matches("\\S[^|\\n]+\\."), option.sentence());
  }

  @Test
  void readers_default_isTwicePerProcessorWithinBounds() {
    int processors = Runtime.getRuntime().availableProcessors();

    assertEquals(Math.max(4, Math.min(16, 2 * processors)), Option.READERS.defaultValue(DATABASE));
  }

  @ParameterizedTest
  @CsvSource({"data/app.db,app.db", "my app.db,my_app.db", "ünï=1.db,_n__1.db"})
  void name_default_isTheFileNameThatFitsAKey(String database, String name) {
    assertEquals(name, Option.NAME.defaultValue(Path.of(database)));
  }

  @ParameterizedTest
  @CsvSource({"''", "my app", "a=b", "a/b", "ä"})
  void name_withOtherCharacters_isRefused(String name) {
    assertTrue(Option.NAME.kind().parse(name).isEmpty());
  }

  @Test
  void parse_badValue_saysKeyValueAllowedAndOrigin() {
    String refused =
        refusal(() -> Option.READERS.parse("many", Origin.file(Path.of("app.properties"))));

    assertEquals(
        "readers: \"many\" is not allowed; it takes a whole number from 1 to 1000"
            + " (file app.properties)",
        refused);
  }

  @Test
  void parse_longValueOfSeveralLines_staysOneShortLine() {
    String refused =
        refusal(
            () ->
                Option.CARRIERS.parse("off\nfake line\u2028" + "x".repeat(5_000), Origin.DEFAULT));

    assertTrue(refused.startsWith("carriers: \"off?fake line?xxx"));
    assertTrue(refused.length() < 200, refused);
  }
}
