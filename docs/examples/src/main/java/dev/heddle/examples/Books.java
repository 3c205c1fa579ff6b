package dev.heddle.examples;

import dev.heddle.pool.LeasePool;
import dev.heddle.pool.Row;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Create, read, update, delete: with rows as records, and as maps.
 *
 * <p>{@code read} and {@code write} acquire a lease, run the work, and end the lease; {@code write}
 * commits when the work returns, and rolls back when it throws.
 */
public final class Books {

  /** The components are found by their names: {@code boughtOn} in the column {@code bought_on}. */
  public record Book(long id, String title, @Nullable Integer year, LocalDate boughtOn) {}

  private final LeasePool pool;

  public Books(LeasePool pool) throws SQLException {
    this.pool = pool;
    pool.useWriter(
        lease ->
            lease.update(
                """
                CREATE TABLE IF NOT EXISTS books(
                  id        INTEGER PRIMARY KEY,
                  title     TEXT NOT NULL,
                  year      INTEGER,
                  bought_on TEXT NOT NULL)
                """));
  }

  /** Gives the id of the new row. */
  public long add(String title, @Nullable Integer year, LocalDate boughtOn) throws SQLException {
    return pool.write(
        lease ->
            lease.insert(
                "INSERT INTO books(title, year, bought_on) VALUES (?, ?, ?)",
                title,
                year,
                boughtOn));
  }

  /** One row or none, as a record. */
  public Optional<Book> find(long id) throws SQLException {
    return pool.read(
        lease -> lease.queryOne("SELECT * FROM books WHERE id = ?", row -> row.to(Book.class), id));
  }

  /** Rows as maps, for columns that nobody made a record for. */
  public List<Map<String, @Nullable Object>> countByYear() throws SQLException {
    return pool.read(
        lease ->
            lease.query(
                "SELECT year, count(*) AS books FROM books GROUP BY year ORDER BY year",
                Row::toMap));
  }

  /** False if there is no such book. */
  public boolean rename(long id, String title) throws SQLException {
    return pool.write(
        lease -> lease.update("UPDATE books SET title = ? WHERE id = ?", title, id) == 1);
  }

  /** Gives how many were deleted. */
  public long deleteBoughtBefore(LocalDate day) throws SQLException {
    return pool.write(lease -> lease.update("DELETE FROM books WHERE bought_on < ?", day));
  }
}
