package dev.heddle.pool.internal.lane;

/** What somebody should look into, about one hold. */
public enum Trouble {
  /** It has lasted for long. */
  LASTING,
  /** It has lasted for longer than its terms allow, and is revoked. */
  OVERDUE,
  /** Nobody can end it any more, and it is revoked. */
  FORGOTTEN,
  /** It is over, and yet its call does not end. */
  STUCK,
  /** Units that are done wait for it, because it is in their transaction. */
  DELAYING
}
