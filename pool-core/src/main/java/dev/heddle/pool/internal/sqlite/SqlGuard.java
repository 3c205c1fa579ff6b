package dev.heddle.pool.internal.sqlite;

import dev.heddle.pool.internal.sqlite.SqlText.Kind;
import dev.heddle.pool.internal.sqlite.SqlText.Trait;
import java.sql.SQLException;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a SQL text before SQLite does, and refuses what a lease must not run: what would end the
 * transaction, which is the lane's, or stay on the connection, which is the next one's.
 *
 * <p>It has to be the text, and before: a PRAGMA acts while it is <em>prepared</em>, behind EXPLAIN
 * too, and even if a syntax error follows it (<a
 * href="https://sqlite.org/pragma.html">sqlite.org/pragma.html</a>, and seen). The words that may
 * begin a statement are a list of what is allowed; what may follow them is SQLite's to say, whose
 * errors are better.
 *
 * <p>Not to be seen from a text, and left to the rollback hook: {@code ON CONFLICT ROLLBACK},
 * {@code RAISE(ROLLBACK)}, and errors that roll everything back.
 */
public final class SqlGuard {

  /** Savepoints of the pool; nobody else may release them or roll back to them. */
  private static final String RESERVED = "heddle";

  private static final Pattern PLAIN_NAME = Pattern.compile("[a-z_]+");

  private final String sql;
  private final Role role;

  /** What ends the transaction, or stays on the connection, is told and not refused. */
  private final boolean free;

  private final SqlScan scan;

  private boolean trigger;
  private boolean orIgnore;
  private boolean defersForeignKeys;
  private @Nullable String setting;

  private SqlGuard(String sql, Role role, boolean free) throws SQLException {
    this.sql = sql;
    this.role = role;
    this.free = free;
    this.scan = new SqlScan(sql);
  }

  /**
   * What this one statement is.
   *
   * @throws SQLException if a connection of this role must not run it, if it is empty, or if
   *     another statement follows it
   */
  public static SqlText check(String sql, Role role) throws SQLException {
    return new SqlGuard(sql, role, false).statement();
  }

  /**
   * What this one statement is, for a JDBC connection that can have the writer for itself: only
   * what could never be undone is refused.
   *
   * @throws SQLException if nobody may run this, if it is empty, or if another statement follows it
   */
  public static SqlText classify(String sql) throws SQLException {
    return new SqlGuard(sql, Role.WRITER, true).statement();
  }

  private SqlText statement() throws SQLException {
    scan.begin();
    boolean explain = skipExplain();
    Kind kind = kind(scan.word());
    if (role == Role.READER && kind.writes() && !explain) {
      throw SqlRefusal.readOnly(sql, "a reader can't write", "Use acquireWriter() or write(…).");
    }
    scan.finish(trigger);
    boolean inserts = kind == Kind.INSERT || kind == Kind.REPLACE;
    Set<Trait> traits = scan.traits();
    addIf(explain, Trait.EXPLAIN, traits);
    addIf(inserts && (orIgnore || scan.onConflict()), Trait.CONFLICT_CLAUSE, traits);
    addIf(defersForeignKeys, Trait.DEFERS_FOREIGN_KEYS, traits);
    return new SqlText(sql, kind, traits, scan.parameters(), setting);
  }

  private static void addIf(boolean so, Trait trait, Set<Trait> traits) {
    if (so) {
      traits.add(trait);
    }
  }

  private boolean skipExplain() throws SQLException {
    boolean explain = scan.skip("explain");
    if (explain && scan.skip("query")) {
      scan.skip("plan");
    }
    return explain;
  }

  private Kind kind(String verb) throws SQLException {
    return switch (verb) {
      case "with" -> with();
      case "create" -> create();
      case "alter", "drop" -> Kind.DDL;
      case "pragma" -> pragma();
      case "savepoint", "release", "rollback" -> savepoint(verb);
      case "analyze", "reindex" -> Kind.OTHER;
      case "begin", "commit", "end", "vacuum", "attach", "detach" -> connectionKind(verb);
      default -> dataKind(verb);
    };
  }

  private Kind dataKind(String verb) throws SQLException {
    return switch (verb) {
      case "select", "values" -> Kind.QUERY;
      case "insert" -> insert();
      case "replace" -> Kind.REPLACE;
      case "update" -> Kind.UPDATE;
      case "delete" -> Kind.DELETE;
      default -> throw SqlRefusal.ofVerb(verb, sql, role);
    };
  }

  /** What a lease must not run. */
  private Kind connectionKind(String verb) throws SQLException {
    if (!free) {
      throw SqlRefusal.ofVerb(verb, sql, role);
    }
    Kind kind =
        switch (verb) {
          case "begin" -> Kind.BEGIN;
          case "vacuum" -> Kind.VACUUM;
          case "attach", "detach" -> Kind.ATTACH;
          default -> Kind.COMMIT;
        };
    if (kind == Kind.BEGIN || kind == Kind.COMMIT) {
      scan.advance();
      if (kind == Kind.BEGIN && !scan.skip("deferred") && !scan.skip("immediate")) {
        scan.skip("exclusive");
      }
      transaction();
    }
    return kind;
  }

  /** Over {@code TRANSACTION name}: SQLite will not see this statement to complain of the rest. */
  private void transaction() throws SQLException {
    if (scan.skip("transaction") && !scan.name().isEmpty()) {
      scan.advance();
    }
    if (!scan.ended()) {
      throw SqlRefusal.syntax(
          sql, "no statement has this form", "See sqlite.org/lang_transaction.html.");
    }
  }

  /**
   * Over the tables of a <a href="https://sqlite.org/lang_with.html">WITH clause</a> by their
   * parentheses: a table may well be called {@code replace}.
   */
  private Kind with() throws SQLException {
    scan.advance();
    do {
      while (!scan.is(SqlToken.LEFT) && !scan.ended()) {
        scan.advance();
      }
      scan.skipParentheses();
    } while (scan.is(SqlToken.COMMA) || scan.is("as"));
    return dataKind(scan.word());
  }

  /** {@code INSERT OR IGNORE}; the other conflict clause comes behind the values. */
  private Kind insert() throws SQLException {
    scan.advance();
    orIgnore = scan.skip("or") && scan.is("ignore");
    return Kind.INSERT;
  }

  /** Looks for {@code TEMP}, and for {@code temp.} up to where columns or a body begin. */
  private Kind create() throws SQLException {
    scan.advance();
    boolean temporary = scan.skip("temp") || scan.skip("temporary");
    trigger = scan.is("trigger");
    boolean on = false;
    while (!temporary && !scan.ended() && !bodyBegins(on)) {
      on |= scan.is("on");
      boolean schema = scan.name().equals("temp");
      scan.advance();
      temporary = schema && scan.is(SqlToken.DOT);
    }
    if (temporary && free) {
      return Kind.TEMP;
    }
    if (temporary) {
      throw SqlRefusal.lasting(
          sql,
          role,
          "a TEMP object stays on the connection, where it hides the tables of the next lease",
          "Use WITH or an ordinary table, or create it in onConnect.");
    }
    return Kind.DDL;
  }

  private boolean bodyBegins(boolean on) {
    return scan.is(SqlToken.LEFT) || scan.is("as") || (on && (scan.is("when") || scan.is("begin")));
  }

  private Kind pragma() throws SQLException {
    scan.advance();
    String schema = "main";
    String name = nextName();
    if (scan.is(SqlToken.DOT)) {
      scan.advance();
      schema = name;
      name = nextName();
    }
    boolean value = scan.is('=') || scan.is(SqlToken.LEFT);
    if (name.isEmpty() || (!value && !scan.ended())) {
      throw SqlRefusal.syntax(sql, "no PRAGMA has this form", "See sqlite.org/pragma.html.");
    }
    if (value && schema.equals("main") && SqlPragmas.isTransactional(name)) {
      sets(name);
      return Kind.HEADER;
    }
    if (value ? SqlPragmas.takesArgument(name) : SqlPragmas.mayBeRead(name)) {
      return Kind.PRAGMA;
    }
    if (!free) {
      throw SqlRefusal.lasting(sql, role, SqlPragmas.whyNot(name), SqlPragmas.instead(name));
    }
    return SqlPragmas.isUpkeep(name) ? Kind.UPKEEP : setting(schema, name);
  }

  private Kind setting(String schema, String name) throws SQLException {
    if (!scan.ended()) {
      scan.advance();
    }
    if (!SqlPragmas.canBeUndone(name, scan.name())) {
      throw SqlRefusal.stateful(sql, SqlPragmas.whyNever(name), SqlPragmas.instead(name));
    }
    if (SqlPragmas.tellsWhatIsSet(name) && PLAIN_NAME.matcher(schema).matches()) {
      setting = schema.equals("main") ? name : schema + '.' + name;
    }
    return Kind.SETTING;
  }

  private String nextName() throws SQLException {
    String name = scan.name();
    scan.advance();
    return name;
  }

  /** Strict about the form: what a syntax error follows is set all the same, and nobody knows. */
  private void sets(String name) throws SQLException {
    if (role == Role.READER) {
      throw SqlRefusal.readOnly(sql, "a reader can't write", "Use acquireWriter().");
    }
    boolean parentheses = scan.is(SqlToken.LEFT);
    scan.advance();
    if (scan.is('=') || scan.is('-') || scan.is('+')) {
      scan.advance();
    }
    scan.advance();
    if (parentheses && scan.is(SqlToken.RIGHT)) {
      scan.advance();
    }
    if (!scan.ended()) {
      throw SqlRefusal.syntax(sql, "a PRAGMA takes one value", "See sqlite.org/pragma.html.");
    }
    defersForeignKeys = name.equals("defer_foreign_keys");
  }

  /** See <a href="https://sqlite.org/lang_savepoint.html">lang_savepoint</a>. */
  private Kind savepoint(String verb) throws SQLException {
    scan.advance();
    if (verb.equals("rollback") && !rollbackTo()) {
      transaction();
      return Kind.ROLLBACK;
    }
    if (!verb.equals("savepoint")) {
      scan.skip("savepoint");
    }
    if (role == Role.READER) {
      throw SqlRefusal.stateful(
          sql,
          "a savepoint would hold on to what a reader sees",
          "Use acquireSnapshot() for that.");
    }
    if (scan.name().startsWith(RESERVED)) {
      throw SqlRefusal.stateful(
          sql, "savepoints called heddle… are the pool's own", "Choose another name.");
    }
    return Kind.SAVEPOINT;
  }

  /** Over what comes before the name; false if all is to be rolled back. */
  private boolean rollbackTo() throws SQLException {
    if (free && scan.ended()) {
      return false;
    }
    if (scan.skip("transaction") && !scan.is("to") && !scan.ended()) {
      scan.advance();
    }
    boolean to = scan.skip("to");
    if (!to && !free) {
      throw SqlRefusal.ofVerb("rollback", sql, role);
    }
    return to;
  }
}
