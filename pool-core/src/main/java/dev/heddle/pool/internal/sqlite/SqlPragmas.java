package dev.heddle.pool.internal.sqlite;

import java.util.Map;
import java.util.Set;

/**
 * The PRAGMAs that a lease may run; see <a
 * href="https://sqlite.org/pragma.html">sqlite.org/pragma.html</a>. A list of what is allowed, so
 * that a PRAGMA of a later SQLite is refused until somebody has looked at it. Names in lower case.
 */
final class SqlPragmas {

  /** They report on what their argument names, and set nothing. */
  private static final Set<String> REPORTS =
      Set.of(
          "foreign_key_check",
          "foreign_key_list",
          "index_info",
          "index_list",
          "index_xinfo",
          "integrity_check",
          "quick_check",
          "table_info",
          "table_list",
          "table_xinfo");

  /** Without a value they answer what is set, and change nothing. */
  private static final Set<String> READABLE =
      Set.of(
          "analysis_limit",
          "application_id",
          "auto_vacuum",
          "automatic_index",
          "busy_timeout",
          "cache_size",
          "cache_spill",
          "cell_size_check",
          "checkpoint_fullfsync",
          "collation_list",
          "compile_options",
          "data_version",
          "database_list",
          "defer_foreign_keys",
          "encoding",
          "foreign_keys",
          "freelist_count",
          "fullfsync",
          "function_list",
          "hard_heap_limit",
          "ignore_check_constraints",
          "journal_mode",
          "journal_size_limit",
          "legacy_alter_table",
          "locking_mode",
          "max_page_count",
          "mmap_size",
          "module_list",
          "page_count",
          "page_size",
          "pragma_list",
          "query_only",
          "read_uncommitted",
          "recursive_triggers",
          "reverse_unordered_selects",
          "schema_version",
          "secure_delete",
          "soft_heap_limit",
          "synchronous",
          "temp_store",
          "threads",
          "trusted_schema",
          "user_version",
          "wal_autocheckpoint",
          "writable_schema");

  /** They are rolled back with the transaction, or end with it. */
  private static final Set<String> TRANSACTIONAL =
      Set.of("application_id", "defer_foreign_keys", "user_version");

  /** They do something to the file, and leave nothing on the connection. */
  private static final Set<String> UPKEEP =
      Set.of("incremental_vacuum", "optimize", "shrink_memory", "wal_checkpoint");

  /** They set something for the whole process, so that a new connection would not undo it. */
  private static final Set<String> OF_THE_PROCESS =
      Set.of("data_store_directory", "hard_heap_limit", "soft_heap_limit", "temp_store_directory");

  /**
   * Reading them tells what the file or the next file has, and not all of what setting them does.
   */
  private static final Set<String> TELL_LITTLE =
      Set.of("auto_vacuum", "cache_spill", "encoding", "page_size", "writable_schema");

  /** They take one value only: with another, nobody else could use the file any more. */
  private static final Map<String, String> FIXED =
      Map.of("journal_mode", "wal", "locking_mode", "normal");

  private SqlPragmas() {}

  /** Whether {@code PRAGMA name}, with nothing behind it, only reports. */
  static boolean mayBeRead(String name) {
    return READABLE.contains(name) || REPORTS.contains(name);
  }

  /** Whether {@code PRAGMA name(argument)} only reports. */
  static boolean takesArgument(String name) {
    return REPORTS.contains(name);
  }

  /** Whether what {@code PRAGMA name=value} sets belongs to the transaction. */
  static boolean isTransactional(String name) {
    return TRANSACTIONAL.contains(name);
  }

  /** Whether what it reads is all of what it sets, so that its old value means its old state. */
  static boolean tellsWhatIsSet(String name) {
    return READABLE.contains(name) && !TELL_LITTLE.contains(name);
  }

  /** Whether it does something to the file, rather than set something on the connection. */
  static boolean isUpkeep(String name) {
    return UPKEEP.contains(name);
  }

  /** Whether replacing the connection undoes what setting it does. */
  static boolean canBeUndone(String name, String value) {
    return !OF_THE_PROCESS.contains(name) && FIXED.getOrDefault(name, value).equals(value);
  }

  /** Why nobody may run this PRAGMA. */
  static String whyNever(String name) {
    return switch (name) {
      case "journal_mode" -> "every connection of the pool relies on the WAL";
      case "locking_mode" -> "it would lock every other connection out";
      default -> "it sets something for the whole process";
    };
  }

  /** Why a lease may not run this PRAGMA. */
  static String whyNot(String name) {
    return switch (name) {
      case "wal_checkpoint", "incremental_vacuum", "optimize" -> "it is upkeep of the file";
      default -> "what a PRAGMA sets stays on the connection";
    };
  }

  /** What to do instead of running this PRAGMA through a lease. */
  static String instead(String name) {
    return switch (name) {
      case "wal_checkpoint", "incremental_vacuum" ->
          "Run it on a connection of its own, from DriverManager.";
      case "optimize" -> "The pool runs it when it opens.";
      case "journal_mode" -> "The pool lives on WAL; it can't be changed.";
      case "locking_mode" -> "Leave it at NORMAL.";
      default ->
          "Set pragma."
              + Errors.shorten(name)
              + " in the pool's properties, or PoolConfig.Builder.pragma, or run it in onConnect.";
    };
  }
}
