package dev.heddle.pool.internal.events;

/**
 * Something that takes time, and is recorded when it ends.
 *
 * @param <T> what can be said of it then
 */
@FunctionalInterface
public interface Span<T> {

  /** It has ended. By the thread that began it, or by one that has been handed it. */
  void end(T what);
}
