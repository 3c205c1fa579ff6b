package dev.heddle.pool.internal.sqlite;

import java.sql.SQLSyntaxErrorException;

/**
 * The classes of characters as SQLite's tokenizer has them: ASCII, and everything above it a
 * letter. {@link Character} must not be asked here; a dotless i or a Kelvin sign is no ASCII
 * letter.
 */
final class SqlCharacters {

  private SqlCharacters() {}

  /**
   * Refuses what would reach SQLite as another text than this one.
   *
   * @throws SQLSyntaxErrorException if there is a NUL character or a lone surrogate in {@code sql}
   */
  static void requireSound(String sql) throws SQLSyntaxErrorException {
    int length = sql.length();
    for (int i = 0; i < length; i++) {
      char c = sql.charAt(i);
      if (c == 0) {
        throw SqlRefusal.syntax(
            sql, "SQLite stops reading at its NUL character", "Pass such a text as a parameter.");
      }
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c)
            || ++i == length
            || !Character.isLowSurrogate(sql.charAt(i))) {
          // As UTF-8 it would become '?': a parameter.
          throw SqlRefusal.syntax(
              sql,
              "it has half a character (a lone surrogate)",
              "Check where the text comes from.");
        }
      }
    }
  }

  static boolean space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  /** A character that a word may begin with. */
  static boolean letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
  }

  static boolean digit(char c) {
    return c >= '0' && c <= '9';
  }

  static boolean hexDigit(char c) {
    return digit(c) || (lower(c) >= 'a' && lower(c) <= 'f');
  }

  /** A character that a word may go on with. */
  static boolean inWord(char c) {
    return letter(c) || digit(c) || c == '$';
  }

  static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
  }
}
