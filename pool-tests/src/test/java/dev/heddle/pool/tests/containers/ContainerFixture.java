package dev.heddle.pool.tests.containers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Containers that share the folder of a test, and belong to a user who is not root. */
@Tag("slow")
@Timeout(600)
abstract class ContainerFixture {

  /** How much is done: {@code -Dheddle.containers.rounds=30} is a long run. */
  static final int ROUNDS = Integer.getInteger("heddle.containers.rounds", 3);

  /** Who runs them if root runs the test, who may read everybody's files. */
  private static final int NOBODY = 65_534;

  private static String image = "";

  @TempDir Path folder;

  @BeforeAll
  static void makeImage(@TempDir Path scratch) throws Exception {
    image = ProgramImage.name(scratch);
  }

  @BeforeEach
  void giveFolderAway() throws IOException {
    if (owner().equals(0)) {
      Files.setAttribute(folder, "unix:uid", NOBODY);
    }
  }

  /** A container that is to be; its folder {@code /data} is {@link #folder}. */
  final Contained.Plan container() throws IOException {
    return new Contained.Plan(image, folder, owner().toString());
  }

  final Object owner() throws IOException {
    return Files.getAttribute(folder, "unix:uid");
  }

  /** What is {@link Contained#FILE} to them. */
  final Path file() {
    return folder.resolve("test.db");
  }
}
