/**
 * Which options a pool has, and what they were set to.
 *
 * <p>Here belongs the catalogue ({@link dev.heddle.pool.internal.config.Option} and {@link
 * dev.heddle.pool.internal.config.PragmaFamily}), everything that turns text from a file, a
 * variable or a call into values, and the result, {@link dev.heddle.pool.internal.config.Settings}.
 * A new option is a new constant in the catalogue: the parser, the error texts, {@code toString}
 * and the table in {@code docs/configuration.md} come from it. Nothing here acts on an option,
 * opens a database or knows {@code java.sql}.
 */
@NullMarked
package dev.heddle.pool.internal.config;

import org.jspecify.annotations.NullMarked;
