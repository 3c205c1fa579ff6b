package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.examples.Books.Book;
import dev.heddle.pool.SqlitePool;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BooksTest {

  private static final LocalDate MAY = LocalDate.of(2026, 5, 1);
  private static final LocalDate JUNE = LocalDate.of(2026, 6, 1);

  private SqlitePool pool;
  private Books books;

  @BeforeEach
  void open() throws SQLException {
    pool = SqlitePool.ephemeral();
    books = new Books(pool);
  }

  @AfterEach
  void close() {
    pool.close();
  }

  @Test
  void find_addedBook_givesItAsRecord() throws SQLException {
    long id = books.add("Emma", 1815, MAY);
    assertEquals(Optional.of(new Book(id, "Emma", 1815, MAY)), books.find(id));
  }

  @Test
  void find_columnIsNull_givesNullInTheRecord() throws SQLException {
    long id = books.add("Beowulf", null, MAY);
    assertEquals(Optional.of(new Book(id, "Beowulf", null, MAY)), books.find(id));
  }

  @Test
  void find_noSuchId_givesEmpty() throws SQLException {
    assertEquals(Optional.empty(), books.find(1));
  }

  @Test
  void countByYear_yearsAndNull_givesMapsInColumnOrder() throws SQLException {
    books.add("Emma", 1815, MAY);
    books.add("Persuasion", 1817, MAY);
    books.add("Northanger Abbey", 1817, MAY);
    books.add("Beowulf", null, MAY);

    var rows = books.countByYear();

    assertEquals(List.of("year", "books"), List.copyOf(rows.getFirst().keySet()));
    assertEquals(
        Arrays.asList(null, 1815L, 1817L), rows.stream().map(row -> row.get("year")).toList());
    assertEquals(List.of(1L, 1L, 2L), rows.stream().map(row -> row.get("books")).toList());
    assertEquals(Map.of("year", 1815L, "books", 1L), rows.get(1));
  }

  @Test
  void rename_bookThere_changesIt() throws SQLException {
    long id = books.add("Ema", 1815, MAY);
    assertTrue(books.rename(id, "Emma"));
    assertEquals("Emma", books.find(id).orElseThrow().title());
  }

  @Test
  void rename_noSuchBook_givesFalse() throws SQLException {
    assertFalse(books.rename(1, "Emma"));
  }

  @Test
  void deleteBoughtBefore_oneOlder_deletesThatOne() throws SQLException {
    long older = books.add("Emma", 1815, MAY);
    long newer = books.add("Persuasion", 1817, JUNE);
    assertEquals(1, books.deleteBoughtBefore(JUNE));
    assertEquals(Optional.empty(), books.find(older));
    assertTrue(books.find(newer).isPresent());
  }
}
