package dev.heddle.examples;

import dev.heddle.pool.ReadLease;
import dev.heddle.pool.Row;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.nio.file.Path;
import java.sql.SQLException;

/** Create a table, insert a row, read it. */
public final class QuickStart {

  private QuickStart() {}

  public static void main(String[] args) throws SQLException {
    Path database = Path.of(args.length == 0 ? "app.db" : args[0]);

    // One pool for a file, for as long as the program runs.
    try (SqlitePool pool = SqlitePool.open(database)) {

      // The writer: a transaction. One thread has it, the others wait in line, parked.
      try (WriteLease lease = pool.acquireWriter()) {
        lease.update(
            "CREATE TABLE IF NOT EXISTS users(id INTEGER PRIMARY KEY, name TEXT NOT NULL)");
        long id = lease.insert("INSERT INTO users(name) VALUES (?)", "Alice");
        lease.commit(); // on disk when it returns; without it, close() rolls back
        IO.println("Inserted user " + id);
      }

      // A reader: many threads have one at the same time, also while somebody writes.
      try (ReadLease lease = pool.acquireReader()) {
        for (Row row : lease.query("SELECT id, name FROM users ORDER BY id")) {
          IO.println(row.getLong("id") + " " + row.getString("name"));
        }
      }
    }
  }
}
