package dev.heddle.pool.internal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestKeyTest {

  @ParameterizedTest
  @CsvSource({
    "reader,readers",
    "Readers,readers",
    "databse,database",
    "acquireTimeout,acquire-timeout",
    "acquire.timeout,acquire-timeout",
    "ACQUIRE_TIMEOUT,acquire-timeout",
    "busy_timeout,busy-timeout",
    "page-cach,page-cache",
    "pragmas.synchronous,pragma.synchronous",
    "Pragma.cache_size,pragma.cache_size",
    "readers.pragma.mmap_size,reader.pragma.mmap_size",
    "writer-pragma.mmap_size,writer.pragma.mmap_size",
    "write.pragma.x,writer.pragma.x"
  })
  void advice_slip_isTheKeyMeant(String written, String meant) {
    assertEquals("did you mean " + meant + "?", NearestKey.adviceFor(written));
  }

  @Test
  void advice_nothingNear_isEveryKey() {
    String advice = NearestKey.adviceFor("maximumPoolSize");

    for (Option option : Option.values()) {
      assertTrue(advice.contains(option.key()), advice);
    }
    assertTrue(advice.endsWith("writer.pragma.<name of a pragma>"), advice);
  }

  @Test
  void advice_emptyKey_isEveryKey() {
    assertTrue(NearestKey.adviceFor("").startsWith("the keys are database, name"));
  }

  @ParameterizedTest
  @CsvSource({"'','',0", "abc,abc,0", "'',abc,3", "abc,'',3", "kitten,sitting,3", "ab,ba,2"})
  void distance_twoWords_countsEdits(String from, String to, int edits) {
    assertEquals(edits, NearestKey.distance(from, to));
  }
}
