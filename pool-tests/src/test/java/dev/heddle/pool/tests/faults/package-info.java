/** SQLite's system calls fail, or are the last that a process makes. */
@NullMarked
package dev.heddle.pool.tests.faults;

import org.jspecify.annotations.NullMarked;
