package dev.heddle.pool.tests.containers;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.tests.Database;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A root file system that is read-only, a user who is not root: what is left to write to. */
class ConfinedContainerTest extends ContainerFixture {

  /** As Docker mounts one of which nothing is said but its folder. */
  private static final String NOEXEC = "rw,noexec,mode=1777";

  @Test
  void pool_strangerOnReadOnlyRoot_needsNothingButItsFolderAndTmp() throws Exception {
    assertEquals(List.of(OneJob.DONE), run(container()));
    assertEquals("20000", Database.ask(file(), "SELECT count(*) FROM t"));
    assertNotEquals(0, Files.getAttribute(file(), "unix:uid"), "whose file it is");
  }

  @Test
  void pool_tmpWhereNothingCanBeLoaded_failureSaysWhatToSet() throws Exception {
    String said = run(container().tmp(NOEXEC)).getFirst();
    assertAll(
        List.of("08001", "/tmp", "noexec", "org.sqlite.tmpdir").stream()
            .map(word -> () -> assertTrue(said.contains(word), said)));
  }

  @Test
  void pool_libraryUnpackedElsewhere_worksWithTmpWhereNothingCanBeLoaded() throws Exception {
    Contained.Plan plan = container().tmp(NOEXEC).option("-Dorg.sqlite.tmpdir=" + Contained.DATA);
    assertEquals(List.of(OneJob.DONE), run(plan));
  }

  private static List<String> run(Contained.Plan plan) throws Exception {
    try (Contained job = plan.start(OneJob.class, Contained.FILE)) {
      assertEquals(0, job.awaitEnd(), "exit code");
      return job.said();
    }
  }
}
