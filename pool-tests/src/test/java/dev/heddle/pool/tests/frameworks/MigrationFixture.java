package dev.heddle.pool.tests.frameworks;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.SqlitePool;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;

/** What is asked about a library's schema after it was migrated. */
abstract class MigrationFixture extends FrameworkFixture {

  /** For migrations, which may wait for each other, and take their time. */
  static DataSource forMigrations(SqlitePool pool) {
    // page: options
    LeaseOptions patient =
        LeaseOptions.DEFAULTS
            .withLabel("migration")
            .withWaitAtMost(Duration.ofMinutes(5))
            .withHoldAtMost(Duration.ofHours(1));
    DataSource dataSource = pool.dataSource(patient);
    // page end
    return dataSource;
  }

  /** The first column, as a reader sees it. */
  static List<String> strings(SqlitePool pool, String query) throws SQLException {
    return pool.read(lease -> lease.query(query, row -> String.valueOf(row.getString(1))));
  }

  /** How many novels each author has: a trigger counts them. */
  static List<String> novelsOfEach(SqlitePool pool) throws SQLException {
    return strings(pool, "SELECT novels FROM author ORDER BY id");
  }

  static List<String> tablesCalled(SqlitePool pool, String name) throws SQLException {
    return strings(pool, "SELECT name FROM sqlite_schema WHERE name = '" + name + "'");
  }

  /** Nobody has left them off for others. */
  static void assertForeignKeysAreOn(SqlitePool pool) {
    assertThrows(
        SQLIntegrityConstraintViolationException.class,
        () ->
            pool.useWriter(
                lease -> lease.update("INSERT INTO novel(author_id, title) VALUES (99, '?')")));
  }
}
