package dev.heddle.pool.internal.lane;

import org.jspecify.annotations.Nullable;

/**
 * What became of a unit that was to be committed.
 *
 * @param kind in a word
 * @param cause what went wrong, unless it was committed; the same object for every unit concerned,
 *     so it must be wrapped before it is thrown
 */
public record Outcome(Kind kind, @Nullable Throwable cause) {

  public static final Outcome COMMITTED = new Outcome(Kind.COMMITTED, null);

  /** The ends a unit can come to. */
  public enum Kind {
    /** It is committed. */
    COMMITTED,
    /** The commit failed; the cause says if anything of it may remain. */
    FAILED,
    /** It was undone, because another unit took the transaction down. */
    TAKEN_DOWN,
    /** It was undone, because the commit was refused for what one of several units did. */
    REFUSED
  }

  /** True if it may well succeed when it is done again: alone, at the latest. */
  public boolean isWorthRepeating() {
    return kind == Kind.TAKEN_DOWN || kind == Kind.REFUSED;
  }

  static Outcome failed(Throwable cause) {
    return new Outcome(Kind.FAILED, cause);
  }

  static Outcome takenDown(Throwable cause) {
    return new Outcome(Kind.TAKEN_DOWN, cause);
  }

  static Outcome refused(Throwable cause) {
    return new Outcome(Kind.REFUSED, cause);
  }
}
