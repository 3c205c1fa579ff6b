/** The parts of the {@link dev.heddle.examples.Demo}: the load, what is measured, the check. */
@NullMarked
package dev.heddle.examples.demo;

import org.jspecify.annotations.NullMarked;
