package dev.heddle.pool.internal.sqlite;

import static dev.heddle.pool.internal.sqlite.SqlCharacters.digit;
import static dev.heddle.pool.internal.sqlite.SqlCharacters.hexDigit;
import static dev.heddle.pool.internal.sqlite.SqlCharacters.inWord;
import static dev.heddle.pool.internal.sqlite.SqlCharacters.letter;
import static dev.heddle.pool.internal.sqlite.SqlCharacters.lower;
import static dev.heddle.pool.internal.sqlite.SqlCharacters.space;

/**
 * Cuts a SQL text into tokens exactly where SQLite cuts it: whatever differed would be a place to
 * hide a keyword from the guard. The rules are those of SQLite's {@code tokenize.c}; what of them
 * is documented stands in <a href="https://sqlite.org/lang_keywords.html">lang_keywords</a>, <a
 * href="https://sqlite.org/lang_comment.html">lang_comment</a> and <a
 * href="https://sqlite.org/lang_expr.html">lang_expr</a>. Operators of several characters come as
 * several {@link SqlToken#OTHER}: nothing here depends on them.
 */
final class SqlLexer {

  private final String sql;
  private int start;
  private int at;

  /**
   * Stands before the first token.
   *
   * @param sql without NUL characters
   */
  SqlLexer(String sql) {
    this.sql = sql;
  }

  /** Moves to the next token, over white space and comments. */
  SqlToken next() {
    skipBlank();
    start = at;
    if (at == sql.length()) {
      return SqlToken.END;
    }
    char c = sql.charAt(at);
    if (lower(c) == 'x' && peek(1) == '\'') {
      return blob();
    }
    if (letter(c)) {
      skipWord();
      return SqlToken.WORD;
    }
    return digit(c) || (c == '.' && digit(peek(1))) ? number() : symbol(c);
  }

  /** Where the current token begins. */
  int start() {
    return start;
  }

  /** Just behind the current token. */
  int end() {
    return at;
  }

  private void skipBlank() {
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (c == ' ' || (space(c) && c != '\u000b')) {
        // A vertical tab is white space behind other white space only, for SQLite.
        while (space(peek(0))) {
          at++;
        }
      } else if (c == '\ufeff') {
        at++; // a byte order mark is white space wherever a token could begin
      } else if (c == '-' && peek(1) == '-') {
        at = found(sql.indexOf('\n', at), 0);
      } else if (c == '/' && peek(1) == '*' && at + 2 < sql.length()) {
        at = found(sql.indexOf("*/", at + 2), 2);
      } else {
        return;
      }
    }
  }

  /** Where to go on behind something found, or the end of the text: comments may stay open. */
  private int found(int index, int length) {
    return index < 0 ? sql.length() : index + length;
  }

  private SqlToken symbol(char c) {
    at++;
    return switch (c) {
      case '(' -> SqlToken.LEFT;
      case ')' -> SqlToken.RIGHT;
      case ',' -> SqlToken.COMMA;
      case '.' -> SqlToken.DOT;
      case '*' -> SqlToken.STAR;
      case ';' -> SqlToken.SEMICOLON;
      case '\'' -> quoted(c, SqlToken.STRING);
      case '"', '`' -> quoted(c, SqlToken.QUOTED);
      case '[' -> closed(sql.indexOf(']', at), SqlToken.QUOTED);
      case '?' -> {
        while (digit(peek(0))) {
          at++;
        }
        yield SqlToken.VALUE;
      }
      case '$', '@', ':', '#' -> variable();
      default -> SqlToken.OTHER;
    };
  }

  private SqlToken quoted(char quote, SqlToken kind) {
    int close = sql.indexOf(quote, at);
    while (close >= 0 && close + 1 < sql.length() && sql.charAt(close + 1) == quote) {
      close = sql.indexOf(quote, close + 2);
    }
    return closed(close, kind);
  }

  private SqlToken closed(int close, SqlToken kind) {
    at = found(close, 1);
    return close < 0 ? SqlToken.UNTERMINATED : kind;
  }

  private SqlToken blob() {
    at += 2;
    return closed(sql.indexOf('\'', at), SqlToken.VALUE);
  }

  private SqlToken number() {
    if (sql.charAt(at) == '0' && lower(peek(1)) == 'x' && hexDigit(peek(2))) {
      at += 3;
      while (hexDigit(peek(0)) || peek(0) == '_') {
        at++;
      }
    } else {
      skipDecimal();
    }
    skipWord(); // not legal, but one token
    return SqlToken.VALUE;
  }

  private void skipDecimal() {
    skipDigits();
    if (peek(0) == '.') {
      at++;
      skipDigits();
    }
    char sign = peek(1);
    if (lower(peek(0)) == 'e'
        && (digit(sign) || ((sign == '+' || sign == '-') && digit(peek(2))))) {
      at += 2;
      skipDigits();
    }
  }

  /** {@code :a}, {@code @a}, {@code $a}, and what Tcl allows: {@code $a::b(any;thing)}. */
  private SqlToken variable() {
    int from = at;
    while (true) {
      if (peek(0) == ':' && peek(1) == ':') {
        at += 2;
        from += 2;
      } else if (inWord(peek(0))) {
        at++;
      } else {
        break;
      }
    }
    return peek(0) == '(' && at > from ? variableIndex() : SqlToken.VALUE;
  }

  private SqlToken variableIndex() {
    do {
      at++;
    } while (at < sql.length() && sql.charAt(at) != ')' && !space(sql.charAt(at)));
    if (peek(0) != ')') {
      return at == sql.length() ? SqlToken.UNTERMINATED : SqlToken.OTHER;
    }
    at++;
    return SqlToken.VALUE;
  }

  private void skipWord() {
    while (inWord(peek(0))) {
      at++;
    }
  }

  /** Digits and their separator: {@code 1_000}. */
  private void skipDigits() {
    while (digit(peek(0)) || peek(0) == '_') {
      at++;
    }
  }

  /** The character so far ahead, or NUL, which no text has. */
  private char peek(int ahead) {
    return at + ahead < sql.length() ? sql.charAt(at + ahead) : 0;
  }
}
