package dev.heddle.pool.tests;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/** What JFR says about virtual threads that waited and could not give up their carriers. */
final class PinnedThreads {

  private static final String TESTS = PinnedThreads.class.getPackageName() + ".";
  private static final String POOL = "dev.heddle.pool.";
  private static final String DRIVER = "org.sqlite.";

  /** Something that may pin. */
  @FunctionalInterface
  interface Body {
    void run() throws Exception;
  }

  private final List<RecordedEvent> events;

  private PinnedThreads(List<RecordedEvent> events) {
    this.events = events;
  }

  /** All that pinned while it ran, for however short a time. */
  static PinnedThreads during(Body body) throws Exception {
    try (Recording recording = new Recording()) {
      recording.enable("jdk.VirtualThreadPinned").withThreshold(Duration.ZERO).withStackTrace();
      recording.start();
      body.run();
      recording.stop();
      return new PinnedThreads(read(recording));
    }
  }

  private static List<RecordedEvent> read(Recording recording) throws IOException {
    Path file = Files.createTempFile("pinned", ".jfr");
    try {
      recording.dump(file);
      // The pool records events of its own.
      return RecordingFile.readAllEvents(file).stream()
          .filter(event -> event.getEventType().getName().equals("jdk.VirtualThreadPinned"))
          .toList();
    } finally {
      Files.delete(file);
    }
  }

  /** Those that the pool has to answer for, with their stacks. */
  List<String> ofThePool() {
    return events.stream()
        .filter(event -> isInThePool(event.getStackTrace().getFrames()))
        .map(PinnedThreads::describe)
        .toList();
  }

  /** Those that waited in a function that SQLite had called, for a statement of the pool. */
  List<String> inFunctions() {
    return events.stream()
        .filter(event -> isInAFunction(event.getStackTrace().getFrames()))
        .map(PinnedThreads::describe)
        .toList();
  }

  /** A frame of the pool, and no native one of the driver between it and the wait. */
  private static boolean isInThePool(List<RecordedFrame> frames) {
    return frames.stream()
        .takeWhile(frame -> !isNativeCall(frame))
        .anyMatch(PinnedThreads::isOfThePool);
  }

  private static boolean isInAFunction(List<RecordedFrame> frames) {
    return frames.stream()
        .dropWhile(frame -> !isNativeCall(frame))
        .anyMatch(PinnedThreads::isOfThePool);
  }

  private static boolean isNativeCall(RecordedFrame frame) {
    return Modifier.isNative(frame.getMethod().getModifiers())
        && frame.getMethod().getType().getName().startsWith(DRIVER);
  }

  private static boolean isOfThePool(RecordedFrame frame) {
    String type = frame.getMethod().getType().getName();
    return type.startsWith(POOL) && !type.startsWith(TESTS);
  }

  private static String describe(RecordedEvent event) {
    return event.getStackTrace().getFrames().stream()
        .map(
            frame ->
                "\n  "
                    + frame.getMethod().getType().getName()
                    + "."
                    + frame.getMethod().getName()
                    + ":"
                    + frame.getLineNumber())
        .collect(
            Collectors.joining(
                "",
                event.getString("blockingOperation") + ", " + event.getString("pinnedReason"),
                "\n"));
  }
}
