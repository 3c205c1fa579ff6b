package dev.heddle.pool.internal.lane;

/**
 * A thread in words, which may have ended.
 *
 * @param id its number
 * @param name its name; empty if it has none
 * @param virtual whether it is a virtual one
 */
public record Owner(long id, String name, boolean virtual) {

  static final Owner UNKNOWN = new Owner(0, "(ended)", false);

  public static Owner of(Thread thread) {
    return new Owner(thread.threadId(), thread.getName(), thread.isVirtual());
  }
}
