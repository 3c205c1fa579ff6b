package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.pool.CommitListener;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A listener that keeps what it is told, for the test to look at one by one. */
final class Commits implements CommitListener {

  private final BlockingQueue<Commit> told = new LinkedBlockingQueue<>();

  @Override
  public void committed(Commit commit) {
    told.add(commit);
  }

  /** The next that it is told of. */
  Commit next() {
    try {
      Commit next = told.poll(Await.LIMIT.toNanos(), TimeUnit.NANOSECONDS);
      if (next == null) {
        throw new AssertionError("was told of no other commit");
      }
      return next;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted while waiting for a commit", e);
    }
  }

  /** The next that it is told of is one commit, of these tables. */
  void assertNext(String... tables) {
    assertEquals(new Commit(Set.of(tables), 1), next());
  }

  boolean isEmpty() {
    return told.isEmpty();
  }
}
