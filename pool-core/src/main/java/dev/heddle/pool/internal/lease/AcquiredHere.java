package dev.heddle.pool.internal.lease;

import java.io.Serial;

/** Never thrown: its stack trace shows where a lease was asked for. */
final class AcquiredHere extends Exception {

  @Serial private static final long serialVersionUID = 1L;

  AcquiredHere() {
    super("The lease was acquired here", null, false, true);
  }
}
