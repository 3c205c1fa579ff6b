package dev.heddle.pool.internal.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnsTest {

  private final Columns columns = new Columns(List.of("id", "Twice", "TWICE", "\u0130", "i\u0307"));

  @ParameterizedTest
  @CsvSource({"id,0", "ID,0", "Twice,1", "TWICE,1", "twice,1", "\u0130,3", "i\u0307,3", "x,-1"})
  void first_inAnyCase_isTheFirstOfItsName(String label, int index) {
    assertEquals(index, columns.first(label));
  }

  @ParameterizedTest
  @CsvSource({"Twice", "TWICE", "twice", "x"})
  void indexOf_unlikeFirst_refusesNamesOfSeveralOrNone(String name) {
    assertThrows(IllegalArgumentException.class, () -> columns.indexOf(name));
  }
}
