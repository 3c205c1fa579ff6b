package dev.heddle.pool;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Properties files that began as good ones, and that somebody has had his hands on. */
final class HostileProperties {

  private static final List<String> GOOD =
      """
      database = app.db
      name = orders
      mode = read-only
      readers = 8
      acquire-timeout = 2s
      queue-limit = 500
      writer.max-time = 30s
      statement-timeout = 0
      group.max-units = 64
      group.max-age = 5ms
      statement-cache = 256
      page-cache = 256MiB
      wal.checkpoint-pages = 4000
      wal.truncate-above = 64MiB
      carriers = off
      file-permissions = group
      restore-from = none
      pragma.synchronous = FULL
      pragma.encoding = 'UTF-8'
      reader.pragma.cell_size_check = ON
      writer.pragma.temp_store = 2
      """
          .lines()
          .toList();

  private static final List<String> KEYS =
      List.of(
          ("database|name|readers|acquire-timeout|group.max-age|page-cache|restore-from|Readers"
                  + "|readers.|.readers|heddle.readers|pragma|pragma.|reader.pragma.|writer.pragma"
                  + "|pragma.synchronous|pragma.SYNCHRONOUS|pragma.x=1; DROP TABLE canary"
                  + "|pragma.x\\=1;\\ DROP\\ TABLE\\ canary|pragma.x;DROP|pragma.key"
                  + "|pragma.synchronous\\=1;VACUUM|pragma.main.synchronous|pragma.\\u0130d"
                  + "|pragma.journal_mode|pragma.writable_schema|pragma.query_only|pragma.no_such"
                  + "|pragma.table_info|pragma.wal_checkpoint|pragma.temp_store--|pragma.a\\u0000b"
                  + "|pragma./**/synchronous|reader.pragma.trusted_schema|writer.pragma.optimize"
                  + "|\\u0000|\\n|\u00fc|\ud83d\ude00|\\ud800|:|=|!|#|")
              .split("\\|", -1));

  private static final List<String> VALUES =
      List.of(
          ("|0|-1|-0|+1|00|1.5|1e3|0x10|\u0661|2147483648|-2147483649|99999999999999999999|1s|-5s|5"
               + " s|5S|5ms5s|24h|25h|999999999999999999h|1ns|1d|PT5S|\u221e|NaN|1MiB|1024KiB|1B|1024GiB|1025GiB|-1MiB|1MB|none|None|null|ON|true|:memory:|file:x.db|FILE:x|jdbc:sqlite:x|..|.|/|//|C:\\\\x|a\\u0000b|x.db?mode=memory|x.db\\n"
               + "|a/b/c.db|1; DROP TABLE canary|'1'; DROP TABLE canary|1 --"
               + " x|1/**/|(1)|1=1|x'00'|'a''b'|'a\"b'|\"main\"|'DROP TABLE"
               + " canary'|`x`|[x]|'|\"|';'|'\\u0000'|'\\n"
               + "'|\\u00a01|1\\u00a0|\\uFEFF1|\ud83d\ude00|\\ud800|read-only|read-write|reserve"
               + "|FULL|NORMAL|EXTRA|WAL|DELETE|MEMORY|2|-2000|4096|8192|'UTF-16'|UTF8|UTF-8")
              .split("\\|", -1));

  /** Put anywhere: bytes, some of them not UTF-8. */
  private static final List<byte[]> BYTES =
      List.of(
          bytes(0),
          bytes(0xFF),
          bytes(0xC0, 0x80),
          bytes(0xED, 0xA0, 0x80),
          bytes(0xEF, 0xBB, 0xBF),
          bytes(0xE2, 0x80, 0xA8),
          bytes('\n'),
          bytes('\r'),
          bytes('\\'),
          bytes('\\', 'u'),
          bytes('\\', 'u', '0', '0', '0', '0'),
          bytes('='),
          bytes(':'),
          bytes(';'),
          bytes('\f'));

  private final Random random;

  HostileProperties(Random random) {
    this.random = random;
  }

  private static byte[] bytes(int... bytes) {
    byte[] array = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      array[i] = (byte) bytes[i];
    }
    return array;
  }

  /** A file; one in a hundred is very long. */
  byte[] next() {
    List<String> lines = new ArrayList<>(GOOD);
    while (random.nextInt(20) > 0 && lines.size() > 1) {
      lines.remove(1 + random.nextInt(lines.size() - 1));
    }
    int changes = random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      change(lines);
    }
    String ends = random.nextInt(8) == 0 ? "\r" : "\n";
    byte[] file = String.join(ends, lines).getBytes(StandardCharsets.UTF_8);
    return random.nextInt(6) == 0 ? scribbled(file) : file;
  }

  private void change(List<String> lines) {
    int at = random.nextInt(lines.size() + 1);
    String line = at < lines.size() ? lines.get(at) : GOOD.get(random.nextInt(GOOD.size()));
    String key = line.substring(0, Math.max(0, line.indexOf('=')));
    switch (random.nextInt(50)) {
      case 0 -> lines.remove(Math.min(at, lines.size() - 1));
      case 1 -> lines.add(at, line);
      case 2 -> lines.add(at, key + "= " + "9".repeat(100_000));
      case 3 -> lines.add(at, any(KEYS) + "k".repeat(100_000) + " = 1");
      case 4 -> lines.add(at, line + "\\");
      default -> lines.add(at, (random.nextBoolean() ? key : any(KEYS)) + " = " + any(VALUES));
    }
    if (lines.isEmpty()) {
      lines.add("");
    }
  }

  private byte[] scribbled(byte[] file) {
    byte[] put = BYTES.get(random.nextInt(BYTES.size()));
    int at = random.nextInt(file.length + 1);
    byte[] changed = new byte[file.length + put.length];
    System.arraycopy(file, 0, changed, 0, at);
    System.arraycopy(put, 0, changed, at, put.length);
    System.arraycopy(file, at, changed, at + put.length, file.length - at);
    return changed;
  }

  private String any(List<String> texts) {
    return texts.get(random.nextInt(texts.size()));
  }
}
