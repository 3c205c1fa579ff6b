package dev.heddle.pool.internal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KindTest {

  private static final Kind WHOLE = new Kind.Whole(1, 1_000);
  private static final Kind LIMIT = new Kind.Limit(0);
  private static final Kind TIME = new Kind.Time(Duration.ZERO, Duration.ofHours(24));
  private static final Kind SIZE = new Kind.Size(1L << 12, 1L << 40);
  private static final Kind TEXT = new Kind.Text(Pattern.compile("[a-z]+"), "small letters");
  private static final Kind CHOICE = new Kind.Choice(List.of("reserve", "off"));
  private static final Kind FILE = new Kind.File();

  @ParameterizedTest
  @ValueSource(ints = {1, 8, 1_000})
  void whole_inRange_isRead(int number) {
    assertEquals(Optional.of(number), WHOLE.parse(Integer.toString(number)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "1001", "4294967297", "8.0", "1e2", "0x8", "8 ", "eight"})
  void whole_otherText_isRefused(String text) {
    assertTrue(WHOLE.parse(text).isEmpty());
  }

  @Test
  void limit_numberOrNone_isRead() {
    assertEquals(Optional.of(OptionalInt.of(0)), LIMIT.parse("0"));
    assertEquals(Optional.of(OptionalInt.of(500)), LIMIT.parse("500"));
    assertEquals(Optional.of(OptionalInt.empty()), LIMIT.parse("none"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "None", "unlimited", "2147483648"})
  void limit_otherText_isRefused(String text) {
    assertTrue(LIMIT.parse(text).isEmpty());
  }

  @ParameterizedTest
  @CsvSource({"0,0", "0s,0", "250ms,250", "5s,5000", "2m,120000", "1h,3600000", "24h,86400000"})
  void time_wholeNumberAndUnit_isRead(String text, long millis) {
    assertEquals(Optional.of(Duration.ofMillis(millis)), TIME.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "5",
        "s",
        "5 s",
        "5S",
        "1.5s",
        "-5s",
        "+5s",
        "PT5S",
        "5us",
        "1d",
        "25h",
        "5s5ms",
        "5124095576030432h",
        "99999999999999999999ms"
      })
  void time_otherText_isRefused(String text) {
    assertTrue(TIME.parse(text).isEmpty());
  }

  @Test
  void time_belowItsMinimum_isRefused() {
    Kind positive = new Kind.Time(Duration.ofMillis(1), Duration.ofSeconds(1));

    assertTrue(positive.parse("0").isEmpty());
    assertTrue(positive.allowed().endsWith("from 1ms to 1s"), positive.allowed());
  }

  @ParameterizedTest
  @CsvSource({"4096B,4096", "512KiB,524288", "64MiB,67108864", "1GiB,1073741824"})
  void size_wholeNumberAndUnit_isRead(String text, long bytes) {
    assertEquals(Optional.of(bytes), SIZE.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "4095B",
        "64",
        "64MB",
        "64mib",
        "64 MiB",
        "-64MiB",
        "1.5GiB",
        "1025GiB",
        "1TiB",
        "17179869184GiB",
        "34359738368GiB",
        "999999999999999999GiB"
      })
  void size_otherText_isRefused(String text) {
    assertTrue(SIZE.parse(text).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Abc", "abc\n", "a b"})
  void text_notOfThePattern_isRefused(String text) {
    assertTrue(TEXT.parse(text).isEmpty());
    assertEquals(Optional.of("abc"), TEXT.parse("abc"));
    assertEquals("small letters", TEXT.allowed());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Reserve", "on", "reserve,off"})
  void choice_otherWord_isRefused(String text) {
    assertTrue(CHOICE.parse(text).isEmpty());
    assertEquals(Optional.of("off"), CHOICE.parse("off"));
    assertEquals("one of reserve, off", CHOICE.allowed());
  }

  @ParameterizedTest
  @ValueSource(strings = {"app.db", "/var/lib/app.db", "data/my app.db", "ünï.db", "jdbc", "file"})
  void file_path_isRead(String text) {
    assertEquals(Optional.of(Path.of(text)), FILE.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "/",
        ":memory:",
        "jdbc:sqlite:app.db",
        "JDBC:sqlite:app.db",
        "file:app.db?mode=ro",
        "app\0.db"
      })
  void file_whatIsNoPathOfAFile_isRefused(String text) {
    assertTrue(FILE.parse(text).isEmpty());
  }

  @ParameterizedTest
  @CsvSource({"0,0", "1,1ms", "1000,1s", "1500,1500ms", "60000,1m", "90000,90s", "86400000,24h"})
  void show_duration_isTheShortestText(long millis, String text) {
    assertEquals(text, Kind.show(Duration.ofMillis(millis)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT-1S", "PT0.0005S", "PT2562047788015215H30M7S"})
  void show_durationWithoutATextForm_isItsOwnForm(String iso) {
    assertEquals(iso, Kind.show(Duration.parse(iso)));
    assertTrue(TIME.parse(iso).isEmpty());
  }

  @ParameterizedTest
  @CsvSource({"4096,4KiB", "4097,4097B", "67108864,64MiB", "1099511627776,1024GiB", "-1,-1"})
  void show_size_isTheShortestText(long bytes, String text) {
    assertEquals(text, Kind.show(bytes));
  }

  @Test
  void show_limit_isNumberOrNone() {
    assertEquals("7", Kind.show(OptionalInt.of(7)));
    assertEquals("none", Kind.show(OptionalInt.empty()));
  }

  @Test
  void fileOrNone_text_isAFileOrNone() {
    Kind kind = new Kind.FileOrNone();
    assertEquals(Optional.of(Optional.of(Path.of("a.db"))), kind.parse("a.db"));
    assertEquals(Optional.of(Optional.empty()), kind.parse("none"));
    assertEquals(Optional.empty(), kind.parse("file:a.db"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.db", "./none", "none"})
  void show_fileOrNone_isReadBack(String text) {
    assertEquals(text, Kind.show(new Kind.FileOrNone().parse(text).orElseThrow()));
  }
}
