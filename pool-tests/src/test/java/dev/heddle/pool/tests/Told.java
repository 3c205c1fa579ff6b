package dev.heddle.pool.tests;

import dev.heddle.pool.PoolListener;
import dev.heddle.pool.SqlitePool;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import org.junit.jupiter.api.function.Executable;

/** All that a pool tells anybody: logs, failures, events, dumps, and a recording. */
final class Told implements PoolListener, AutoCloseable {

  private final Logs logs = Logs.captureAll();
  private final Recording recording = new Recording();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final Path recorded;

  Told(Path recorded) {
    this.recorded = recorded;
    for (String event : List.of("Acquire", "Lease", "Commit", "SlowStatement", "Trouble")) {
      recording.enable("dev.heddle.pool." + event).withoutThreshold().withStackTrace();
    }
    recording.start();
  }

  /** Listens to a pool from now on. */
  SqlitePool by(SqlitePool pool) {
    pool.listen(this);
    pool.onCommit(commit -> told.add(commit.toString()));
    return pool;
  }

  /** Keeps what somebody was told. */
  void add(Object something) {
    told.add(something.toString());
  }

  /** Keeps how a call fails, with all causes, and what came of it if it does not. */
  void failing(Executable call) {
    try {
      call.execute();
    } catch (Throwable failure) {
      add(failure);
    }
  }

  /** Keeps a failure with all that is attached to it. */
  void add(Throwable failure) {
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    told.add(trace.toString());
    if (failure instanceof SQLException e && e.getNextException() != null) {
      add(e.getNextException());
    }
  }

  @Override
  public void leaseEnded(Lease lease) {
    add(lease);
  }

  @Override
  public void leaseRefused(Refused refused) {
    add(refused);
  }

  @Override
  public void committed(Commit commit) {
    add(commit);
  }

  @Override
  public void slowStatement(SlowStatement statement) {
    add(statement);
  }

  @Override
  public void leaseInTrouble(Trouble trouble) {
    add(trouble);
  }

  /** What has this text in it; a recording has its texts as they are, if they are ASCII. */
  List<String> with(String text) throws IOException {
    recording.dump(recorded);
    String bytes = Files.readString(recorded, StandardCharsets.ISO_8859_1);
    return Stream.of(logs.all().stream(), told.stream(), Stream.of(bytes))
        .flatMap(all -> all)
        .filter(one -> one.contains(text))
        .map(one -> around(one, one.indexOf(text)))
        .toList();
  }

  private static String around(String text, int at) {
    return text.substring(Math.max(0, at - 300), Math.min(text.length(), at + 300));
  }

  @Override
  public void close() throws IOException {
    recording.close();
    logs.close();
    Files.deleteIfExists(recorded);
  }
}
