/** Frameworks on a pool's data source: what their users do with any other database. */
@NullMarked
package dev.heddle.pool.tests.frameworks;

import org.jspecify.annotations.NullMarked;
