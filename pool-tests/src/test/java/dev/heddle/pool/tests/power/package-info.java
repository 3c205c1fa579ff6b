/** What a power cut leaves of a database that a pool was writing to. */
@NullMarked
package dev.heddle.pool.tests.power;

import org.jspecify.annotations.NullMarked;
