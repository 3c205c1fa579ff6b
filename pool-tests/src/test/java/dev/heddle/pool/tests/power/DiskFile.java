package dev.heddle.pool.tests.power;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A file on a {@link Disk}. Until it is synced, each sector that was written, and each new length,
 * reaches the disk by itself, in any order, or does not. A sector is never torn: SQLite relies on
 * that, too.
 */
final class DiskFile {

  /** The smallest that a disk writes as a whole. */
  private static final int SECTOR = 512;

  /** What is on the disk for certain. */
  private final Content certain;

  private final Unsynced<Change> unsynced = new Unsynced<>();

  DiskFile(byte[] certain) {
    this.certain = new Content(certain);
  }

  void write(long at, ByteBuffer data) {
    unsynced.add(new Change(Math.toIntExact(at), data));
  }

  void truncate(long size) {
    unsynced.add(new Change(Math.toIntExact(size), null));
  }

  void syncBegins(long sync) {
    unsynced.syncBegins(sync);
  }

  void syncEnds(long sync) {
    unsynced.syncEnds(sync).forEach(change -> change.in(certain));
  }

  /** What programs read. */
  byte[] seen() {
    Content content = new Content(certain.bytes());
    unsynced.changes().forEach(change -> change.in(content));
    return content.bytes();
  }

  byte[] afterPowerCut(Random random) {
    List<Change> sectors = new ArrayList<>();
    unsynced.changes().forEach(change -> change.addSectors(sectors));
    Content content = new Content(certain.bytes());
    Fate fate = Fate.of(sectors.size(), random);
    // A file may have its new length before it has what was written there.
    @Nullable Random garbage = random.nextInt(4) == 0 ? random : null;
    for (int i = 0; i < sectors.size(); i++) {
      if (fate.keeps(i)) {
        sectors.get(i).in(content);
      } else if (garbage != null) {
        sectors.get(i).lengthOnly(content, garbage);
      }
    }
    return content.bytes();
  }

  /**
   * What is changed.
   *
   * @param at where in the file
   * @param data null if the file is truncated there
   */
  private record Change(int at, @Nullable ByteBuffer data) {

    void in(Content content) {
      if (data == null) {
        content.truncate(at);
      } else {
        content.put(at, data);
      }
    }

    void lengthOnly(Content content, Random random) {
      if (data != null && at >= content.size()) {
        byte[] garbage = new byte[data.limit()];
        if (random.nextBoolean()) {
          random.nextBytes(garbage);
        }
        content.put(at, ByteBuffer.wrap(garbage));
      }
    }

    void addSectors(List<Change> sectors) {
      if (data == null) {
        sectors.add(this);
        return;
      }
      for (int done = 0; done < data.limit(); ) {
        int length = Math.min(data.limit() - done, SECTOR - (at + done) % SECTOR);
        sectors.add(new Change(at + done, data.slice(done, length)));
        done += length;
      }
    }
  }

  /** Bytes that grow. */
  private static final class Content {

    private byte[] bytes;
    private int size;

    Content(byte[] bytes) {
      this.bytes = bytes;
      this.size = bytes.length;
    }

    int size() {
      return size;
    }

    void put(int at, ByteBuffer data) {
      int end = at + data.limit();
      if (end > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(end, 2 * bytes.length));
      }
      data.get(0, bytes, at, data.limit());
      size = Math.max(size, end);
    }

    void truncate(int to) {
      bytes = Arrays.copyOf(bytes, to);
      size = to;
    }

    byte[] bytes() {
      return Arrays.copyOf(bytes, size);
    }
  }
}
