package dev.heddle.pool.internal.sqlite;

import java.util.Set;

/** Who wants to know of commits. Asked and told by whoever has the session; must not throw. */
public interface CommitWatch {

  /** Where nobody ever does. */
  CommitWatch NOBODY =
      new CommitWatch() {
        @Override
        public boolean isWatching() {
          return false;
        }

        @Override
        public void committed(Set<String> tables) {}
      };

  /** True while somebody wants to know; may change at any time. */
  boolean isWatching();

  /** A transaction was committed that may have changed these tables, one at least. */
  void committed(Set<String> tables);
}
