package dev.heddle.pool.tests.power;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a process has done to the files of a folder, in order, as writelog.c has written it down.
 */
final class WriteLog {

  /** In the place of a file: the folder itself. */
  static final long FOLDER = -1;

  /** As in writelog.c. */
  enum Kind {
    CREATE,
    LINK,
    UNLINK,
    WRITE,
    TRUNCATE,
    SYNC,
    SYNCED
  }

  /**
   * A call that succeeded; of a sync there are two, its begin and its end.
   *
   * @param file the inode
   * @param number where in the file was written; its new size; which sync it is
   * @param data a name, or what was written
   */
  record Event(Kind kind, long file, long number, ByteBuffer data) {

    String text() {
      return StandardCharsets.UTF_8.decode(data.duplicate()).toString();
    }
  }

  private WriteLog() {}

  static List<Event> read(Path log) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(log)).order(ByteOrder.nativeOrder());
    List<Event> events = new ArrayList<>();
    while (bytes.hasRemaining()) {
      Kind kind = Kind.values()[bytes.getInt()];
      int length = bytes.getInt();
      long file = bytes.getLong();
      long number = bytes.getLong();
      events.add(new Event(kind, file, number, bytes.slice(bytes.position(), length)));
      bytes.position(bytes.position() + length);
    }
    return events;
  }
}
