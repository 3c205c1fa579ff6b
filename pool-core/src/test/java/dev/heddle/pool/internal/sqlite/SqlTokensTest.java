package dev.heddle.pool.internal.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Where a text is cut into tokens; seen to be the same as in SQLite's own tokenizer. */
class SqlTokensTest {

  static Stream<Arguments> texts() {
    return Stream.of(
        cut(
            "a B_1$ \u00e9x _ \ud83d\ude00",
            "WORD a",
            "WORD B_1$",
            "WORD \u00e9x",
            "WORD _",
            "WORD \ud83d\ude00"),
        cut("a\ufeff \ufeffb\u00a0c", "WORD a\ufeff", "WORD b\u00a0c"),
        cut("a \u000bb\u000b", "WORD a", "WORD b", "OTHER \u000b"),
        cut("\f\r\ta\n", "WORD a"),
        cut("a--b\rc\nd", "WORD a", "WORD d"),
        cut("a/*b*/c/**/d/*/e*/f/*g", "WORD a", "WORD c", "WORD d", "WORD f"),
        cut("a/*", "WORD a", "OTHER /", "STAR *"),
        cut(
            "a- -b->>c",
            "WORD a",
            "OTHER -",
            "OTHER -",
            "WORD b",
            "OTHER -",
            "OTHER >",
            "OTHER >",
            "WORD c"),
        cut("'a''b'''c''", "STRING 'a''b'''", "WORD c", "STRING ''"),
        cut("\"a\"\"b\"`c``d`[e]]", "QUOTED \"a\"\"b\"", "QUOTED `c``d`", "QUOTED [e]", "OTHER ]"),
        cut("'a\\';b", "STRING 'a\\'", "SEMICOLON ;", "WORD b"),
        cut("a 'b;c", "WORD a", "UNTERMINATED 'b;c"),
        cut("[a;b", "UNTERMINATED [a;b"),
        cut("x'00''a'X'0' x", "VALUE x'00'", "STRING 'a'", "VALUE X'0'", "WORD x"),
        cut("x'0;", "UNTERMINATED x'0;"),
        cut(
            "1 .5 1.e 1.5e-2+1e+x",
            "VALUE 1",
            "VALUE .5",
            "VALUE 1.e",
            "VALUE 1.5e-2",
            "OTHER +",
            "VALUE 1e",
            "OTHER +",
            "WORD x"),
        cut(
            "0xFg 0x 1_0.0_1 1.2.3",
            "VALUE 0xFg",
            "VALUE 0x",
            "VALUE 1_0.0_1",
            "VALUE 1.2",
            "VALUE .3"),
        cut("a.b . *", "WORD a", "DOT .", "WORD b", "DOT .", "STAR *"),
        cut("?12_a?", "VALUE ?12", "WORD _a", "VALUE ?"),
        cut(":a@1$b#2", "VALUE :a", "VALUE @1$b", "VALUE #2"),
        cut("$a::b(c;'d),e", "VALUE $a::b(c;'d)", "COMMA ,", "WORD e"),
        cut("@(;)", "VALUE @", "LEFT (", "SEMICOLON ;", "RIGHT )"),
        cut("$::(a", "VALUE $::", "LEFT (", "WORD a"),
        cut("$a(b c)", "OTHER $a(b", "WORD c", "RIGHT )"),
        cut("$a(b", "UNTERMINATED $a(b"),
        cut("\u0001!{", "OTHER \u0001", "OTHER !", "OTHER {"));
  }

  private static Arguments cut(String text, String... tokens) {
    return Arguments.of(text, String.join("\n", tokens));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void next_text_isCutAsSqliteCutsIt(String text, String expected) throws SQLException {
    SqlTokens tokens = SqlTokens.of(text);
    List<String> seen = new ArrayList<>();
    while (tokens.next() != SqlToken.END) {
      seen.add(tokens.token() + " " + text.substring(tokens.start(), tokens.end()));
    }
    assertEquals(expected, String.join("\n", seen));
  }
}
