package dev.heddle.pool.internal.sqlite;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Texts made to find out where the guard and SQLite cut a text into different tokens. */
final class SqlGuardTexts {

  /** Put before, between and behind the pieces. */
  private static final List<String> GLUE =
      List.of(
          (" | | |\t|\n"
               + "|\f|\r"
               + "|\u000b| \u000b|;|; | ;;|--|-- x\n"
               + "|--\r"
               + "|/*|*/|/**/|/*/|/* ; */"
               + "|'|''|\"|`|[|]|'x'|\"y\"|[z]|$a(|$a::b(|:a|@|?1|?1_|#1|x'|x'0|x'00'"
               + "|1e|1.5e+2|0x|.5|1_0|\ufeff|\u00e9|\ud83d\ude00|\u00a0|(|)|,|.|=|*|->>|\u0001|!|EXPLAIN"
               + " |explain query plan |WITH c AS (SELECT 1) |END;")
              .split("\\|", -1));

  private static final String HARMLESS =
      "SELECT 1|SELECT|SELECT a FROM t|SELECT ?1|SELECT $a::b(c)|SELECT :a|SELECT 'a'|SELECT x'00'"
          + "|SELECT [a] FROM t|SELECT 1.5e+2|VALUES(1)|INSERT INTO t VALUES(1,2)|DELETE FROM t"
          + "|UPDATE t SET a=a+1|CREATE TABLE n(a)|DROP TABLE u|PRAGMA table_info(t)"
          + "|CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END"
          + "|CREATE TRIGGER g AFTER INSERT ON t BEGIN|SAVEPOINT mine|RELEASE mine|ROLLBACK TO mine"
          + "|PRAGMA|CREATE|temp|main|TO|TRIGGER|TRANSACTION";

  /** To be refused, to be let through, and fragments. */
  private static final List<String> PIECES = pieces();

  private final Random random;

  SqlGuardTexts(Random random) {
    this.random = random;
  }

  private static List<String> pieces() {
    List<String> pieces = new ArrayList<>(SqlGuardTest.STATEFUL);
    for (String setting : GuardedConnection.SETTINGS) {
      pieces.add("PRAGMA " + setting);
      pieces.add("PRAGMA main." + setting + "=1");
    }
    pieces.addAll(List.of(HARMLESS.split("\\|", -1)));
    return List.copyOf(pieces);
  }

  /** One or several pieces with glue, sometimes with one character missing. */
  String next() {
    StringBuilder text = new StringBuilder();
    glue(text, 3);
    int pieces = 1 + random.nextInt(3);
    for (int i = 0; i < pieces; i++) {
      text.append(piece());
      glue(text, i + 1 < pieces ? 4 : 2);
    }
    if (random.nextInt(8) == 0) {
      text.deleteCharAt(random.nextInt(text.length()));
    }
    return text.toString();
  }

  private void glue(StringBuilder text, int most) {
    int count = random.nextInt(most);
    for (int i = 0; i < count; i++) {
      text.append(GLUE.get(random.nextInt(GLUE.size())));
    }
  }

  /** Half of them as they are, half in other letters and with other blanks. */
  private String piece() {
    String piece = PIECES.get(random.nextInt(PIECES.size()));
    return switch (random.nextInt(6)) {
      case 0 -> piece.toLowerCase(Locale.ROOT);
      case 1 -> piece.replace(" ", "/**/");
      case 2 -> piece.replace(" ", GLUE.get(random.nextInt(GLUE.size())));
      default -> piece;
    };
  }
}
