package dev.heddle.pool.internal.sqlite;

import dev.heddle.pool.internal.sqlite.SqlText.Kind;
import dev.heddle.pool.internal.sqlite.SqlText.Trait;
import java.sql.SQLSyntaxErrorException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The text of an INSERT of one row, cut so that it can be written for many: {@code INSERT INTO t(…)
 * VALUES (…)} with nothing but {@code ?} and literals in it. Anything else is left alone: a
 * subquery would see the rows before it, a numbered parameter would be the same one in every row,
 * and behind the values may stand an upsert or RETURNING.
 */
final class InsertRows {

  /** SQLite reads it once for each connection; literals may make a row long. */
  private static final int LONGEST = 128 * 1024;

  /** SQLite's own SQLITE_MAX_VARIABLE_NUMBER; the driver's is higher. */
  private static final int MOST_PARAMETERS = 32_766;

  private final SqlText text;
  private final SqlTokens tokens;
  private int valuesFrom;
  private int valuesTo;

  private InsertRows(SqlText text) throws SQLSyntaxErrorException {
    this.text = text;
    this.tokens = SqlTokens.of(text.sql());
  }

  /** The cut text; null if it has another form. */
  static @Nullable InsertRows of(SqlText text) {
    if (text.kind() != Kind.INSERT || text.is(Trait.EXPLAIN)) {
      return null;
    }
    try {
      InsertRows rows = new InsertRows(text);
      return rows.isPlain() ? rows : null;
    } catch (SQLSyntaxErrorException e) {
      return null;
    }
  }

  /** The same INSERT for so many rows; null if that is too much for one statement. */
  @Nullable SqlText times(int rows) {
    int length = valuesTo - valuesFrom + 1;
    int parameters = text.parameters() * rows;
    if (valuesTo + (long) rows * length > LONGEST || parameters > MOST_PARAMETERS) {
      return null;
    }
    String sql = text.sql();
    String more = "," + sql.substring(valuesFrom, valuesTo);
    String many = sql.substring(0, valuesTo) + more.repeat(rows - 1);
    return new SqlText(many, Kind.INSERT, Set.of(), parameters, null);
  }

  private boolean isPlain() {
    tokens.next();
    return skip("insert") && skip("into") && target() && skip("values") && values() && ended();
  }

  private boolean skip(String keyword) {
    boolean here = tokens.is(keyword);
    tokens.next();
    return here;
  }

  /** {@code schema.table AS alias (columns)} */
  private boolean target() {
    boolean named = name();
    if (named && tokens.token() == SqlToken.DOT) {
      tokens.next();
      named = name();
    }
    if (named && tokens.is("as")) {
      tokens.next();
      named = name();
    }
    return named && (tokens.token() != SqlToken.LEFT || columns());
  }

  private boolean name() {
    boolean here = tokens.isName();
    tokens.next();
    return here;
  }

  private boolean columns() {
    do {
      tokens.next();
      if (!name()) {
        return false;
      }
    } while (tokens.token() == SqlToken.COMMA);
    return closed();
  }

  private boolean values() {
    if (tokens.token() != SqlToken.LEFT) {
      return false;
    }
    valuesFrom = tokens.start();
    tokens.next();
    while (isConstant()) {
      tokens.next();
    }
    valuesTo = tokens.end();
    return closed();
  }

  private boolean isConstant() {
    return switch (tokens.token()) {
      case COMMA, STRING -> true;
      case WORD -> tokens.is("null");
      case VALUE -> tokens.is('?') || isLiteral(tokens.text().charAt(0));
      case OTHER -> tokens.is('-') || tokens.is('+');
      default -> false;
    };
  }

  /** A number, or a blob. */
  private static boolean isLiteral(char first) {
    return SqlCharacters.digit(first) || first == '.' || SqlCharacters.lower(first) == 'x';
  }

  private boolean closed() {
    boolean here = tokens.token() == SqlToken.RIGHT;
    tokens.next();
    return here;
  }

  private boolean ended() {
    while (tokens.token() == SqlToken.SEMICOLON) {
      tokens.next();
    }
    return tokens.token() == SqlToken.END;
  }
}
