package dev.heddle.pool.internal.jdbc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.ParameterMetaData;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.Types;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParametersTest {

  private final Parameters parameters = new Parameters(3);

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 4, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void set_atAnIndexThatIsNotThere_saysHowManyThereAre(int index) {
    SQLException failure =
        assertThrows(SQLDataException.class, () -> parameters.set(index, "secret"));
    assertEquals("22023", failure.getSQLState());
    assertEquals(
        "No parameter " + index + "; the statement has 3, counted from 1", failure.getMessage());
  }

  @Test
  void values_withoutAllOfThem_nameTheFirstThatIsMissing() throws SQLException {
    parameters.set(1, "a");
    parameters.set(3, "c");
    SQLException failure = assertThrows(SQLDataException.class, parameters::values);
    assertEquals("22023", failure.getSQLState());
    assertTrue(String.valueOf(failure.getMessage()).startsWith("Parameter 2 of 3 was not set"));
  }

  @Test
  void values_ofABatch_stayWhenOthersAreSet() throws SQLException {
    parameters.set(1, "a");
    parameters.set(2, null);
    parameters.set(3, 1L);
    @Nullable Object[] first = parameters.values();
    parameters.set(1, "b");
    parameters.clear();
    assertArrayEquals(new @Nullable Object[] {"a", null, 1L}, first);
  }

  @Test
  void values_ofNoParameters_areNone() throws SQLException {
    assertEquals(0, new Parameters(0).values().length);
  }

  @Test
  void metaData_ofParameters_tellsHowManyThereAreAndLittleElse() throws SQLException {
    ParameterMetaData metaData = parameters.metaData();
    assertEquals(3, metaData.getParameterCount());
    assertEquals(Types.VARCHAR, metaData.getParameterType(3));
    assertEquals("VARCHAR", metaData.getParameterTypeName(1));
    assertEquals("java.lang.String", metaData.getParameterClassName(1));
    assertEquals(ParameterMetaData.parameterModeIn, metaData.getParameterMode(1));
    assertEquals(ParameterMetaData.parameterNullableUnknown, metaData.isNullable(1));
    assertEquals(0, metaData.getPrecision(1));
    assertEquals(0, metaData.getScale(1));
    assertTrue(metaData.isSigned(1));
    assertThrows(SQLDataException.class, () -> metaData.getParameterType(4));
    assertThrows(SQLDataException.class, () -> metaData.isNullable(0));
  }
}
