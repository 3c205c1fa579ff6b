package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.SqlitePool;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A Java runtime without the module jdk.management, as jlink makes them. */
@Timeout(90)
class SchedulerBeanMissingTest {

  /** All that the driver and the logging back end want. */
  private static final String MODULES =
      "java.base,java.sql,java.logging,java.management,java.naming,java.xml";

  private static final String PROPERTY = "jdk.virtualThreadScheduler.parallelism";

  @TempDir Path folder;

  private List<String> said(String carriers) throws Exception {
    try (ChildJvm child =
        ChildJvm.start(List.of("--limit-modules", MODULES), Child.class, folder, carriers)
            .killedWhenItHangs()) {
      List<String> said = child.rest();
      assertEquals(0, child.awaitEnd(), () -> "" + said);
      return said;
    }
  }

  @Test
  void pools_carriersReserve_openAndAreToldOnceWhatToSet() throws Exception {
    List<String> said = said("reserve");

    List<String> logged = said.stream().filter(line -> line.contains(PROPERTY)).toList();
    assertEquals(1, logged.size(), () -> "" + said);
    assertEquals(
        List.of("> no jdk.management", "> 1", "> 1", "> 1"),
        said.stream().filter(line -> line.startsWith("> ")).toList());
    assertEquals(5, said.size(), () -> "more was logged: " + said);
  }

  @Test
  void pools_carriersOff_openAndAreToldNothing() throws Exception {
    assertEquals(List.of("> no jdk.management", "> 1", "> 1", "> 1"), said("off"));
  }

  /** The JVM without it. */
  static final class Child {

    private Child() {}

    public static void main(String[] arguments) throws Exception {
      boolean there = ModuleLayer.boot().findModule("jdk.management").isPresent();
      ChildJvm.say(there ? "jdk.management" : "no jdk.management");
      for (int i = 0; i < 3; i++) {
        PoolConfig config =
            PoolConfig.builder(Path.of(arguments[0]).resolve(i + ".db"))
                .readers(2)
                .set("carriers", arguments[1])
                .build();
        try (SqlitePool pool = SqlitePool.open(config)) {
          pool.useWriter(lease -> lease.script("CREATE TABLE t(v); INSERT INTO t VALUES (1)"));
          ChildJvm.say("" + pool.read(PoolFixture::count));
        }
      }
    }
  }
}
