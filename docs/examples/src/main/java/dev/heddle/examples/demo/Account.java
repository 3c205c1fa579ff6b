package dev.heddle.examples.demo;

/** What one owner has: as it was acknowledged to the owner's thread, or as it is in the file. */
record Account(long added, long done, long sumOfIds, long sumOfDoneIds) {

  static final Account EMPTY = new Account(0, 0, 0, 0);

  Account plus(Account other) {
    return new Account(
        added + other.added,
        done + other.done,
        sumOfIds + other.sumOfIds,
        sumOfDoneIds + other.sumOfDoneIds);
  }

  Account added(long id) {
    return plus(new Account(1, 0, id, 0));
  }

  Account done(long id) {
    return plus(new Account(0, 1, 0, id));
  }

  TaskStore.Summary summary() {
    return new TaskStore.Summary(added, done);
  }
}
