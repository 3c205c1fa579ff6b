/**
 * What programs use: open a {@link dev.heddle.pool.SqlitePool}, take leases from it, close them.
 *
 * <p>Here belong only types that a program names: the pool, its configuration, the leases, rows and
 * options. They say what happens and promise it; how it happens is in the {@code internal}
 * packages, which are not exported. Unless a type says otherwise, {@code null} arguments throw
 * {@link NullPointerException}.
 */
@NullMarked
package dev.heddle.pool;

import org.jspecify.annotations.NullMarked;
