package dev.heddle.pool.internal.upkeep;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.Maintenance;
import dev.heddle.pool.internal.lane.Hold;
import dev.heddle.pool.internal.lane.Lane;
import dev.heddle.pool.internal.lease.AbstractLease;
import dev.heddle.pool.internal.lease.Holders;
import dev.heddle.pool.internal.lease.Leases;
import dev.heddle.pool.internal.sqlite.Allowance;
import dev.heddle.pool.internal.sqlite.Errors;
import dev.heddle.pool.internal.sqlite.Prepared;
import dev.heddle.pool.internal.sqlite.Session;
import dev.heddle.pool.internal.sqlite.SqlGuard;
import dev.heddle.pool.internal.sqlite.SqlText;
import dev.heddle.pool.internal.sqlite.WalState;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The maintenance of one pool; checks and compaction take leases, as everybody does. */
public final class PoolMaintenance implements Maintenance {

  private static final @Nullable Object[] NO_PARAMETERS = {};

  private final Leases leases;
  private final Lane<Session> readers;
  private final Lane<Session> writer;
  private final Backups backups;
  private final Upkeep upkeep;

  public PoolMaintenance(
      Leases leases, Lane<Session> readers, Lane<Session> writer, Backups backups, Upkeep upkeep) {
    this.leases = leases;
    this.readers = readers;
    this.writer = writer;
    this.backups = backups;
    this.upkeep = upkeep;
  }

  @Override
  public Checkpoint checkpoint() throws SQLException {
    leases.requireWriter();
    requireNoWriter("A checkpoint would wait for %s, which the calling thread holds. End it first");
    WalState state = upkeep.checkpoint();
    return new Checkpoint(!state.busy(), state.pages(), state.moved());
  }

  @Override
  public void optimize() throws SQLException {
    leases.requireWriter();
    requireNoWriter("This would wait for %s, which the calling thread holds. End it first");
    upkeep.optimize();
  }

  private void requireNoWriter(String otherwise) throws SQLException {
    Hold<Session> own = writer.heldBy(Thread.currentThread());
    if (own != null) {
      throw new SQLNonTransientException(
          otherwise.formatted(Holders.describe(own)), Errors.REFUSED);
    }
  }

  @Override
  public List<String> integrityCheck() throws SQLException {
    return check("PRAGMA integrity_check", "integrity check");
  }

  @Override
  public List<String> quickCheck() throws SQLException {
    return check("PRAGMA quick_check", "quick check");
  }

  private List<String> check(String pragma, String label) throws SQLException {
    try (AbstractLease lease = leases.reader(terms(label), false)) {
      List<String> found = run(lease, pragma);
      return found.equals(List.of("ok")) ? List.of() : found;
    }
  }

  @Override
  public void vacuum() throws SQLException {
    try (AbstractLease lease = leases.writer(terms("vacuum"))) {
      run(lease, "VACUUM");
    }
  }

  private static LeaseOptions terms(String label) {
    return LeaseOptions.DEFAULTS.withLabel(label).withHoldAtMost(ChronoUnit.FOREVER.getDuration());
  }

  /** Runs a statement for as long as it takes; the first column of its rows. */
  private static List<String> run(AbstractLease lease, String sql) throws SQLException {
    SqlText text = SqlGuard.classify(sql);
    Session session = lease.enter();
    try {
      lease.begin(session, text, true);
      try (Prepared statement = session.open(text)) {
        List<String> rows = new ArrayList<>();
        boolean row = statement.execute(NO_PARAMETERS, Allowance.UNLIMITED);
        while (row) {
          rows.add(String.valueOf(statement.value(0)));
          row = statement.next();
        }
        return List.copyOf(rows);
      }
    } finally {
      lease.exit();
    }
  }

  @Override
  public void evictReaders() {
    readers.resources().forEach(Session::replaceSoon);
    readers.renewIdle();
  }

  @Override
  public void backup(Path file, BackupOptions options) throws SQLException {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(options, "options");
    requireNoWriter("A backup would lack what %s has not committed yet. End it first");
    backups.make(file, options);
  }
}
