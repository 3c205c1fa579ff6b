package dev.heddle.examples;

import dev.heddle.pool.LeasePool;
import java.sql.SQLException;
import java.util.Optional;

/** What the web server shows. It depends on the pool's interface, and opens and closes nothing. */
public final class Users {

  private final LeasePool pool;

  public Users(LeasePool pool) {
    this.pool = pool;
  }

  /** The schema of the web server's database, for {@link SchemaSetup}. */
  public static SchemaSetup schema() {
    return new SchemaSetup(
        "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT NOT NULL)",
        """
        ALTER TABLE users ADD COLUMN email TEXT;
        CREATE UNIQUE INDEX users_by_email ON users(email);
        """);
  }

  public long add(String name, String email) throws SQLException {
    return pool.write(
        lease -> lease.insert("INSERT INTO users(name, email) VALUES (?, ?)", name, email));
  }

  /** A user as JSON, which SQLite makes and escapes. */
  public Optional<String> json(long id) throws SQLException {
    String sql =
        "SELECT json_object('id', id, 'name', name, 'email', email) FROM users WHERE id = ?";
    return pool.read(lease -> lease.queryOne(sql, id)).map(row -> row.getString(1));
  }
}
