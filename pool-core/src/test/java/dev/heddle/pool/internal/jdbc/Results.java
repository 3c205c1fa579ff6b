package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.internal.sqlite.Columns;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Result sets over rows in memory. */
final class Results {

  private Results() {}

  static ResultSet of(List<String> labels, @Nullable Object[]... rows) {
    return LeasedResultSet.of(
        new RowList(new Columns(labels), Arrays.asList(rows)), null, () -> {});
  }

  /** A result set that is on its only row. */
  static ResultSet on(@Nullable Object... values) throws SQLException {
    List<String> labels = Arrays.stream(values).map(value -> "v").toList();
    ResultSet result = of(labels, new @Nullable Object[][] {values});
    result.next();
    return result;
  }
}
