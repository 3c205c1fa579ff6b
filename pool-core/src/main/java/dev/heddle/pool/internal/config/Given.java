package dev.heddle.pool.internal.config;

/** An option's value, and who gave it. */
record Given(Object value, Origin origin) {

  boolean isDefault() {
    return origin.equals(Origin.DEFAULT);
  }
}
