package dev.heddle.pool.tests;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Damages a page of a database, and mends it again. In a process of its own: closing a descriptor
 * of the file would take the locks of all connections of a process.
 */
final class Scribbler implements AutoCloseable {

  static final int PAGE = 4096;

  private final ChildJvm child;

  private Scribbler(ChildJvm child) {
    this.child = child;
  }

  /** Fills a page with rubbish; they count from 1. */
  static Scribbler damage(Path file, int page) throws IOException {
    Scribbler scribbler = new Scribbler(ChildJvm.start(Child.class, file, page));
    scribbler.awaitDone();
    return scribbler;
  }

  /** Puts back what was there. */
  void mend() throws IOException {
    child.tell("mend");
    awaitDone();
  }

  private void awaitDone() throws IOException {
    if (child.said(1).isEmpty()) {
      throw new AssertionError("the child ended");
    }
  }

  @Override
  public void close() {
    child.close();
  }

  /** The process. */
  static final class Child {

    private Child() {}

    public static void main(String[] arguments) throws IOException {
      Path file = Path.of(arguments[0]);
      long at = (Integer.parseInt(arguments[1]) - 1L) * PAGE;
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        ByteBuffer good = ByteBuffer.allocate(PAGE);
        channel.read(good, at);
        ByteBuffer bad = ByteBuffer.allocate(PAGE);
        while (bad.hasRemaining()) {
          bad.put((byte) 0x5A);
        }
        channel.write(bad.flip(), at);
        ChildJvm.say("damaged");
        System.in.read();
        channel.write(good.flip(), at);
        ChildJvm.say("mended");
      }
    }
  }
}
