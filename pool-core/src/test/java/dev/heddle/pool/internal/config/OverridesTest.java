package dev.heddle.pool.internal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OverridesTest {

  private static List<String> find(
      String pool, Map<String, String> environment, Map<String, String> system) {
    return new Overrides(Optional.of(pool).filter(name -> !name.isEmpty()))
        .in(environment, system).stream()
            .map(entry -> entry.key() + "=" + entry.text() + " from " + entry.origin())
            .toList();
  }

  @ParameterizedTest
  @EnumSource
  void overrides_ofEveryOption_areFound(Option option) {
    String variable = "HEDDLE_" + option.name();

    assertEquals(
        List.of(
            option.key() + "=e from environment variable " + variable,
            option.key() + "=s from system property heddle." + option.key()),
        find("", Map.of(variable, "e"), Map.of("heddle." + option.key(), "s")));
  }

  @Test
  void overrides_ofPragmas_areFoundInEveryFamily() {
    assertEquals(
        List.of(
            "pragma.SYNCHRONOUS=1 from environment variable HEDDLE_PRAGMA_SYNCHRONOUS",
            "reader.pragma.CACHE_SIZE=2 from environment variable HEDDLE_READER_PRAGMA_CACHE_SIZE",
            "writer.pragma.x=3 from system property heddle.writer.pragma.x"),
        find(
            "",
            Map.of("HEDDLE_READER_PRAGMA_CACHE_SIZE", "2", "HEDDLE_PRAGMA_SYNCHRONOUS", "1"),
            Map.of("heddle.writer.pragma.x", "3")));
  }

  @Test
  void overrides_ofAllFourKinds_comeInOrderOfPrecedence() {
    assertEquals(
        List.of(
            "readers=1 from environment variable HEDDLE_READERS",
            "readers=2 from system property heddle.readers",
            "readers=3 from environment variable HEDDLE_MY_ORDERS_DB_READERS",
            "readers=4 from system property heddle.My-orders.db.readers"),
        find(
            "My-orders.db",
            Map.of("HEDDLE_MY_ORDERS_DB_READERS", "3", "HEDDLE_READERS", "1"),
            Map.of("heddle.My-orders.db.readers", "4", "heddle.readers", "2")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HEDDLE_",
        "HEDDLE_HOME",
        "HEDDLEREADERS",
        "heddle_readers",
        "HEDDLE_CUSTOMERS_READERS",
        "HEDDLE_ORDERS_HOME",
        "HEDDLE_ORDERS_",
        "READERS",
        "HEDDLE_ACQUIRE-TIMEOUT"
      })
  void environmentVariable_thatFitsNoOption_isIgnored(String variable) {
    assertEquals(List.of(), find("orders", Map.of(variable, "1"), Map.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "heddle.",
        "heddle.home",
        "readers",
        "HEDDLE.readers",
        "heddle.Readers",
        "heddle.customers.readers",
        "heddle.acquire_timeout",
        "heddle.orders"
      })
  void systemProperty_thatFitsNoOption_isIgnored(String property) {
    assertEquals(List.of(), find("orders", Map.of(), Map.of(property, "1")));
  }

  @Test
  void override_ofAPoolWithoutAName_isIgnored() {
    assertEquals(List.of(), find("", Map.of("HEDDLE_ORDERS_READERS", "1"), Map.of()));
  }

  @Test
  void override_thatIsAWholeKey_isForEveryPool() {
    assertEquals(
        List.of("reader.pragma.x=1 from system property heddle.reader.pragma.x"),
        find("reader", Map.of(), Map.of("heddle.reader.pragma.x", "1")));
  }

  @Test
  void override_withWhiteSpace_losesIt() {
    assertEquals(
        List.of("readers=8 from environment variable HEDDLE_READERS"),
        find("", Map.of("HEDDLE_READERS", " 8\n"), Map.of()));
  }
}
