package dev.heddle.pool.internal.sqlite;

import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.sql.SQLSyntaxErrorException;

/** The exceptions for SQL that never reaches SQLite: what, why, and what to call instead. */
final class SqlRefusal {

  private static final String OWNED = "the transaction belongs to the lease";

  private SqlRefusal() {}

  /** The SQL would end the transaction, or stay on the connection when the lease is gone. */
  static SQLNonTransientException stateful(String sql, String why, String instead) {
    return new SQLNonTransientException(message(sql, why, instead), Errors.REFUSED);
  }

  /** The SQL would change something through a reader. */
  static SQLNonTransientException readOnly(String sql, String why, String instead) {
    return new SQLNonTransientException(message(sql, why, instead), Errors.READ_ONLY);
  }

  /** The text is not one statement of SQLite. */
  static SQLSyntaxErrorException syntax(String sql, String why, String instead) {
    return new SQLSyntaxErrorException(message(sql, why, instead), Errors.SYNTAX);
  }

  /** The SQL would outlive the lease; a reader refuses it as a change. */
  static SQLNonTransientException lasting(String sql, Role role, String why, String instead) {
    return role == Role.READER ? readOnly(sql, why, instead) : stateful(sql, why, instead);
  }

  /** Why no statement of a lease may begin with this word. */
  static SQLException ofVerb(String verb, String sql, Role role) {
    return switch (verb) {
      case "begin" ->
          stateful(sql, OWNED, "It has begun; for a part of it use nested(…) or SAVEPOINT.");
      case "commit", "end" -> stateful(sql, OWNED, "Call commit() on the lease or connection.");
      case "rollback" ->
          stateful(sql, OWNED, "Call rollback() on the lease or connection, or use ROLLBACK TO.");
      case "vacuum" ->
          stateful(
              sql,
              "VACUUM can't run inside the transaction of a lease",
              "Call pool.maintenance().vacuum().");
      case "attach", "detach" ->
          lasting(
              sql,
              role,
              "an attached database stays on the connection",
              "Open a pool of its own on that file, or attach it in onConnect.");
      case "backup", "restore" ->
          // The driver's own commands, of a plain Statement: org.sqlite.ExtendedCommand.
          stateful(
              sql,
              "the driver would copy files for it",
              "Call pool.maintenance().backup(…), or set restore-from.");
      default -> syntax(sql, "no statement of SQLite begins so", "Check how it is spelt.");
    };
  }

  private static String message(String sql, String why, String instead) {
    return "Refused: " + why + ". " + instead + " SQL: " + Errors.shorten(sql);
  }
}
