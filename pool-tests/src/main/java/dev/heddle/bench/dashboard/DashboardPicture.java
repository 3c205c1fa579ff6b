package dev.heddle.bench.dashboard;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * Draws the dashboard as it looks when something happens: a minute and a half in a shop, with a
 * report in its middle that keeps the writer for some seconds.
 */
public final class DashboardPicture {

  private static final Path PICTURE = Dashboard.FILE.resolveSibling("heddle.png");

  private static final Duration QUIET = Duration.ofSeconds(45);
  private static final Duration STUCK = Duration.ofSeconds(6);

  private DashboardPicture() {}

  /**
   * Takes its time.
   *
   * @param folder where files may be put
   */
  public static void draw(Path folder, PrintStream out) throws Exception {
    if (!Prometheus.isInstalled()) {
      throw new IllegalStateException("needs the program prometheus (Debian's package prometheus)");
    }
    Path place = Files.createTempDirectory(Files.createDirectories(folder), "dashboard");
    try (WatchedShop watched = WatchedShop.at(place)) {
      Instant begin = Instant.now();
      watched.shop().open();
      watched.awaitSeen(begin.plus(QUIET));
      watched.shop().getStuck(STUCK);
      Instant end = Instant.now().plus(QUIET);
      watched.awaitSeen(end);
      new Picture(Dashboard.read(), watched.prometheus(), begin, end).save(PICTURE);
    }
    out.println("written to " + PICTURE.toRealPath());
  }
}
