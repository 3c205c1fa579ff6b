/**
 * What a pool tells of itself: to listeners, to JDK Flight Recorder, and to the log where that must
 * delay nobody. What there is to tell is found in the other rooms. Sees nothing of this library but
 * its API.
 */
@NullMarked
package dev.heddle.pool.internal.events;

import org.jspecify.annotations.NullMarked;
