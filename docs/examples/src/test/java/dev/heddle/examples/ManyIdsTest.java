package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.examples.ManyIds.Title;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ManyIdsTest {

  private SqlitePool pool;
  private long emma;
  private long persuasion;

  @BeforeEach
  void open() throws SQLException {
    pool = SqlitePool.ephemeral();
    Books books = new Books(pool);
    LocalDate day = LocalDate.of(2026, 5, 1);
    emma = books.add("Emma", 1815, day);
    books.add("Beowulf", null, day);
    persuasion = books.add("Persuasion", 1817, day);
  }

  @AfterEach
  void close() {
    pool.close();
  }

  @Test
  void titles_ofSomeIds_givesThose() throws SQLException {
    List<Long> ids = List.of(persuasion, emma, 4711L);

    List<Title> titles = List.of(new Title(emma, "Emma"), new Title(persuasion, "Persuasion"));
    assertEquals(titles, ManyIds.titles(pool, ids));
    assertEquals(titles, ManyIds.titles(pool.dataSource(), ids));
  }

  @Test
  void titles_ofNoIds_givesNone() throws SQLException {
    assertEquals(List.of(), ManyIds.titles(pool, List.of()));
    assertEquals(List.of(), ManyIds.titles(pool.dataSource(), List.of()));
  }

  @Test
  void json_takenApartBySqlite_givesTheSameValues() throws SQLException {
    String controls =
        IntStream.rangeClosed(1, 0x7f)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    List<@Nullable Object> values =
        Arrays.asList(
            "", "it's \"so\"", "a\\b", controls, "Ü 日本 🧵 \u2028", Long.MIN_VALUE, 7L, null);

    try (ReadLease lease = pool.acquireReader()) {
      List<@Nullable Object> back =
          lease.query(
              "SELECT value FROM json_each(?)",
              row -> row.get(1, Object.class),
              ManyIds.json(values));
      assertEquals(values, back);
    }
  }

  @Test
  void json_ofSomethingElse_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> ManyIds.json(List.of(1.5)));
  }
}
