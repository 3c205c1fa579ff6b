package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.ObjectName;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.Function;

/** A program that opens and closes pools all the time: nothing of them stays. */
@Tag("slow")
@Timeout(600)
class OpenCloseLeakTest {

  private static final int ROUNDS = 1_000;
  private static final int POOLS = 200;

  /** Far beyond what the timer's thread stays for, or an alarm of a pool that is closed. */
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("leak.db");
  }

  private static void await(BooleanSupplier condition, Supplier<@Nullable String> otherwise) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() - start < LIMIT.toNanos(), otherwise);
      LockSupport.parkNanos(100_000_000);
    }
  }

  // What a leak would add to

  private static int parallelism() {
    return Objects.requireNonNull(
            ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class))
        .getParallelism();
  }

  /** What the descriptors of this process lead to; none on a system that does not tell. */
  private static List<String> descriptors() throws IOException {
    if (!Files.isDirectory(DESCRIPTORS)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(DESCRIPTORS)) {
      return all.map(OpenCloseLeakTest::target).filter(target -> !target.isEmpty()).toList();
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return ""; // closed meanwhile: it was that of the list itself
    }
  }

  /** Those of before may be gone, and count once each. */
  private static List<String> newDescriptors(List<String> before) throws IOException {
    List<String> descriptors = new ArrayList<>(descriptors());
    before.forEach(descriptors::remove);
    return descriptors;
  }

  /** Without the carriers, which the scheduler starts and ends as it likes. */
  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !thread.getName().startsWith("ForkJoinPool-"))
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static Set<Thread> newThreads(Set<Thread> before) {
    Set<Thread> threads = threads();
    threads.removeIf(thread -> before.contains(thread) && !thread.getName().startsWith("heddle-"));
    return threads;
  }

  @Test
  void pools_openedAndClosedAThousandTimes_leaveNothingBehind() throws Exception {
    useAndClose(0); // loads classes and the driver's library, starts threads of the JVM's own
    Set<Thread> threads = threads();
    List<String> descriptors = descriptors();
    int parallelism = parallelism();

    for (int i = 1; i < ROUNDS; i++) {
      useAndClose(i);
    }

    assertEquals(parallelism, parallelism(), "parallelism");
    assertEquals(List.of(), OpenFiles.under(folder), "open files of the database");
    assertEquals(List.of(), newDescriptors(descriptors), "descriptors left open");
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(file()), left.toList(), "files");
    }
    assertEquals("" + ROUNDS, Database.ask(file(), "SELECT count(*) FROM t"));
    await(() -> newThreads(threads).isEmpty(), () -> "threads still there: " + newThreads(threads));
  }

  private void useAndClose(int round) throws SQLException {
    PoolConfig config = PoolConfig.builder(file()).readers(2).build();
    try (SqlitePool pool = SqlitePool.open(config)) {
      pool.useWriter(
          lease -> {
            lease.update("CREATE TABLE IF NOT EXISTS t(id INTEGER PRIMARY KEY, v)");
            lease.update("INSERT INTO t(v) VALUES (?)", round);
          });
      assertEquals(round + 1, pool.read(PoolFixture::count));
      if (round % 10 == 0) {
        readThroughJdbc(pool);
        wait(pool);
      }
    }
    if (round % 50 == 0) {
      assertThrows(SQLException.class, () -> SqlitePool.open(folder));
      String temporary;
      try (SqlitePool pool = SqlitePool.ephemeral()) {
        pool.useWriter(lease -> lease.update("CREATE TABLE t(v)"));
        temporary = pool.read(OpenCloseLeakTest::databaseOf);
        assertTrue(Files.exists(Path.of(temporary)));
      }
      Path itsFolder = Path.of(temporary).resolve("..").normalize();
      assertFalse(Files.exists(itsFolder), () -> "left behind: " + itsFolder);
    }
  }

  private static String databaseOf(ReadLease lease) throws SQLException {
    return lease
        .queryOne("SELECT file FROM pragma_database_list", row -> row.getString(1))
        .orElseThrow();
  }

  private static void readThroughJdbc(SqlitePool pool) throws SQLException {
    try (Connection connection = pool.readerDataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT v FROM t")) {
      assertTrue(rows.next());
    }
  }

  /** One waits in vain, one is interrupted, one gets the writer, one is turned away. */
  private static void wait(SqlitePool pool) throws SQLException {
    List<Background<?>> waiting = new ArrayList<>();
    try (WriteLease lease = pool.acquireWriter()) {
      Background.start("late", () -> pool.acquireWriter(Duration.ofMillis(1)))
          .failure(SQLException.class);
      waiting.add(Background.start("interrupted", pool::acquireWriter));
      waiting.add(Background.start("served", () -> rollBack(pool)));
      Await.until("two wait", () -> pool.stats().writer().waiting() == 2);
      waiting.getFirst().thread().interrupt();
      waiting.getFirst().failure(SQLException.class);
      lease.rollback();
    }
    waiting.getLast().result();
  }

  private static int rollBack(SqlitePool pool) throws SQLException {
    try (WriteLease lease = pool.acquireWriter()) {
      lease.rollback();
      return 0;
    }
  }

  // Memory

  /** Something of the program's own that a pool was given. */
  private static final class Payload extends Function {
    private final byte[] bytes = new byte[100_000];

    @Override
    protected void xFunc() throws SQLException {
      result(bytes.length);
    }
  }

  @Test
  void pools_closed_areGarbage() throws SQLException {
    List<WeakReference<?>> closed = new ArrayList<>();
    for (int i = 0; i < POOLS; i++) {
      openUseAndClose(closed);
    }
    await(
        () -> {
          System.gc();
          return closed.stream().allMatch(reference -> reference.refersTo(null));
        },
        () -> "still there: " + closed.stream().map(WeakReference::get).toList());
    await(
        () -> instances().values().stream().noneMatch(count -> count >= POOLS),
        () -> "instances of classes of the pool: " + instances());
  }

  private void openUseAndClose(List<WeakReference<?>> closed) throws SQLException {
    PoolConfig config =
        PoolConfig.builder(file())
            .readers(2)
            .onConnect(
                connection -> {
                  Payload payload = new Payload();
                  closed.add(new WeakReference<>(payload));
                  Function.create(connection, "payload", payload);
                })
            .build();
    SqlitePool pool = SqlitePool.open(config);
    WriteLease writer = pool.acquireWriter();
    ReadLease reader = pool.acquireSnapshot();
    for (Object used : List.of(config, pool, writer, reader, reader.connection())) {
      closed.add(new WeakReference<>(used));
    }
    reader.query("SELECT payload()");
    Background<?> waiting = Background.start("waits", pool::acquireWriter);
    closed.add(new WeakReference<>(waiting.thread()));
    Await.until("it waits", () -> pool.stats().writer().waiting() == 1);
    waiting.end();
    reader.close();
    writer.close();
    pool.close();
  }

  /** How many objects there are of each class of the pool, after a full collection. */
  private static Map<String, Long> instances() {
    String histogram;
    try {
      histogram =
          (String)
              ManagementFactory.getPlatformMBeanServer()
                  .invoke(
                      new ObjectName("com.sun.management:type=DiagnosticCommand"),
                      "gcClassHistogram",
                      new Object[] {new String[0]},
                      new String[] {String[].class.getName()});
    } catch (JMException e) {
      throw new AssertionError(e);
    }
    return histogram
        .lines()
        .map(line -> line.strip().split(" +"))
        .filter(columns -> columns.length >= 4 && columns[3].startsWith("dev.heddle.pool."))
        .collect(
            Collectors.toMap(
                columns -> columns[3], columns -> Long.valueOf(columns[1]), Long::sum));
  }
}
