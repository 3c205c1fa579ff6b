package dev.heddle.pool.tests.faults;

import dev.heddle.pool.tests.ChildJvm;
import dev.heddle.pool.tests.Preload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * JVMs whose system calls can be made to fail, by {@link Faults}: with src/test/native/faults.c.
 */
record FaultyJvm(Preload faults) {

  private static @Nullable FaultyJvm compiled;

  /** With the library compiled, once for all tests, to where programs may be run from. */
  static synchronized FaultyJvm compiled() throws IOException, InterruptedException {
    if (compiled == null) {
      Path folder = Files.createTempDirectory("heddle-faults-");
      folder.toFile().deleteOnExit();
      Preload faults = Preload.compiledInto(folder, "faults.c");
      faults.library().toFile().deleteOnExit();
      unpackDriver(folder);
      compiled = new FaultyJvm(faults);
    }
    return compiled;
  }

  /** Once for all processes: each would unpack its own, and leave it behind when it is killed. */
  private static void unpackDriver(Path folder) throws IOException {
    String name = LibraryLoaderUtil.getNativeLibName();
    Path driver = folder.resolve(name);
    driver.toFile().deleteOnExit();
    String resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + name;
    try (InputStream packed = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
      Files.copy(Objects.requireNonNull(packed, resource), driver);
    }
  }

  /** What is done with a case, in a process of its own. */
  @FunctionalInterface
  interface Trial<C> {
    void run(C what) throws Exception;
  }

  /** Tries all, two at a time. */
  static <C> void tryAll(List<C> cases, Trial<C> trial) throws Exception {
    List<Future<?>> trials = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      for (C what : cases) {
        trials.add(
            threads.submit(
                () -> {
                  trial.run(what);
                  return true;
                }));
      }
    }
    for (Future<?> done : trials) {
      done.get();
    }
  }

  ChildJvm start(Class<?> main, Object... arguments) throws IOException {
    return faults.start(
        Map.of(),
        List.of("-Dorg.sqlite.lib.path=" + faults.library().getParent()),
        main,
        arguments);
  }
}
