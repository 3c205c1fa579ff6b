/** What the pool costs, side by side with what its users would take instead. */
@NullMarked
package dev.heddle.bench;

import org.jspecify.annotations.NullMarked;
