package dev.heddle.pool.internal.sqlite;

import java.sql.SQLSyntaxErrorException;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a script into its statements where <a
 * href="https://sqlite.org/c3ref/complete.html">sqlite3_complete()</a> says that one is complete,
 * so that a trigger stays whole: it ends with {@code ; END ;}.
 */
public final class SqlScript {

  /** Where in a statement we are; names and steps are those of sqlite3_complete(). */
  private enum State {
    START,
    NORMAL,
    EXPLAIN,
    CREATE,
    TRIGGER,
    SEMICOLON,
    END
  }

  /** Behind EXPLAIN these are the middle of some other statement. */
  private static final List<String> EXPLAIN_NOTHING =
      List.of("explain", "temp", "temporary", "trigger", "end");

  private final String script;
  private final SqlTokens tokens;
  private final List<String> statements = new ArrayList<>();

  private State state = State.START;
  private int from;
  private int to;

  private SqlScript(String script) throws SQLSyntaxErrorException {
    this.script = script;
    this.tokens = SqlTokens.of(script);
  }

  /**
   * The statements of a script, without the comments and semicolons between them. The last may lack
   * its semicolon.
   *
   * @throws SQLSyntaxErrorException if a quote or a trigger is never closed
   */
  public static List<String> split(String script) throws SQLSyntaxErrorException {
    return new SqlScript(script).split();
  }

  private List<String> split() throws SQLSyntaxErrorException {
    SqlToken token = tokens.next();
    while (token != SqlToken.END) {
      if (token == SqlToken.UNTERMINATED) {
        throw unfinished("this quote or bracket is never closed", tokens.start());
      }
      if (state == State.START) {
        from = tokens.start();
      }
      state = after(token);
      if (state != State.START) {
        to = tokens.end();
      } else if (to > from) {
        statements.add(script.substring(from, to));
      }
      token = tokens.next();
    }
    end();
    return List.copyOf(statements);
  }

  private void end() throws SQLSyntaxErrorException {
    if (state == State.TRIGGER || state == State.SEMICOLON) {
      throw unfinished("this trigger has no '; END' at its end", from);
    }
    if (state != State.START) {
      statements.add(script.substring(from, to));
    }
  }

  private State after(SqlToken token) {
    boolean semicolon = token == SqlToken.SEMICOLON;
    return switch (state) {
      case START, EXPLAIN -> semicolon ? State.START : first();
      case NORMAL -> semicolon ? State.START : State.NORMAL;
      case CREATE -> semicolon ? State.START : created();
      case TRIGGER -> semicolon ? State.SEMICOLON : State.TRIGGER;
      case SEMICOLON -> semicolon ? State.SEMICOLON : tokens.is("end") ? State.END : State.TRIGGER;
      case END -> semicolon ? State.START : State.TRIGGER;
    };
  }

  private State first() {
    if (tokens.is("create")) {
      return State.CREATE;
    }
    if (state == State.START) {
      return tokens.is("explain") ? State.EXPLAIN : State.NORMAL;
    }
    // EXPLAIN QUERY PLAN CREATE …
    return EXPLAIN_NOTHING.stream().anyMatch(tokens::is) ? State.NORMAL : State.EXPLAIN;
  }

  private State created() {
    if (tokens.is("temp") || tokens.is("temporary")) {
      return State.CREATE;
    }
    return tokens.is("trigger") ? State.TRIGGER : State.NORMAL;
  }

  private SQLSyntaxErrorException unfinished(String what, int at) {
    long line = 1 + script.substring(0, at).chars().filter(c -> c == '\n').count();
    return SqlRefusal.syntax(
        script.substring(at), what + "; it begins in line " + line, "Close it.");
  }
}
