/**
 * One physical connection: opening it, its session, its prepared statements, facts about a SQL
 * text, result codes, the stop signal.
 *
 * <p>Every call into SQLite and every trap of the driver is in here, and nothing about who may use
 * a connection when: a {@link dev.heddle.pool.internal.sqlite.Session} is confined to the call that
 * holds it, so its fields are plain. The exceptions that leave this room are those that users see.
 */
@NullMarked
package dev.heddle.pool.internal.sqlite;

import org.jspecify.annotations.NullMarked;
