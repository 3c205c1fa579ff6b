package dev.heddle.pool.internal.sqlite;

import java.sql.SQLSyntaxErrorException;

/** A cursor over the tokens of a SQL text, and what may be asked about the current one. */
final class SqlTokens {

  private final String sql;
  private final SqlLexer lexer;
  private SqlToken token = SqlToken.END;

  private SqlTokens(String sql) {
    this.sql = sql;
    this.lexer = new SqlLexer(sql);
  }

  /**
   * Stands before the first token of {@code sql}.
   *
   * @throws SQLSyntaxErrorException if the text could not reach SQLite as it is
   */
  static SqlTokens of(String sql) throws SQLSyntaxErrorException {
    SqlCharacters.requireSound(sql);
    return new SqlTokens(sql);
  }

  /** Moves to the next token. */
  SqlToken next() {
    token = lexer.next();
    return token;
  }

  /** The current token. */
  SqlToken token() {
    return token;
  }

  /** Where the current token begins. */
  int start() {
    return lexer.start();
  }

  /** Just behind the current token. */
  int end() {
    return lexer.end();
  }

  /** The current token as it stands there. */
  String text() {
    return sql.substring(lexer.start(), lexer.end());
  }

  /** Whether the current token is this keyword, given in lower case. */
  boolean is(String keyword) {
    return token == SqlToken.WORD && matches(lexer.start(), lexer.end(), keyword);
  }

  /** Whether the current token is this single character. */
  boolean is(char symbol) {
    return lexer.end() - lexer.start() == 1 && sql.charAt(lexer.start()) == symbol;
  }

  /** Whether the current token, quoted or not, is this name, given in lower case. */
  boolean isNamed(String name) {
    return isName() && matches(nameStart(), nameEnd(), name);
  }

  /** Whether the current token may stand where SQLite wants a name. */
  boolean isName() {
    return token == SqlToken.WORD || token == SqlToken.QUOTED || token == SqlToken.STRING;
  }

  /** The current token without its quotes, in lower case as far as SQLite knows case: ASCII. */
  String name() {
    StringBuilder name = new StringBuilder(nameEnd() - nameStart());
    for (int i = nameStart(); i < nameEnd(); i++) {
      name.append(SqlCharacters.lower(sql.charAt(i)));
    }
    return name.toString();
  }

  private int nameStart() {
    return token == SqlToken.WORD ? lexer.start() : lexer.start() + 1;
  }

  private int nameEnd() {
    return token == SqlToken.WORD ? lexer.end() : lexer.end() - 1;
  }

  private boolean matches(int from, int to, String lowerCase) {
    if (to - from != lowerCase.length()) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (SqlCharacters.lower(sql.charAt(i)) != lowerCase.charAt(i - from)) {
        return false;
      }
    }
    return true;
  }
}
