package dev.heddle.pool.internal.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Pragmas that a configuration can't set: the pool's own, and those that are no settings. */
final class RefusedPragmas {

  private static final Map<String, String> REASONS = reasons();

  private RefusedPragmas() {}

  /** Why this pragma is refused, and what to do instead; empty if it is not. */
  static Optional<String> reason(String name) {
    return Optional.ofNullable(REASONS.get(name));
  }

  static SortedSet<String> names() {
    return new TreeSet<>(REASONS.keySet());
  }

  private static Map<String, String> reasons() {
    Map<String, String> reasons = new HashMap<>();
    owned().forEach(reasons::put);
    commands().forEach(name -> reasons.put(name, "it is a command or a question, not a setting"));
    content()
        .forEach(name -> reasons.put(name, "it is content of the file; write it in a migration"));
    // settings are shown in logs and dumps
    secrets().forEach(name -> reasons.put(name, "settings are no place for secrets"));
    return Map.copyOf(reasons);
  }

  private static Map<String, String> owned() {
    return Map.of(
        "journal_mode", "it is always WAL, which the pool is built on",
        "locking_mode", "it is always NORMAL, so that several connections can use the file",
        "query_only", "readers never write, and the writer has to",
        "busy_timeout", "use busy-timeout, which waits without holding a carrier thread",
        "wal_autocheckpoint", "the pool decides when to checkpoint",
        "writable_schema", "a wrong write to the schema makes the database unreadable",
        "defer_foreign_keys", "it lasts for one transaction only; run it in that transaction",
        "case_sensitive_like", "it can't be read back; use GLOB, or a collation");
  }

  private static List<String> commands() {
    return List.of(
        "collation_list",
        "compile_options",
        "data_version",
        "database_list",
        "foreign_key_check",
        "foreign_key_list",
        "freelist_count",
        "function_list",
        "incremental_vacuum",
        "index_info",
        "index_list",
        "index_xinfo",
        "integrity_check",
        "module_list",
        "optimize",
        "page_count",
        "pragma_list",
        "quick_check",
        "shrink_memory",
        "stats",
        "table_info",
        "table_list",
        "table_xinfo",
        "wal_checkpoint");
  }

  private static List<String> content() {
    return List.of("application_id", "schema_version", "user_version");
  }

  private static List<String> secrets() {
    return List.of("hexkey", "hexrekey", "key", "rekey", "textkey", "textrekey");
  }
}
