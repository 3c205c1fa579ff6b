package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ContactsTest {

  private SqlitePool pool;
  private Contacts contacts;

  @BeforeEach
  void open() throws SQLException {
    pool = SqlitePool.ephemeral();
    contacts = new Contacts(pool.dataSource());
  }

  @AfterEach
  void close() {
    pool.close();
  }

  @Test
  void add_severalNames_givesTheirKeys() throws SQLException {
    assertEquals(1, contacts.add("Bob"));
    assertEquals(2, contacts.add("Alice"));
    assertThrows(SQLIntegrityConstraintViolationException.class, () -> contacts.add("Bob"));
    assertEquals(List.of("2 contacts", "Alice", "Bob"), contacts.page(10, 0));
    assertEquals(List.of("2 contacts", "Bob"), contacts.page(1, 1));
  }

  @Test
  void rename_nobodyOfThatName_changesNothing() throws SQLException {
    contacts.add("Alice");
    contacts.rename("Alice", "Alicia");
    assertThrows(IllegalArgumentException.class, () -> contacts.rename("Alice", "Bob"));
    assertEquals(List.of("1 contacts", "Alicia"), contacts.page(10, 0));
  }

  @Test
  void page_somebodyWrites_readsBesideThem() throws SQLException {
    contacts.add("Alice");
    try (WriteLease writer = pool.acquireWriter()) {
      writer.update("DELETE FROM contacts");
      assertEquals(List.of("1 contacts", "Alice"), contacts.page(10, 0));
      writer.rollback();
    }
  }
}
