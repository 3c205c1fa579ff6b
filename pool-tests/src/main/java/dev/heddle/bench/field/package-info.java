/** All pools, and what is possible without one, in the same shapes of load. */
@NullMarked
package dev.heddle.bench.field;

import org.jspecify.annotations.NullMarked;
