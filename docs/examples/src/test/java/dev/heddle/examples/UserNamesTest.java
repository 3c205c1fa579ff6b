package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.pool.SqlitePool;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class UserNamesTest {

  @Test
  void of_userRenamed_givesTheNewNameSoon() throws SQLException {
    try (SqlitePool pool = SqlitePool.ephemeral()) {
      Users.schema().apply(pool);
      long id = new Users(pool).add("Ada", "ada@example.com");
      UserNames names = new UserNames(pool);
      assertEquals("Ada", names.of(id));

      pool.useWriter(lease -> lease.update("UPDATE users SET name = 'Grace' WHERE id = ?", id));

      while (!names.of(id).equals("Grace")) { // until the time is over
        LockSupport.parkNanos(200_000);
      }
    }
  }
}
