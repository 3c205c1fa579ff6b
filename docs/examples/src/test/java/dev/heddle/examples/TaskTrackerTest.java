package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.examples.TaskTracker.Task;
import dev.heddle.pool.SqlitePool;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskTrackerTest {

  @TempDir Path folder;

  private SqlitePool pool;
  private TaskTracker tracker;

  @BeforeEach
  void open() throws SQLException {
    pool = SqlitePool.ephemeral();
    tracker = new TaskTracker(pool);
  }

  @AfterEach
  void close() {
    pool.close();
  }

  @Test
  void main_newFile_addsFourAndCompletesTwo() throws Exception {
    String file = folder.resolve("tasks.db").toString();
    List<String> lines = Output.of(() -> TaskTracker.main(new String[] {file}));

    assertEquals(4, lines.stream().filter(line -> line.startsWith("Added ")).count());
    assertEquals(2, Collections.frequency(lines, "Completed: true"));
    assertEquals(2, lines.stream().filter(line -> line.startsWith("Pending: ")).count());
    try (SqlitePool written = SqlitePool.open(Path.of(file))) {
      assertEquals(Map.of("pending", 2L, "done", 2L), new TaskTracker(written).summary());
    }
  }

  @Test
  void add_thousandThreadsAtOnce_addsEachOnce() throws Exception {
    List<Long> ids =
        atOnce(
            IntStream.range(0, 1_000)
                .<Callable<Long>>mapToObj(i -> () -> tracker.add("task " + i))
                .toList());

    assertEquals(1_000, new HashSet<>(ids).size());
    assertEquals(1_000, tracker.pending().stream().map(Task::title).distinct().count());
  }

  @Test
  void complete_hundredThreadsOnOneTask_isTrueForOneOfThem() throws Exception {
    long id = tracker.add("Ship it");

    List<Boolean> completed = atOnce(Collections.nCopies(100, () -> tracker.complete(id)));

    assertEquals(1, Collections.frequency(completed, true));
    assertEquals(List.of(), tracker.pending());
    assertEquals(Map.of("done", 1L), tracker.summary());
  }

  private static <T> List<T> atOnce(List<? extends Callable<T>> calls)
      throws InterruptedException, ExecutionException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<T> results = new java.util.ArrayList<>();
      for (Future<T> future : threads.invokeAll(calls)) {
        results.add(future.get());
      }
      return results;
    }
  }
}
