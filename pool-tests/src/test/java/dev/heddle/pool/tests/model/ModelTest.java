package dev.heddle.pool.tests.model;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Random programs of several threads on a pool. {@code -Dheddle.model.rounds=20000} runs so many of
 * each kind, {@code -Dheddle.seed=…} begins with that one. A program that fails is printed in its
 * shortest form.
 */
@Tag("slow")
@Timeout(value = 6, unit = TimeUnit.HOURS)
class ModelTest {

  private static final int ROUNDS = Integer.getInteger("heddle.model.rounds", 300);

  /** How often a program is run to see whether it fails, where that is a matter of luck. */
  private static final int ATTEMPTS = 10;

  private static final Logger LOGGER = (Logger) LoggerFactory.getLogger("dev.heddle.pool");

  @TempDir Path folder;

  /** Most of what the programs do is worth a warning. */
  @BeforeAll
  static void sayNothing() {
    LOGGER.setLevel(Level.OFF);
  }

  @AfterAll
  static void speakAgain() {
    LOGGER.setLevel(null);
  }

  @Test
  void programs_oneStepAfterTheOther_doWhatTheModelDoes() throws SQLException {
    Site site = new Site(folder, Table.SCHEMA);
    new Hunt(ROUNDS, 1, (program, patience) -> Stepped.run(program, site, patience)).run();
  }

  @Test
  void programs_allAtOnce_haveOneHistory() throws SQLException {
    Site site = new Site(folder, History.SCHEMA);
    new Hunt(ROUNDS, ATTEMPTS, (program, patience) -> Free.run(program, site, patience)).run();
  }
}
