package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.pool.SqlitePool;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A test on a real database of its own, which is gone afterwards. */
class UsersTest {

  private SqlitePool pool;
  private Users users;

  @BeforeEach
  void open() throws SQLException {
    pool = SqlitePool.ephemeral();
    Users.schema().apply(pool);
    users = new Users(pool);
  }

  @AfterEach
  void close() {
    pool.close();
  }

  @Test
  void json_userThere_givesItEscaped() throws SQLException {
    long id = users.add("Ada \"the first\"", "ada@example.com");
    assertEquals(
        Optional.of("{\"id\":1,\"name\":\"Ada \\\"the first\\\"\",\"email\":\"ada@example.com\"}"),
        users.json(id));
  }

  @Test
  void json_noSuchUser_givesEmpty() throws SQLException {
    assertEquals(Optional.empty(), users.json(7));
  }

  @Test
  void add_emailTaken_isRefused() throws SQLException {
    users.add("Ada", "ada@example.com");
    assertThrows(
        SQLIntegrityConstraintViolationException.class, () -> users.add("Eve", "ada@example.com"));
  }
}
