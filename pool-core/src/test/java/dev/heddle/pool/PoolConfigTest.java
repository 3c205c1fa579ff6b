package dev.heddle.pool;

import static dev.heddle.pool.internal.config.Messages.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.internal.config.Messages;
import dev.heddle.pool.internal.config.Option;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PoolConfigTest {

  private static final Path DATABASE = Path.of("app.db");

  private static PoolConfig.Builder builder() {
    return PoolConfig.builder(DATABASE);
  }

  private static Arguments same(String key, String text, Consumer<PoolConfig.Builder> call) {
    return Arguments.of(key, text, call);
  }

  static Stream<Arguments> callsAndTexts() {
    return Stream.of(
        same("name", "orders", b -> b.name("orders")),
        same("mode", "read-only", b -> b.readOnly()),
        same("readers", "7", b -> b.readers(7)),
        same("acquire-timeout", "0", b -> b.acquireTimeout(Duration.ZERO)),
        same("open-timeout", "90s", b -> b.openTimeout(Duration.ofSeconds(90))),
        same("queue-limit", "0", b -> b.queueLimit(0)),
        same("writer.max-time", "0", b -> b.writerMaxTime(Duration.ZERO)),
        same("reader.max-time", "90m", b -> b.readerMaxTime(Duration.ofMinutes(90))),
        same("statement-timeout", "2s", b -> b.statementTimeout(Duration.ofSeconds(2))),
        same("leak-report.after", "0", b -> b.leakReportAfter(Duration.ZERO)),
        same("leak-report.stacks", "on", b -> b.leakReportStacks(true)),
        same("close-timeout", "1h", b -> b.closeTimeout(Duration.ofHours(1))),
        same("group.max-units", "1", b -> b.groupMaxUnits(1)),
        same("group.max-age", "20ms", b -> b.groupMaxAge(Duration.ofMillis(20))),
        same("statement-cache", "0", b -> b.statementCache(0)),
        same("page-cache", "1025KiB", b -> b.pageCache(1025 * 1024)),
        same("busy-timeout", "250ms", b -> b.busyTimeout(Duration.ofMillis(250))),
        same("wal.checkpoint-pages", "0", b -> b.walCheckpointPages(0)),
        same("slow-statement.after", "2s", b -> b.slowStatementAfter(seconds(2))),
        same("slow-statement.plan", "on", b -> b.slowStatementPlan(true)),
        same("slow-wait.after", "0", b -> b.slowWaitAfter(Duration.ZERO)),
        same("wal.truncate-above", "1GiB", b -> b.walTruncateAbove(1L << 30)),
        same("optimize.every", "0", b -> b.optimizeEvery(Duration.ZERO)),
        same("carriers", "off", b -> b.reserveCarriers(false)),
        same("file-permissions", "group", b -> b.filePermissions("group")),
        same("restore-from", "old.db", b -> b.restoreFrom(Path.of("old.db"))),
        same("pragma.temp_store", "MEMORY", b -> b.pragma("TEMP_STORE", "MEMORY")),
        same("reader.pragma.cache_size", "-500", b -> b.readerPragma("cache_size", "-500")),
        same("writer.pragma.synchronous", "EXTRA", b -> b.writerPragma("synchronous", "EXTRA")));
  }

  @ParameterizedTest
  @MethodSource("callsAndTexts")
  void builder_methodAndText_agree(String key, String text, Consumer<PoolConfig.Builder> call) {
    PoolConfig.Builder called = builder();
    call.accept(called);

    PoolConfig config = called.build();

    assertEquals(builder().set(key, text).build(), config);
    assertNotEquals(builder().build(), config);
    assertTrue(config.toString().contains(key + "=" + text + ","), config.toString());
  }

  @Test
  void builder_everyOption_hasAMethod() {
    List<String> keys =
        callsAndTexts().map(arguments -> String.valueOf(arguments.get()[0])).toList();

    List<String> missing =
        Arrays.stream(Option.values()).map(Option::key).filter(key -> !keys.contains(key)).toList();

    assertEquals(List.of("database"), missing); // that one is builder(Path)
  }

  static Stream<Arguments> badCalls() {
    return Stream.of(
        bad("name: \"a b\"", "name", b -> b.name("a b")),
        bad("readers: \"0\"", "readers", b -> b.readers(0)),
        bad("acquire-timeout: \"PT-1S\"", "acquireTimeout", b -> b.acquireTimeout(seconds(-1))),
        bad("open-timeout: \"25h\"", "openTimeout", b -> b.openTimeout(Duration.ofHours(25))),
        bad(
            "slow-statement.after: \"25h\"",
            "slowStatementAfter",
            b -> b.slowStatementAfter(Duration.ofHours(25))),
        bad("slow-wait.after: \"PT-1S\"", "slowWaitAfter", b -> b.slowWaitAfter(seconds(-1))),
        bad("queue-limit: \"-1\"", "queueLimit", b -> b.queueLimit(-1)),
        bad(
            "writer.max-time: \"25h\"",
            "writerMaxTime",
            b -> b.writerMaxTime(Duration.ofHours(25))),
        bad("reader.max-time: \"PT-1S\"", "readerMaxTime", b -> b.readerMaxTime(seconds(-1))),
        bad(
            "statement-timeout: \"PT-1S\"",
            "statementTimeout",
            b -> b.statementTimeout(seconds(-1))),
        bad(
            "leak-report.after: \"25h\"",
            "leakReportAfter",
            b -> b.leakReportAfter(Duration.ofHours(25))),
        bad("close-timeout: \"PT0.0", "closeTimeout", b -> b.closeTimeout(Duration.ofNanos(1))),
        bad("group.max-units: \"0\"", "groupMaxUnits", b -> b.groupMaxUnits(0)),
        bad("group.max-age: \"0\"", "groupMaxAge", b -> b.groupMaxAge(Duration.ZERO)),
        bad("statement-cache: \"10001\"", "statementCache", b -> b.statementCache(10_001)),
        bad("page-cache: \"-1\"", "pageCache", b -> b.pageCache(-1)),
        bad("page-cache: \"1B\"", "pageCache", b -> b.pageCache(1)),
        bad("busy-timeout: \"PT", "busyTimeout", b -> b.busyTimeout(seconds(Long.MAX_VALUE))),
        bad("wal.checkpoint-pages: \"-1\"", "walCheckpointPages", b -> b.walCheckpointPages(-1)),
        bad("wal.truncate-above: \"1B\"", "walTruncateAbove", b -> b.walTruncateAbove(1)),
        bad("optimize.every: \"25h\"", "optimizeEvery", b -> b.optimizeEvery(Duration.ofHours(25))),
        bad("file-permissions: \"644\"", "filePermissions", b -> b.filePermissions("644")),
        bad("restore-from: \"file:x\"", "restoreFrom", b -> b.restoreFrom(Path.of("file:x"))),
        bad("pragma.x: \"1;\"", "pragma", b -> b.pragma("x", "1;")),
        bad("reader.pragma.x=y: the name", "readerPragma", b -> b.readerPragma("x=y", "1")),
        bad("writer.pragma.key: can't", "writerPragma", b -> b.writerPragma("key", "'s'")),
        bad("nome: unknown key; did you mean name?", "set", b -> b.set("nome", "x")));
  }

  private static Arguments bad(String start, String method, Consumer<PoolConfig.Builder> call) {
    return Arguments.of(start, method, call);
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  @ParameterizedTest
  @MethodSource("badCalls")
  void builder_badValue_isRefusedByTheCallAndChangesNothing(
      String start, String method, Consumer<PoolConfig.Builder> call) {
    PoolConfig.Builder builder = builder();

    String refused = refusal(() -> call.accept(builder));

    assertTrue(refused.startsWith(start), refused);
    assertTrue(refused.endsWith("(PoolConfig.Builder." + method + ")"));
    assertEquals(builder().build(), builder.build());
  }

  @Test
  void builder_memoryDatabase_isRefusedWithTheAlternative() {
    String refused = refusal(() -> PoolConfig.builder(Path.of(":memory:")));

    assertTrue(refused.contains("SqlitePool.ephemeral()"), refused);
    assertTrue(refused.endsWith("(PoolConfig.builder)"), refused);
  }

  @Test
  void builder_databaseInsideAnArchive_isRefused(@TempDir Path folder) throws IOException {
    try (FileSystem zip =
        FileSystems.newFileSystem(folder.resolve("a.zip"), Map.of("create", "true"))) {
      Path inside = zip.getPath("/app.db");

      String refused = refusal(() -> PoolConfig.builder(inside));

      assertTrue(refused.startsWith("database: /app.db is not of the default"));
    }
  }

  @Test
  void builder_usedAfterBuild_leavesTheConfigurationAlone() {
    PoolConfig.Builder builder = builder().readers(3);
    PoolConfig before = builder.build();
    builder.readers(4).pragma("temp_store", "MEMORY").onConnect(connection -> {});

    assertEquals(builder().readers(3).build(), before);
    assertEquals(List.of(), before.setups());
  }

  @Test
  void builder_optionGivenTwice_takesTheLast() {
    PoolConfig config = builder().queueLimit(5).set("queue-limit", "none").build();

    assertTrue(config.settings().limit(Option.QUEUE_LIMIT).isEmpty());
  }

  @Test
  void build_pageCacheAndCacheSize_areAConflict() {
    PoolConfig.Builder builder = builder().pageCache(1L << 20).pragma("cache_size", "-500");

    String refused = refusal(builder::build);

    assertTrue(refused.contains("PoolConfig.Builder.pageCache"));
    assertTrue(refused.contains("PoolConfig.Builder.pragma"));
  }

  @Test
  void onConnect_severalTimes_keepsTheOrder() {
    ConnectionSetup first = connection -> {};
    ConnectionSetup second = connection -> {};

    PoolConfig config = builder().onConnect(first).onConnect(second).onConnect(first).build();

    assertEquals(List.of(first, second, first), config.setups());
    assertTrue(config.toString().endsWith("onConnect=3]"), config.toString());
    assertThrows(UnsupportedOperationException.class, () -> config.setups().clear());
  }

  @Test
  void equals_otherSetups_doesNotHold() {
    ConnectionSetup setup = connection -> {};

    assertEquals(
        builder().onConnect(setup).build().hashCode(),
        builder().onConnect(setup).build().hashCode());
    assertEquals(builder().onConnect(setup).build(), builder().onConnect(setup).build());
    assertNotEquals(builder().build(), builder().onConnect(setup).build());
    assertFalse(builder().build().equals(new Object()));
  }

  @Test
  void toBuilder_ofALoadedFile_keepsItAndTakesMore(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("app.properties"), "database=app.db\nreaders=3");
    PoolConfig loaded = PoolConfig.load(file, Map.of(), Map.of());

    PoolConfig more = loaded.toBuilder().onConnect(connection -> {}).build();

    assertEquals(loaded, loaded.toBuilder().build());
    assertEquals(3, more.settings().integer(Option.READERS));
    assertEquals(1, more.setups().size());
    assertEquals(List.of(), loaded.setups());
  }

  @Test
  void toBuilder_otherDatabase_renamesAPoolThatWasNotNamed() {
    assertEquals("b.db", builder().build().toBuilder().set("database", "b.db").build().name());
    assertEquals(
        "orders",
        builder().name("orders").build().toBuilder().set("database", "b.db").build().name());
  }

  @Test
  void load_missingFile_namesIt() {
    String missing =
        Messages.of(NoSuchFileException.class, () -> PoolConfig.load(Path.of("no.properties")));

    assertTrue(missing.startsWith("no.properties: no such configuration file"));
  }

  @Test
  void load_overrides_winOverTheFile(@TempDir Path folder) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("app.properties"), "database=a.db\nname=orders\nreaders=1");

    PoolConfig config =
        PoolConfig.load(
            file, Map.of("HEDDLE_ORDERS_READERS", "2"), Map.of("heddle.carriers", "off"));

    assertEquals(2, config.settings().integer(Option.READERS));
    assertFalse(config.settings().reservesCarriers());
    assertEquals(Path.of("a.db"), config.database());
    assertEquals("orders", config.name());
  }

  @Test
  void load_realSurroundings_areAsked(@TempDir Path folder) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("app.properties"), "database=a.db\nname=only-in-this-test");
    System.setProperty("heddle.only-in-this-test.readers", "77");
    try {
      assertEquals(77, PoolConfig.load(file).settings().integer(Option.READERS));
    } finally {
      System.clearProperty("heddle.only-in-this-test.readers");
    }
  }

  @Test
  void from_propertiesChangedLater_staysAsItWas() {
    Properties properties = new Properties();
    properties.setProperty("database", "app.db");
    properties.setProperty("readers", "3");
    PoolConfig config = PoolConfig.from(properties);
    properties.setProperty("readers", "4");

    assertEquals(builder().readers(3).build(), config);
  }

  @Test
  void from_allOptionsAtOnce_equalsTheBuilder() {
    PoolConfig.Builder builder = builder();
    Properties properties = new Properties();
    properties.setProperty("database", "app.db");
    callsAndTexts()
        .map(arguments -> arguments.get())
        .filter(entry -> !entry[0].equals("page-cache")) // it excludes cache_size
        .forEach(
            entry -> {
              properties.setProperty((String) entry[0], (String) entry[1]);
              builder.set((String) entry[0], (String) entry[1]);
            });

    assertEquals(builder.build(), PoolConfig.from(properties));
  }

  @Test
  void nullArguments_everywhere_areRefused() {
    PoolConfig.Builder builder = builder();
    List<Consumer<PoolConfig.Builder>> calls =
        List.of(
            b -> b.name(missing()),
            b -> b.acquireTimeout(missing()),
            b -> b.pragma(missing(), "1"),
            b -> b.pragma("x", missing()),
            b -> b.set(missing(), "1"),
            b -> b.set("readers", missing()),
            b -> b.onConnect(missing()));

    for (Consumer<PoolConfig.Builder> call : calls) {
      assertThrows(NullPointerException.class, () -> call.accept(builder));
    }
  }

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // what a caller without it passes
  private static <T> T missing() {
    return null;
  }
}
