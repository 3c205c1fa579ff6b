package dev.heddle.pool.internal.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files are open in a pool, as far as those are told who must not touch them. */
class OpenPoolsTest {

  @TempDir private Path folder;

  private Path file = Path.of("");

  @BeforeEach
  void createAFile() throws IOException {
    file = Files.createFile(folder.resolve("a.db"));
  }

  @Test
  void has_fromAddToRemove_isTrue() throws SQLException {
    assertFalse(OpenPools.has(file), "before");

    OpenPools.Entry entry = OpenPools.add("one", file);
    assertTrue(OpenPools.has(file), "meanwhile");

    OpenPools.remove(entry);
    assertFalse(OpenPools.has(file), "afterwards");
  }

  @Test
  void has_otherNamesOfAnOpenFile_isTrue() throws SQLException, IOException {
    Path symbolic = Files.createSymbolicLink(folder.resolve("symbolic"), file);
    Path hard = Files.createLink(folder.resolve("hard"), file);
    Path roundabout = folder.resolve("..").resolve(folder.getFileName()).resolve("a.db");

    OpenPools.Entry entry = OpenPools.add("one", file);
    try {
      assertTrue(OpenPools.has(symbolic), "symbolic link");
      assertTrue(OpenPools.has(hard), "hard link");
      assertTrue(OpenPools.has(roundabout), "another path");
    } finally {
      OpenPools.remove(entry);
    }
    assertFalse(OpenPools.has(hard), "afterwards");
  }

  @Test
  void has_anotherFileOrNone_isFalse() throws SQLException, IOException {
    Path other = Files.createFile(folder.resolve("b.db"));

    OpenPools.Entry entry = OpenPools.add("one", file);
    try {
      assertFalse(OpenPools.has(other));
      assertFalse(OpenPools.has(folder.resolve("missing.db")));
    } finally {
      OpenPools.remove(entry);
    }
  }

  @Test
  void has_oneOfTwoIsRemovedTwice_isTrueForTheOther() throws SQLException {
    OpenPools.Entry one = OpenPools.add("one", file);
    OpenPools.Entry two = OpenPools.add("two", file);

    OpenPools.remove(one);
    OpenPools.remove(one);
    assertTrue(OpenPools.has(file));

    OpenPools.remove(two);
    assertFalse(OpenPools.has(file));
  }

  @Test
  void has_fileDeletedWhileOpen_isForgottenWithItsEntry() throws SQLException, IOException {
    OpenPools.Entry entry = OpenPools.add("one", file);
    Path renamed = Files.move(file, folder.resolve("renamed.db"));
    assertTrue(OpenPools.has(renamed), "it is the same file");
    Files.delete(renamed);

    OpenPools.remove(entry);

    Files.createFile(file);
    assertFalse(OpenPools.has(file));
  }

  @Test
  void add_hardLinkOfAnOpenFile_isRefusedAndNotRemembered() throws SQLException, IOException {
    Path hard = Files.createLink(folder.resolve("hard"), file);
    OpenPools.Entry entry = OpenPools.add("one", file);

    SQLException failure = assertThrows(SQLException.class, () -> OpenPools.add("two", hard));

    assertTrue(String.valueOf(failure.getMessage()).contains("a.db, a hard link"));
    assertEquals(
        "pool 'one' was opened here, by " + Thread.currentThread().getName(),
        failure.getCause() == null ? "" : failure.getCause().getMessage());
    OpenPools.remove(entry);
    assertFalse(OpenPools.has(hard));
  }
}
