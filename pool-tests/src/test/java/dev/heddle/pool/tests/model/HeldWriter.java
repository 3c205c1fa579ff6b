package dev.heddle.pool.tests.model;

import dev.heddle.pool.LeaseOptions;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import dev.heddle.pool.tests.model.Op.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A write lease, whose statements may go through its JDBC connection. */
final class HeldWriter extends Held {

  private final WriteLease lease;
  private final boolean viaJdbc;
  private final boolean hasReader;

  private HeldWriter(WriteLease lease, boolean viaJdbc, boolean hasReader) {
    super(Kind.WRITER);
    this.lease = lease;
    this.viaJdbc = viaJdbc;
    this.hasReader = hasReader;
  }

  static Held acquire(SqlitePool pool, LeaseOptions options, boolean viaJdbc) throws SQLException {
    return new HeldWriter(pool.acquireWriter(options), viaJdbc, options.snapshotAfterCommit());
  }

  @Override
  Sql sql() throws SQLException {
    return viaJdbc ? Sql.of(lease.connection()) : Sql.of(lease);
  }

  @Override
  Connection connection() throws SQLException {
    return lease.connection();
  }

  @Override
  void nested(Inside inside) throws SQLException {
    lease.nested(
        part -> {
          inside.run();
          return 0;
        });
  }

  /** Of the same name each time: it means the innermost. */
  @Override
  void savepoint(Op op) throws SQLException {
    switch (op) {
      case SAVEPOINT -> lease.update("SAVEPOINT s");
      case ROLLBACK_TO -> lease.update("ROLLBACK TO s");
      default -> lease.update("RELEASE s");
    }
  }

  @Override
  boolean mayEnd(Op op) {
    return !parts().contains(Op.NESTED) && (op != Op.COMMIT_AND_READ || hasReader);
  }

  @Override
  @Nullable ReadLease end(Op op) throws SQLException {
    switch (op) {
      case COMMIT, COMMIT_NESTED -> lease.commit();
      case COMMIT_AND_READ -> {
        return lease.commitAndRead();
      }
      case ROLLBACK -> lease.rollback();
      default -> lease.close();
    }
    return null;
  }

  @Override
  public void close() {
    lease.close();
  }
}
