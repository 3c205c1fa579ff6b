package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickStartTest {

  @TempDir Path folder;

  @Test
  void main_newFile_readsWhatItInserted() throws Exception {
    assertEquals(List.of("Inserted user 1", "1 Alice"), run());
  }

  @Test
  void main_runTwice_findsTheFirstRunsRow() throws Exception {
    run();
    assertEquals(List.of("Inserted user 2", "1 Alice", "2 Alice"), run());
  }

  private List<String> run() throws Exception {
    String file = folder.resolve("app.db").toString();
    return Output.of(() -> QuickStart.main(new String[] {file}));
  }
}
