/** The pool seen from outside: every promise of its API, tested through that API. */
@NullMarked
package dev.heddle.pool.tests;

import org.jspecify.annotations.NullMarked;
