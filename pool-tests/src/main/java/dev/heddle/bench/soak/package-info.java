/** A load of everything that a pool does and of everything that goes wrong, for an hour. */
@NullMarked
package dev.heddle.bench.soak;

import org.jspecify.annotations.NullMarked;
