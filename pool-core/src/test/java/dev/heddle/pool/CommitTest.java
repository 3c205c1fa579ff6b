package dev.heddle.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.CommitListener.Commit;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CommitTest {

  @Test
  void mayHaveChanged_tableIsAmongThem_inLettersOfAnyCase() {
    Commit commit = new Commit(Set.of("Users", "orders"), 1);
    assertTrue(commit.mayHaveChanged("Users"));
    assertTrue(commit.mayHaveChanged("USERS"));
    assertTrue(commit.mayHaveChanged("Orders"));
    assertFalse(commit.mayHaveChanged("user"));
  }

  @Test
  void mayHaveChanged_schemaDid_anyTable() {
    assertTrue(new Commit(Set.of(Commit.SCHEMA), 1).mayHaveChanged("users"));
  }

  @Test
  void tables_areACopy_thatNobodyChanges() {
    Set<String> tables = new HashSet<>(Set.of("t"));
    Commit commit = new Commit(tables, 1);
    tables.add("other");
    assertEquals(Set.of("t"), commit.tables());
    assertThrows(UnsupportedOperationException.class, () -> commit.tables().add("other"));
  }

  @Test
  void commit_withoutTablesOrCommits_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Commit(Set.of(), 1));
    assertThrows(IllegalArgumentException.class, () -> new Commit(Set.of("t"), 0));
  }
}
