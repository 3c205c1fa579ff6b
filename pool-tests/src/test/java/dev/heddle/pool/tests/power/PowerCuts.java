package dev.heddle.pool.tests.power;

import dev.heddle.pool.tests.power.WriteLog.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Has a log happen once more, and the power cut in it, at many points. */
final class PowerCuts {

  private final List<Event> log;
  private final int cuts;
  private final long seed;
  private final Random random;
  private final Acknowledgements acknowledged = new Acknowledgements();

  PowerCuts(List<Event> log, int cuts, long seed) {
    this.log = log;
    this.cuts = cuts;
    this.seed = seed;
    this.random = new Random(seed);
  }

  /** Told of each cut: what had been acknowledged by then, and the files that are left. */
  @FunctionalInterface
  interface Aftermath {
    void look(Acknowledgements acknowledged, Map<String, byte[]> files) throws Exception;
  }

  /**
   * The same cuts for the same log, number, seed and disk; once.
   *
   * @param disk what it was before; afterwards, all of the log has happened
   * @param failed where to put what a cut has left that the aftermath can't bear
   * @return the files that one of the cuts has left
   */
  Map<String, byte[]> onto(Disk disk, Path failed, Aftermath aftermath) throws IOException {
    Map<String, byte[]> drawn = Map.of();
    int happened = 0;
    int cut = 0;
    for (int point : points()) {
      happen(happened, point, disk);
      happened = point;
      cut++;
      Map<String, byte[]> files = disk.afterPowerCut(random);
      try {
        aftermath.look(acknowledged, files);
      } catch (Exception | AssertionError e) {
        keep(files, failed);
        throw new AssertionError(
            "seed %d, cut %d of %d, after event %d of %d; its files are in %s"
                .formatted(seed, cut, cuts, point, log.size(), failed),
            e);
      }
      drawn = random.nextInt(cut) == 0 ? files : drawn; // all have the same chance
    }
    happen(happened, log.size(), disk);
    return drawn;
  }

  private static void keep(Map<String, byte[]> files, Path folder) throws IOException {
    Files.createDirectory(folder);
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Files.write(folder.resolve(file.getKey()), file.getValue());
    }
  }

  private void happen(int from, int to, Disk disk) {
    for (Event event : log.subList(from, to)) {
      if (!acknowledged.happens(event)) {
        disk.happens(event);
      }
    }
  }

  /**
   * How many events have happened at each cut. Half of them are right before or after one of a kind
   * that was drawn first: what happens seldom is as likely as what happens all the time.
   */
  private int[] points() {
    List<List<Integer>> kinds = kinds();
    int[] points = new int[cuts];
    for (int i = 0; i < cuts; i++) {
      List<Integer> kind = kinds.get(random.nextInt(kinds.size()));
      points[i] =
          i % 2 == 0
              ? random.nextInt(log.size() + 1)
              : kind.get(random.nextInt(kind.size())) + random.nextInt(2);
    }
    Arrays.sort(points);
    return points;
  }

  /** The places of those that do the same to the same file. */
  private List<List<Integer>> kinds() {
    Map<String, List<Integer>> kinds = new TreeMap<>();
    for (int i = 0; i < log.size(); i++) {
      Event event = log.get(i);
      kinds.computeIfAbsent(event.kind() + " " + event.file(), _ -> new ArrayList<>()).add(i);
    }
    return List.copyOf(kinds.values());
  }
}
