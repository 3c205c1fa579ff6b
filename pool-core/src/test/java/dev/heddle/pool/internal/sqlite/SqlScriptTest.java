package dev.heddle.pool.internal.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.sql.SQLSyntaxErrorException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a script is cut. */
class SqlScriptTest {

  private static final String TRIGGER =
      """
      CREATE TRIGGER x AFTER INSERT ON t BEGIN -- a; comment
        UPDATE t SET a = CASE WHEN a THEN 1 ELSE 2 END;
        SELECT ';' /* ; END; */;
      END\
      """;

  static Stream<Arguments> scripts() {
    return Stream.of(
        Arguments.of("", List.of()),
        Arguments.of(" ;; -- nothing; here\n/* ; */;\ufeff", List.of()),
        Arguments.of("A", List.of("A")),
        Arguments.of("A;", List.of("A")),
        Arguments.of("A;B", List.of("A", "B")),
        Arguments.of("-- first\nA x; /* then */ B y ; -- last", List.of("A x", "B y")),
        Arguments.of("A ';' \";\" [;] `;` x';' /* ; */ 'it''s;' ;B", splitQuotes()),
        Arguments.of("A $a::b(;) ;B", List.of("A $a::b(;)", "B")),
        Arguments.of("A /* not closed; B", List.of("A")),
        Arguments.of(TRIGGER, List.of(TRIGGER)),
        Arguments.of("A;" + TRIGGER + ";B;", List.of("A", TRIGGER, "B")),
        Arguments.of("EXPLAIN QUERY PLAN " + TRIGGER, List.of("EXPLAIN QUERY PLAN " + TRIGGER)),
        Arguments.of("create temp trigger x;y;end;B", List.of("create temp trigger x;y;end", "B")),
        Arguments.of("CREATE TRIGGER a;END x;;END;B", List.of("CREATE TRIGGER a;END x;;END", "B")),
        Arguments.of("CREATE TABLE trigger(a);END;", List.of("CREATE TABLE trigger(a)", "END")),
        Arguments.of("DROP TRIGGER a; B", List.of("DROP TRIGGER a", "B")),
        Arguments.of("CREATE \"TRIGGER\" a; B", List.of("CREATE \"TRIGGER\" a", "B")));
  }

  private static List<String> splitQuotes() {
    return List.of("A ';' \";\" [;] `;` x';' /* ; */ 'it''s;'", "B");
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void split_script_isCutBetweenStatements(String script, List<String> statements)
      throws SQLException {
    assertEquals(statements, SqlScript.split(script));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          A;~~ 'x; B                     | line 1
          ~A;\n\n "x; B\n~               | line 3
          ~A;\n [x; B~                   | line 2
          ~A;\n `x; B~                   | line 2
          ~A;\n\n x'00~                  | line 3
          ~A;\nCREATE TRIGGER x\n;\nB;~  | line 2
          ~CREATE TRIGGER x BEGIN A END~ | line 1
          """)
  void split_unfinishedStatement_saysWhereItBegins(String script, String line) {
    String text = script.replace("\\n", "\n");
    SQLException e = assertThrows(SQLSyntaxErrorException.class, () -> SqlScript.split(text));
    assertEquals("42000", e.getSQLState());
    assertTrue(String.valueOf(e.getMessage()).contains(line), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"A;\u0000B", "A;\ud800", "A;'\udc00'"})
  void split_textThatCannotReachSqlite_isRefused(String script) {
    assertThrows(SQLSyntaxErrorException.class, () -> SqlScript.split(script));
  }

  @Test
  void split_trigger_passesTheGuardAsOneStatement() throws SQLException {
    String statement = SqlScript.split(TRIGGER + ";\nSELECT 1;").getFirst();
    assertEquals(SqlText.Kind.DDL, SqlGuard.check(statement, Role.WRITER).kind());
  }
}
