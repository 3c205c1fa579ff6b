/**
 * What is done for the pool and its file rather than for a user's data: carriers for its
 * connections, checkpoints and statistics, backups and checks, health, telling listeners of
 * commits, shutdown.
 */
@NullMarked
package dev.heddle.pool.internal.upkeep;

import org.jspecify.annotations.NullMarked;
