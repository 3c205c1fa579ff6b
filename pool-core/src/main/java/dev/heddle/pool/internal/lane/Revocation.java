package dev.heddle.pool.internal.lane;

/** Why a hold was taken away from its holder. */
public enum Revocation {
  /** It was held for longer than its terms allow. */
  OVERDUE,
  /** Its holder lost every reference to it without ending it. */
  FORGOTTEN,
  /** The pool was closed, and it was not ended in time. */
  CLOSING
}
