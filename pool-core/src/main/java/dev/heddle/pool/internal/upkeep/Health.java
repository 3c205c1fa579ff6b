package dev.heddle.pool.internal.upkeep;

import dev.heddle.pool.internal.lane.Lane;
import dev.heddle.pool.internal.sqlite.Session;
import dev.heddle.pool.internal.sqlite.WatchedFile;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a pool can do its work. It is asked beside the lanes: that they are busy is no illness.
 */
public final class Health {

  private static final Logger LOG = LoggerFactory.getLogger("dev.heddle.pool.upkeep");

  private final String pool;
  private final WatchedFile file;
  private final List<Lane<Session>> lanes;
  private final BooleanSupplier closed;
  private final Probe probe;

  /** What was found last, to log only what changes. */
  private final AtomicReference<Optional<String>> latest = new AtomicReference<>(Optional.empty());

  /** Opens the file, and reads from it. */
  @FunctionalInterface
  public interface Probe {
    void run() throws SQLException;
  }

  public Health(
      String pool,
      WatchedFile file,
      List<Lane<Session>> lanes,
      BooleanSupplier closed,
      Probe probe) {
    this.pool = pool;
    this.file = file;
    this.lanes = lanes;
    this.closed = closed;
    this.probe = probe;
  }

  /** Looks, and has logged what has changed since it last did. */
  public boolean check() {
    return file.look().isEmpty() && checkConnections();
  }

  private boolean checkConnections() {
    Optional<String> now = find();
    Optional<String> before = latest.getAndSet(now);
    if (now.isPresent() && before.isEmpty()) {
      LOG.error("Pool '{}' is not healthy: {}", pool, now.get());
    } else if (now.isEmpty() && before.isPresent()) {
      LOG.info("Pool '{}' is healthy again", pool);
    }
    return now.isEmpty();
  }

  private Optional<String> find() {
    if (closed.getAsBoolean()) {
      return Optional.of("it is closed");
    }
    return brokenLane().or(this::failingProbe);
  }

  /** A lane none of whose connections can be used, nor be replaced. */
  private Optional<String> brokenLane() {
    return lanes.stream().flatMap(lane -> whyBroken(lane).stream()).findFirst();
  }

  private static Optional<String> whyBroken(Lane<Session> lane) {
    List<Session> sessions = lane.resources();
    List<String> reasons =
        sessions.stream()
            .map(Session::outOfOrder)
            .filter(Objects::nonNull)
            .map(e -> String.valueOf(e.getMessage()))
            .toList();
    return reasons.size() == sessions.size() ? reasons.stream().findFirst() : Optional.empty();
  }

  private Optional<String> failingProbe() {
    try {
      probe.run();
      return Optional.empty();
    } catch (SQLException e) {
      return Optional.of("the file can't be read: " + e.getMessage());
    }
  }
}
