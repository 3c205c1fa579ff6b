/** What the pool does on its own, not in a user's call: carriers for its connections, shutdown. */
@NullMarked
package dev.heddle.pool.internal.upkeep;

import org.jspecify.annotations.NullMarked;
