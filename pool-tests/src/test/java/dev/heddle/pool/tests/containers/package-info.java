/**
 * The pool in containers: little memory, half a processor, shared volumes, and hardly any rights.
 */
@NullMarked
package dev.heddle.pool.tests.containers;

import org.jspecify.annotations.NullMarked;
