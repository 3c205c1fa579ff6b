/** Random programs on a pool, compared with a model of it, and shrunk when they fail. */
@NullMarked
package dev.heddle.pool.tests.model;

import org.jspecify.annotations.NullMarked;
