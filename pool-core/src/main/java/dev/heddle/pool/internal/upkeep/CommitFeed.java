package dev.heddle.pool.internal.upkeep;

import dev.heddle.pool.CommitListener;
import dev.heddle.pool.CommitListener.Commit;
import dev.heddle.pool.internal.events.EventQueue;
import dev.heddle.pool.internal.sqlite.CommitWatch;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way of a pool's commits to its listeners: each has a queue, and a thread, of its own. */
public final class CommitFeed implements CommitWatch {

  private static final Logger LOG = LoggerFactory.getLogger("dev.heddle.pool.commits");

  private final String pool;
  private final List<EventQueue<Commit>> queues = new CopyOnWriteArrayList<>();

  public CommitFeed(String pool) {
    this.pool = pool;
  }

  /** Has a listener told of each commit from now on. */
  public CommitListener.Subscription subscribe(CommitListener listener) {
    EventQueue<Commit> queue =
        new EventQueue<>(
            "heddle-commits",
            listener::committed,
            CommitFeed::together,
            (what, failure) ->
                LOG.warn("Pool '{}': the commit listener {} {}", pool, listener, what, failure),
            queues::remove);
    queues.add(queue);
    return queue;
  }

  private static Commit together(Commit first, Commit second) {
    Set<String> tables = first.tables();
    if (!tables.containsAll(second.tables())) {
      tables = new HashSet<>(tables);
      tables.addAll(second.tables());
    }
    return new Commit(tables, first.commits() + second.commits());
  }

  @Override
  public boolean isWatching() {
    return !queues.isEmpty();
  }

  @Override
  public void committed(Set<String> tables) {
    Commit commit = new Commit(tables, 1);
    queues.forEach(queue -> queue.add(commit));
  }

  /** When there are no commits any more: waits until all are told, but no longer than this. */
  void finish(Duration patience) {
    long start = System.nanoTime();
    List<EventQueue<Commit>> behind =
        queues.stream()
            .filter(queue -> !queue.awaitTold(patience.toNanos() - (System.nanoTime() - start)))
            .toList();
    if (!behind.isEmpty()) {
      LOG.warn(
          "Pool '{}': {} commit listeners were still busy after close-timeout={}; close() does not"
              + " wait for them",
          pool,
          behind.size(),
          patience);
    }
  }
}
