package dev.heddle.bench.field;

/**
 * Something that is promised.
 *
 * @param name of what
 * @param value that was measured, not a number if it was not
 * @param atLeast whether more is better
 * @param wanted how much is promised
 */
record Bar(String name, double value, boolean atLeast, double wanted) {

  boolean measured() {
    return !Double.isNaN(value);
  }

  boolean met() {
    return atLeast ? value >= wanted : value <= wanted;
  }
}
