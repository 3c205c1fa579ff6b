package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.SqlitePool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaSetupTest {

  private static final String FIRST = "CREATE TABLE notes(id INTEGER PRIMARY KEY, text TEXT)";
  private static final String SECOND = "ALTER TABLE notes ADD COLUMN author TEXT";

  @TempDir Path folder;

  private SqlitePool pool;

  @BeforeEach
  void open() throws SQLException {
    pool = SqlitePool.ephemeral();
  }

  @AfterEach
  void close() {
    pool.close();
  }

  @Test
  void apply_newDatabase_takesEveryStep() throws SQLException {
    assertEquals(2, new SchemaSetup(FIRST, SECOND).apply(pool));
    assertEquals(2, version());
  }

  @Test
  void apply_secondTime_takesNone() throws SQLException {
    SchemaSetup schema = new SchemaSetup(FIRST, SECOND);
    schema.apply(pool);
    assertEquals(0, schema.apply(pool));
  }

  @Test
  void apply_olderDatabase_takesTheMissingSteps() throws SQLException {
    new SchemaSetup(FIRST).apply(pool);
    assertEquals(1, new SchemaSetup(FIRST, SECOND).apply(pool));
    assertEquals(2, version());
  }

  @Test
  void apply_newerDatabase_isRefused() throws SQLException {
    new SchemaSetup(FIRST, SECOND).apply(pool);
    assertThrows(IllegalStateException.class, () -> new SchemaSetup(FIRST).apply(pool));
    assertEquals(2, version());
  }

  @Test
  void apply_lastStepFails_leavesNothing() throws SQLException {
    SchemaSetup broken = new SchemaSetup(FIRST, SECOND, "CREATE TABLE");
    assertThrows(SQLException.class, () -> broken.apply(pool));
    assertEquals(0, version());
    assertEquals(2, new SchemaSetup(FIRST, SECOND).apply(pool));
  }

  @Test
  void main_threeProcessesAtOnce_oneTakesTheSteps() throws Exception {
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      processes.add(startProcess());
    }
    List<String> outputs = new ArrayList<>();
    for (Process process : processes) {
      outputs.add(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
      assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    }
    outputs.sort(null);
    assertEquals(
        List.of("Steps taken: 0", "Steps taken: 0", "Steps taken: 2"),
        outputs.stream().map(String::strip).toList());
  }

  private Process startProcess() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            SchemaSetup.class.getName(),
            folder.resolve("users.db").toString())
        .redirectErrorStream(true)
        .start();
  }

  private long version() throws SQLException {
    return pool.read(
        lease -> lease.queryOne("PRAGMA user_version", row -> row.getLong(1)).orElseThrow());
  }
}
