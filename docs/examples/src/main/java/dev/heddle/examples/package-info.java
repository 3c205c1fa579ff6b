/**
 * The programs of the documentation, one small class each, and the {@link
 * dev.heddle.examples.Demo}. They are compiled and tested with the library.
 */
@NullMarked
package dev.heddle.examples;

import org.jspecify.annotations.NullMarked;
