/**
 * Where {@code SqlitePool} reaches inward: {@link dev.heddle.pool.internal.Assembly}, the one place
 * that puts a pool together, and the folder of an ephemeral one. Everything else is in the rooms
 * below.
 */
@NullMarked
package dev.heddle.pool.internal;

import org.jspecify.annotations.NullMarked;
