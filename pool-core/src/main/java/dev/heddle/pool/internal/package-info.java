/** The one place that puts a pool together. */
@NullMarked
package dev.heddle.pool.internal;

import org.jspecify.annotations.NullMarked;
