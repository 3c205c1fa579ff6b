package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many processes open one file at the same moment; one of them makes it, or repairs it. */
@Timeout(90)
class OpeningRaceTest {

  private static final int FEW = 6;
  private static final int MANY = 20;

  @TempDir Path folder;

  private final List<ChildJvm> all = new ArrayList<>();

  private Path file() {
    return folder.resolve("raced.db");
  }

  @Test
  void open_fewProcessesAndNoFile_allWriteAndRead() throws Exception {
    race(FEW);
  }

  @Test
  void open_fewProcessesAndAKilledWriterLeftAWal_allWriteAndReadAndNothingIsLost()
      throws Exception {
    leaveWal();
    race(FEW);
    assertEquals("1000", Database.ask(file(), "SELECT count(*) FROM left_behind"));
  }

  @Test
  @Tag("slow")
  @Timeout(180)
  void open_manyProcessesAndNoFile_allWriteAndRead() throws Exception {
    race(MANY);
  }

  @Test
  @Tag("slow")
  @Timeout(180)
  void open_manyProcessesAndAnEmptyFile_allWriteAndRead() throws Exception {
    Files.createFile(file());
    race(MANY);
  }

  @Test
  @Tag("slow")
  @Timeout(180)
  void open_manyProcessesAndAKilledWriterLeftAWal_allWriteAndReadAndNothingIsLost()
      throws Exception {
    leaveWal();
    race(MANY);
    assertEquals("1000", Database.ask(file(), "SELECT count(*) FROM left_behind"));
  }

  /** All are started before any is told to open the file; every other one closes it at once. */
  private void race(int count) throws Exception {
    for (int number = 0; number < count; number++) {
      var stay = number % 2 == 0 ? RacingProcess.Stay.SHORT : RacingProcess.Stay.LONG;
      all.add(ChildJvm.start(RacingProcess.class, file(), number, stay));
    }
    for (ChildJvm jvm : all) {
      assertEquals(List.of(RacingProcess.READY), jvm.said(1));
    }
    all.forEach(ChildJvm::killedWhenItHangs);
    for (ChildJvm jvm : all) {
      jvm.tell("open");
    }
    List<String> said = new ArrayList<>();
    for (ChildJvm jvm : all) {
      said.addAll(jvm.said(1));
    }
    assertEquals(Collections.nCopies(count, RacingProcess.DONE), said);
    for (ChildJvm jvm : all) {
      jvm.tellEnd();
      assertEquals(0, jvm.awaitEnd());
    }
    assertEquals("ok", Database.ask(file(), "PRAGMA integrity_check"));
    assertEquals("wal", Database.ask(file(), "PRAGMA journal_mode"));
    assertEquals(count + "", Database.ask(file(), "SELECT count(*) FROM raced"));
  }

  /** A process that was killed has left its rows in the WAL, and nowhere else. */
  private void leaveWal() throws IOException, InterruptedException {
    try (ChildJvm writer = ChildJvm.start(Leaver.class, file())) {
      assertEquals(List.of("written"), writer.said(1));
      writer.kill();
      writer.awaitEnd();
    }
    assertTrue(Files.size(Path.of(file() + "-wal")) > 0, "nothing to recover");
  }

  /** The process that is killed. */
  static final class Leaver {

    private Leaver() {}

    public static void main(String[] arguments) throws SQLException, IOException {
      try (var _ =
          Database.connect(Path.of(arguments[0]))
              .run(
                  "PRAGMA journal_mode = WAL",
                  "PRAGMA wal_autocheckpoint = 0",
                  "CREATE TABLE left_behind(id INTEGER PRIMARY KEY, v)",
                  """
                  WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 1000)
                  INSERT INTO left_behind SELECT id, randomblob(500) FROM n
                  """)) {
        ChildJvm.say("written");
        System.in.read();
      }
    }
  }

  @AfterEach
  void endAll() {
    all.forEach(ChildJvm::close);
  }
}
