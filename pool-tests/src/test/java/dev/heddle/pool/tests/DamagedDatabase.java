package dev.heddle.pool.tests;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A sound database, and files that were made of it and are not. Where what is in a file stands in
 * <a href="https://sqlite.org/fileformat2.html">sqlite.org/fileformat2.html</a>.
 */
final class DamagedDatabase {

  private static final int PAGE = 512;
  private static final int HEADER = 100;

  /** Trees of several levels, long values, free pages, and all kinds of things in the schema. */
  private static final String[] CONTENT = {
    "PRAGMA page_size = " + PAGE,
    "CREATE TABLE t(id INTEGER PRIMARY KEY, v, w TEXT DEFAULT 'x' CHECK (w <> 'bad'))",
    "CREATE TABLE k(a TEXT PRIMARY KEY, b, c AS (b || 1)) WITHOUT ROWID",
    "CREATE INDEX tv ON t(v)",
    "CREATE INDEX tw ON t(lower(w)) WHERE v IS NOT NULL",
    "CREATE VIEW s AS SELECT v, count(*) AS n FROM t GROUP BY v",
    "CREATE TRIGGER tk AFTER INSERT ON t BEGIN INSERT OR REPLACE INTO k VALUES (new.id, 'new');"
        + " END",
    "CREATE VIRTUAL TABLE f USING fts5(body)",
    "CREATE TABLE gone(v)",
    "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 60)"
        + " INSERT INTO t(v, w) SELECT hex(n * n), hex(zeroblob(n * 20 % 3000)) FROM c",
    "INSERT INTO f SELECT 'word' || id || ' and ' || v FROM t",
    "INSERT INTO gone SELECT zeroblob(900) FROM t",
    "DROP TABLE gone",
    "ANALYZE"
  };

  /** Bytes that mean something wherever they stand. */
  private static final byte[] INTERESTING = {0, 1, 2, 5, 10, 13, 0x7F, (byte) 0x80, (byte) 0xFF};

  private final byte[] sound;
  private final byte[] inWal;
  private final byte[] wal;
  private final byte[] shm;

  private DamagedDatabase(byte[] sound, byte[] inWal, byte[] wal, byte[] shm) {
    this.sound = sound;
    this.inWal = inWal;
    this.wal = wal;
    this.shm = shm;
  }

  /** Makes the sound one in a folder, and another one whose last rows are in its WAL. */
  static DamagedDatabase in(Path folder) throws SQLException, IOException {
    Path file = folder.resolve("sound.db");
    Database.create(file, CONTENT);
    byte[] sound = Files.readAllBytes(file);
    try (Database database = Database.connect(file)) {
      database.run("PRAGMA journal_mode = WAL", "UPDATE t SET v = id", "DELETE FROM k");
      return new DamagedDatabase(
          sound,
          Files.readAllBytes(file),
          Files.readAllBytes(beside(file, "-wal")),
          Files.readAllBytes(beside(file, "-shm")));
    }
  }

  private static Path beside(Path file, String suffix) {
    return Path.of(file + suffix);
  }

  /** Writes a damaged one, and says what is wrong with it. */
  String write(Path file, Random random) throws IOException {
    for (String suffix : List.of("-wal", "-shm", "-journal")) {
      Files.deleteIfExists(beside(file, suffix));
    }
    return random.nextInt(10) < 6 ? writeItself(file, random) : writeBeside(file, random);
  }

  private String writeItself(Path file, Random random) throws IOException {
    byte[] bytes = sound.clone();
    String what =
        switch (random.nextInt(8)) {
          case 0 -> "anywhere, " + scribble(bytes, 0, bytes.length, 1 + random.nextInt(30), random);
          case 1 -> "header, " + scribble(bytes, 0, HEADER, 1 + random.nextInt(4), random);
          case 2 -> "schema, " + scribble(bytes, HEADER, PAGE, 1 + random.nextInt(6), random);
          case 3 -> pageHeader(bytes, random);
          case 4 -> pageCopied(bytes, random);
          case 5 -> pageCount(ByteBuffer.wrap(bytes), random);
          case 6 -> circularFreelist(ByteBuffer.wrap(bytes));
          default -> rubbish(bytes, random.nextInt(2 * PAGE), random);
        };
    boolean cut = random.nextInt(8) == 0;
    Files.write(file, cut ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes);
    return what + (cut ? ", and cut" : "");
  }

  private String writeBeside(Path file, Random random) throws IOException {
    boolean another = random.nextInt(4) == 0;
    Files.write(file, another ? sound : inWal);
    String whose = another ? "of another one, " : "";
    return switch (random.nextInt(4)) {
      case 0 -> {
        Files.write(beside(file, "-wal"), wal);
        yield "WAL " + whose;
      }
      case 1 -> "WAL " + whose + writeScribbled(beside(file, "-wal"), wal, random);
      case 2 -> {
        Files.write(beside(file, "-wal"), wal);
        yield "-shm " + whose + writeScribbled(beside(file, "-shm"), shm, random);
      }
      default -> {
        Files.write(beside(file, "-journal"), garbageJournal(random));
        yield "a journal of rubbish";
      }
    };
  }

  private static String writeScribbled(Path path, byte[] good, Random random) throws IOException {
    byte[] bytes = good.clone();
    String what = scribble(bytes, 0, bytes.length, 1 + random.nextInt(50), random);
    int length = random.nextBoolean() ? bytes.length : random.nextInt(bytes.length);
    Files.write(path, Arrays.copyOf(bytes, length));
    return what + ", " + length + " long";
  }

  private static String pageHeader(byte[] bytes, Random random) {
    int page = random.nextInt(bytes.length / PAGE);
    int at = page * PAGE + (page == 0 ? HEADER : 0);
    return "header of page " + (page + 1) + ", " + scribble(bytes, at, at + 12, 3, random);
  }

  private static String pageCopied(byte[] bytes, Random random) {
    int from = random.nextInt(bytes.length / PAGE);
    int to = random.nextInt(bytes.length / PAGE);
    System.arraycopy(bytes, from * PAGE, bytes, to * PAGE, PAGE);
    return "page " + (from + 1) + " copied to " + (to + 1);
  }

  private static String pageCount(ByteBuffer file, Random random) {
    file.putInt(28, random.nextBoolean() ? Integer.MAX_VALUE : random.nextInt());
    return "page count " + file.getInt(28);
  }

  private static String rubbish(byte[] bytes, int from, Random random) {
    byte[] rubbish = new byte[bytes.length - from];
    random.nextBytes(rubbish);
    System.arraycopy(rubbish, 0, bytes, from, rubbish.length);
    return "rubbish from " + from;
  }

  private static String scribble(byte[] bytes, int from, int to, int times, Random random) {
    for (int i = 0; i < times; i++) {
      byte value =
          random.nextBoolean()
              ? INTERESTING[random.nextInt(INTERESTING.length)]
              : (byte) random.nextInt();
      bytes[from + random.nextInt(to - from)] = value;
    }
    return times + " bytes from " + from + " to " + to;
  }

  /** Its first page of free pages is also the next one. */
  private static String circularFreelist(ByteBuffer file) {
    int trunk = file.getInt(32);
    file.putInt((trunk - 1) * PAGE, trunk);
    file.putInt(36, Integer.MAX_VALUE);
    return "circular freelist at page " + trunk;
  }

  /** By its header, one of a transaction that was not finished. */
  private static byte[] garbageJournal(Random random) {
    byte[] journal = new byte[8 * PAGE];
    random.nextBytes(journal);
    ByteBuffer header = ByteBuffer.wrap(journal);
    header.putLong(0xd9d505f920a163d7L).putInt(random.nextInt(9) - 1).putInt(7);
    header.putInt(random.nextInt(200)).putInt(512).putInt(PAGE);
    return journal;
  }
}
