package dev.heddle.pool.internal.sqlite;

/** The tokens of SQL that the guard tells apart. */
enum SqlToken {
  /** A keyword, or an identifier without quotes. */
  WORD,
  /** An identifier in double quotes, backticks or brackets. */
  QUOTED,
  /** A text in single quotes; SQLite takes it for a name where only a name fits. */
  STRING,
  /** A number, a blob or a parameter. */
  VALUE,
  /** {@code (} */
  LEFT,
  /** {@code )} */
  RIGHT,
  /** {@code ,} */
  COMMA,
  /** {@code .} */
  DOT,
  /** {@code *} */
  STAR,
  /** {@code ;} */
  SEMICOLON,
  /** Any other character, legal or not. */
  OTHER,
  /** A quote or a bracket that is never closed; nothing follows it. */
  UNTERMINATED,
  /** The end of the text. */
  END
}
