package dev.heddle.pool.internal.sqlite;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Programs that a session has looked at, by SQL text; the one unused longest goes first. */
final class Programs {

  /** Even without a statement cache: looking takes longer than most statements run. */
  private static final int LEAST = 32;

  private final Map<String, Program> bySql;
  private long epoch;

  Programs(int statementCache) {
    int capacity = Math.max(statementCache, LEAST);
    this.bySql =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Program> eldest) {
            return size() > capacity;
          }
        };
  }

  /** Null if it is not known as the schema is now. */
  @Nullable Program find(String sql, long schemaEpoch) {
    if (epoch != schemaEpoch) {
      epoch = schemaEpoch;
      bySql.clear();
    }
    return bySql.get(sql);
  }

  void add(String sql, Program program) {
    bySql.put(sql, program);
  }
}
