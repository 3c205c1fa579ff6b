package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TuningTest {

  @TempDir Path folder;

  @BeforeEach
  void putDatabaseIntoTheFolder() {
    System.setProperty("heddle.database", folder.resolve("orders.db").toString());
  }

  @AfterEach
  void clear() {
    System.clearProperty("heddle.database");
    System.clearProperty("heddle.orders.readers");
  }

  @Test
  void main_propertiesFile_opensThePoolAsItSays() throws Exception {
    List<String> lines = run();
    assertTrue(lines.getFirst().contains("acquire-timeout=2s"), lines.getFirst());
    assertEquals(
        List.of("readers: 8", "temp_store of a reader: 2", "synchronous of the writer: 2"),
        lines.subList(1, lines.size()));
  }

  @Test
  void main_systemProperty_overridesTheFile() throws Exception {
    System.setProperty("heddle.orders.readers", "3");
    assertEquals("readers: 3", run().get(1));
  }

  private static List<String> run() throws Exception {
    Path file =
        Path.of(Objects.requireNonNull(Tuning.class.getResource("/heddle.properties")).toURI());
    return Output.of(() -> Tuning.main(new String[] {file.toString()}));
  }
}
