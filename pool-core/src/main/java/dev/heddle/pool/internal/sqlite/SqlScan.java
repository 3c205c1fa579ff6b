package dev.heddle.pool.internal.sqlite;

import dev.heddle.pool.internal.sqlite.SqlText.Trait;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One walk over the tokens of one statement, by {@link SqlGuard}, and what is noted on the way
 * wherever in the statement it stands.
 */
final class SqlScan {

  private final String sql;
  private final SqlTokens tokens;
  private final SqlParameters parameters = new SqlParameters();
  private final Set<Trait> traits = EnumSet.noneOf(Trait.class);
  private int depth;
  private boolean onConflict;

  SqlScan(String sql) throws SQLException {
    this.sql = sql;
    this.tokens = SqlTokens.of(sql);
  }

  /** To the first token of the statement; SQLite too skips semicolons in front of it. */
  void begin() throws SQLException {
    advance();
    skipSemicolons();
    if (is(SqlToken.END)) {
      // The driver would prepare it, and throw when the connection is closed.
      throw SqlRefusal.syntax(sql, "there is no statement in this text", "Leave it out.");
    }
  }

  /** To the next token. Every token of the text comes through here. */
  void advance() throws SQLException {
    boolean columns = columnsMayFollow();
    boolean on = is("on");
    boolean loads = tokens.isNamed("load_extension");
    Trait asked = asked();
    switch (tokens.next()) {
      case LEFT -> {
        depth++;
        note(asked);
        if (loads) {
          throw SqlRefusal.stateful(
              sql, "an extension stays on the connection", "Load extensions in onConnect.");
        }
      }
      case RIGHT -> depth--;
      case STAR -> note(columns ? Trait.STARRED : null);
      case VALUE -> parameters.add(tokens.text());
      case WORD -> {
        onConflict |= on && depth == 0 && is("conflict");
        refuseOptimize();
      }
      case QUOTED, STRING -> refuseOptimize();
      default -> {}
    }
  }

  private void note(@Nullable Trait trait) {
    if (trait != null) {
      traits.add(trait);
    }
  }

  /** The function that the current token may be the name of. */
  private @Nullable Trait asked() {
    if (tokens.isNamed("last_insert_rowid")) {
      return Trait.ASKS_LAST_ROWID;
    }
    return tokens.isNamed("changes") ? Trait.ASKS_CHANGES : null;
  }

  /** Whether a {@code *} here stands for columns; elsewhere it multiplies, or counts. */
  private boolean columnsMayFollow() {
    return switch (tokens.token()) {
      case COMMA, DOT -> true;
      case WORD -> is("select") || is("distinct") || is("all") || is("returning");
      default -> false;
    };
  }

  /**
   * Of the <a href="https://sqlite.org/pragma.html#pragfunc">PRAGMA functions</a> this one writes,
   * and EXPLAIN doesn't show it.
   */
  private void refuseOptimize() throws SQLException {
    if (tokens.isNamed("pragma_optimize")) {
      throw SqlRefusal.stateful(
          sql, "this SELECT would run ANALYZE", SqlPragmas.instead("optimize"));
    }
  }

  boolean is(SqlToken token) {
    return tokens.token() == token;
  }

  boolean is(String keyword) {
    return tokens.is(keyword);
  }

  boolean is(char symbol) {
    return tokens.is(symbol);
  }

  /** Over this keyword, if it is the current token. */
  boolean skip(String keyword) throws SQLException {
    boolean here = is(keyword);
    if (here) {
      advance();
    }
    return here;
  }

  /** The current word in lower case, or "" if it is none. */
  String word() {
    return is(SqlToken.WORD) ? tokens.name() : "";
  }

  /** The current word or quoted name in lower case, or "" if it is none. */
  String name() {
    return tokens.isName() ? tokens.name() : "";
  }

  boolean ended() {
    return is(SqlToken.SEMICOLON) || is(SqlToken.END);
  }

  /** Behind the parenthesis that closes the current one, or to the end. */
  void skipParentheses() throws SQLException {
    int outside = depth - 1;
    while (depth > outside && !ended()) {
      advance();
    }
    if (!ended()) {
      advance();
    }
  }

  /** To the end of the statement, and of the text: the driver drops what follows the first. */
  void finish(boolean trigger) throws SQLException {
    while (!is(SqlToken.END)) {
      if (!is(SqlToken.SEMICOLON)) {
        advance();
      } else if (!trigger || triggerEnds()) {
        break;
      }
    }
    skipSemicolons();
    if (!is(SqlToken.END)) {
      throw SqlRefusal.syntax(
          sql.substring(tokens.start()),
          "a second statement follows the ';'",
          "Run them one by one, or as script(…).");
    }
  }

  /**
   * A trigger has semicolons inside, and ends with {@code ; END}: the rule of <a
   * href="https://sqlite.org/c3ref/complete.html">sqlite3_complete()</a>.
   */
  private boolean triggerEnds() throws SQLException {
    advance();
    return skip("end") && ended();
  }

  private void skipSemicolons() throws SQLException {
    while (is(SqlToken.SEMICOLON)) {
      advance();
    }
  }

  /** What was noted. */
  Set<Trait> traits() {
    return traits;
  }

  /** How many parameters there are. */
  int parameters() {
    return parameters.count();
  }

  /** Whether there was {@code ON CONFLICT} outside of parentheses. */
  boolean onConflict() {
    return onConflict;
  }
}
