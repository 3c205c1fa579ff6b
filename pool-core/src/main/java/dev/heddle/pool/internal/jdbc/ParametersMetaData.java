package dev.heddle.pool.internal.jdbc;

import java.sql.JDBCType;
import java.sql.ParameterMetaData;
import java.sql.SQLException;

/** What SQLite knows of parameters: how many there are. Any of them takes any value. */
final class ParametersMetaData implements ParameterMetaData, Unwrapping {

  private final int count;

  ParametersMetaData(int count) {
    this.count = count;
  }

  private <T> T of(int parameter, T answer) throws SQLException {
    if (parameter < 1 || parameter > count) {
      throw Failures.invalid(
          "No parameter %d; the statement has %d, counted from 1".formatted(parameter, count));
    }
    return answer;
  }

  @Override
  public int getParameterCount() {
    return count;
  }

  @Override
  public int getParameterType(int parameter) throws SQLException {
    return of(parameter, JDBCType.VARCHAR.getVendorTypeNumber());
  }

  @Override
  public String getParameterTypeName(int parameter) throws SQLException {
    return of(parameter, JDBCType.VARCHAR.getName());
  }

  @Override
  public String getParameterClassName(int parameter) throws SQLException {
    return of(parameter, String.class.getName());
  }

  @Override
  public int getParameterMode(int parameter) throws SQLException {
    return of(parameter, parameterModeIn);
  }

  @Override
  public int isNullable(int parameter) throws SQLException {
    return of(parameter, parameterNullableUnknown);
  }

  @Override
  public boolean isSigned(int parameter) throws SQLException {
    return of(parameter, true);
  }

  @Override
  public int getPrecision(int parameter) throws SQLException {
    return of(parameter, 0);
  }

  @Override
  public int getScale(int parameter) throws SQLException {
    return of(parameter, 0);
  }
}
