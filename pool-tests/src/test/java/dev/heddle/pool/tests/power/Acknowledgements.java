package dev.heddle.pool.tests.power;

import dev.heddle.pool.tests.power.WriteLog.Event;
import java.util.Map;
import java.util.TreeMap;

/** What a {@link PoweredProgram} has acknowledged until now, by the log of what it has written. */
final class Acknowledgements {

  /** The inode of the file that it writes them to. */
  private long file;

  private long lastUnit = Ledger.NOTHING;
  private final Map<String, Long> copies = new TreeMap<>();

  /** True if that was about acknowledging. */
  boolean happens(Event event) {
    switch (event.kind()) {
      case CREATE -> {
        if (event.text().equals(PoweredProgram.ACKNOWLEDGED)) {
          file = event.file();
        }
      }
      case WRITE -> {
        if (event.file() == file) {
          add(event.text().split(" ", -1));
        }
      }
      default -> {}
    }
    return event.file() == file;
  }

  private void add(String[] words) {
    long unit = Long.parseLong(words[1]);
    if (words[0].equals(PoweredProgram.COPY)) {
      copies.put(words[2], unit);
    } else {
      lastUnit = Math.max(lastUnit, unit);
    }
  }

  long lastUnit() {
    return lastUnit;
  }

  /** The copies that are done, each with the last unit that was acknowledged before. */
  Map<String, Long> copies() {
    return copies;
  }
}
