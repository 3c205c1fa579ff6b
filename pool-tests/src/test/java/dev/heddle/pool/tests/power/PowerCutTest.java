package dev.heddle.pool.tests.power;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.tests.ChildJvm;
import dev.heddle.pool.tests.Preload;
import dev.heddle.pool.tests.power.WriteLog.Event;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is left of a database when the power is cut while a pool writes to it. A process writes, and
 * everything that it does to its files is written down, in order; from that, what a disk may hold
 * after a cut is made again and again: all that was synced, and any part of the rest. {@link Disk}
 * and {@link DiskFile} say what is assumed.
 *
 * <p>After a failure the folder stays, and in it the log, and what the cut has left. The long form
 * sets {@code heddle.power.rounds}, {@code heddle.power.cuts} of each, and {@code heddle.seed}.
 */
@Tag("slow")
@Timeout(3600)
class PowerCutTest {

  private static final int ROUNDS = Integer.getInteger("heddle.power.rounds", 2);
  private static final int CUTS = Integer.getInteger("heddle.power.cuts", 100);
  private static final int UNITS = Integer.getInteger("heddle.power.units", 300);
  private static final long SEED = Long.getLong("heddle.seed", 1);

  /** Enough to mix up a commit or a checkpoint with the next ones. */
  private static final int LIES = 6;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  private final Figures figures = new Figures();
  private Leftovers leftovers;

  @BeforeEach
  void findFolders() throws IOException {
    folder = folder.toRealPath();
    leftovers = new Leftovers(Files.createDirectory(folder.resolve("left")));
  }

  @Test
  void units_powerCutWithSynchronousFull_everyAcknowledgedUnitIsThereAndWhole() throws Exception {
    cutAgainAndAgain(
        "FULL",
        (acknowledged, files) -> {
          figures.add(acknowledged, leftovers.requireDatabase(files));
          assertEquals(0, figures.losing(), () -> "acknowledged, and lost: " + figures);
          figures.addCopies(leftovers.requireCopies(acknowledged.copies(), files));
        });
  }

  /** If nothing were lost here, it would say nothing that with FULL nothing is. */
  @Test
  void units_powerCutWithSynchronousNormal_theLastOnesAreLostAndTheOthersAreThereAndWhole()
      throws Exception {
    cutAgainAndAgain(
        "NORMAL",
        (acknowledged, files) -> {
          figures.add(acknowledged, leftovers.requireDatabase(files));
          figures.addCopies(leftovers.requireCopies(acknowledged.copies(), files));
        });
    assertTrue(figures.losing() > 0, figures::toString);
  }

  /** Not a promise, but what such a disk does; and that all this would be found out. */
  @Test
  void units_powerCutAndTheDiskLiesAboutSyncs_someAreLostAndSomeDatabasesAreBroken()
      throws Exception {
    cut(
        Disk.lying(LIES),
        "FULL",
        Map.of(),
        (acknowledged, files) -> {
          try {
            figures.add(acknowledged, leftovers.requireDatabase(files));
          } catch (Exception | AssertionError e) {
            figures.addBroken();
          }
        });
    System.out.println("synchronous=FULL, and a disk that lies: " + figures);
    assertTrue(figures.losing() > 0, figures::toString);
    assertTrue(figures.broken() > 0, figures::toString);
  }

  /** From the second round on, the program goes on with what a cut has left. */
  private void cutAgainAndAgain(String synchronous, PowerCuts.Aftermath aftermath)
      throws Exception {
    Map<String, byte[]> files = Map.of();
    for (int round = 0; round < ROUNDS; round++) {
      files = cut(Disk.honest(), synchronous, files, aftermath);
    }
    System.out.println("synchronous=" + synchronous + ": " + figures);
    assertTrue(figures.copies() > 0, figures::toString);
  }

  private Map<String, byte[]> cut(
      Disk disk, String synchronous, Map<String, byte[]> before, PowerCuts.Aftermath aftermath)
      throws Exception {
    Path files = Files.createTempDirectory(folder, "files");
    Leftovers.write(before, PoweredProgram.DATABASE, files);
    disk.hold(files);
    PowerCuts cuts = new PowerCuts(logOf(files, synchronous), CUTS, SEED);
    Map<String, byte[]> left = cuts.onto(disk, folder.resolve("failed"), aftermath);
    requireSame(files, disk.seen());
    return left;
  }

  /** Has the program write to these files, and gives what was written down. */
  private List<Event> logOf(Path files, String synchronous) throws Exception {
    Path log = Files.createTempFile(folder, synchronous, ".log");
    Map<String, String> variables =
        Map.of("WRITELOG_FOLDER", files.toString(), "WRITELOG_LOG", log.toString());
    Preload writelog = Preload.compiledInto(folder, "writelog.c");
    try (ChildJvm child =
        writelog
            .start(variables, List.of(), PoweredProgram.class, files, synchronous, UNITS)
            .killedWhenItHangs()) {
      assertEquals(List.of(), child.said());
      assertEquals(0, child.awaitEnd());
    }
    return WriteLog.read(log);
  }

  /** Or else something was done to the files that the log knows nothing of. */
  private static void requireSame(Path folder, Map<String, byte[]> written) throws IOException {
    Set<String> names = new TreeSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (!name.equals(PoweredProgram.ACKNOWLEDGED) && !name.endsWith("-shm")) {
          names.add(name);
          assertArrayEquals(Files.readAllBytes(file), written.get(name), name);
        }
      }
    }
    assertEquals(names, written.keySet());
  }
}
