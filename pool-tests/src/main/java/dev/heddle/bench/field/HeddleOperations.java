package dev.heddle.bench.field;

import dev.heddle.bench.SlowQueries;
import dev.heddle.bench.field.Rows.Account;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.Row;
import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.WriteLease;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** As the pool's users would write it. */
record HeddleOperations(SqlitePool pool) implements Operations {

  @Override
  @SuppressWarnings("ThreadPriorityCheck") // others are to come and wait
  public long hold() throws SQLException {
    long start = System.nanoTime();
    ReadLease lease = pool.acquireReader();
    try {
      long waited = System.nanoTime() - start;
      Thread.yield();
      return waited;
    } finally {
      lease.close();
    }
  }

  @Override
  public long read(long id) throws SQLException {
    long start = System.nanoTime();
    try (ReadLease lease = pool.acquireReader()) {
      long waited = System.nanoTime() - start;
      Rows.check(lease.queryOne(Rows.READ, HeddleOperations::account, id).orElseThrow(), id);
      return waited;
    }
  }

  @Override
  public long range(long first) throws SQLException {
    long start = System.nanoTime();
    try (ReadLease lease = pool.acquireReader()) {
      long waited = System.nanoTime() - start;
      long last = first + Rows.RANGE_ROWS - 1;
      Rows.checkRange(lease.query(Rows.RANGE, HeddleOperations::account, first, last), first);
      return waited;
    }
  }

  private static Account account(Row row) {
    return new Account(row.getLong(1), row.getString(2), row.getLong(3));
  }

  @Override
  public long scan() throws SQLException {
    long start = System.nanoTime();
    try (ReadLease lease = pool.acquireReader()) {
      long waited = System.nanoTime() - start;
      long[] sum = new long[1];
      lease.forEach(
          Rows.SCAN,
          row -> sum[0] += Rows.fold(row.getLong(1), text(row.getString(2)), row.getLong(3)),
          Rows.SCAN_ROWS);
      Rows.checkScan(sum[0]);
      return waited;
    }
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  @Override
  public long count(long steps) throws SQLException {
    long start = System.nanoTime();
    try (ReadLease lease = pool.acquireReader()) {
      long waited = System.nanoTime() - start;
      Rows.checkCount(
          lease.queryOne(SlowQueries.COUNT, row -> row.getLong(1), steps).orElseThrow(), steps);
      return waited;
    }
  }

  @Override
  public long insert(double value) throws SQLException {
    long start = System.nanoTime();
    try (WriteLease lease = pool.acquireWriter()) {
      long waited = System.nanoTime() - start;
      Rows.checkCount(lease.update(Rows.INSERT, Rows.NAME, value), 1);
      lease.commit();
      return waited;
    }
  }

  @Override
  public long transfer(long from, long to) throws SQLException {
    long start = System.nanoTime();
    try (WriteLease lease = pool.acquireWriter()) {
      long waited = System.nanoTime() - start;
      Rows.checkCount(lease.update(Rows.MOVE, -1, from) + lease.update(Rows.MOVE, 1, to), 2);
      lease.commit();
      return waited;
    }
  }

  @Override
  public long batch(List<Rows.Item> items) throws SQLException {
    long start = System.nanoTime();
    try (WriteLease lease = pool.acquireWriter()) {
      long waited = System.nanoTime() - start;
      List<Object[]> rows = new ArrayList<>(items.size());
      items.forEach(item -> rows.add(new Object[] {item.name(), item.value()}));
      Rows.checkCount(lease.batch(Rows.INSERT, rows), items.size());
      lease.commit();
      return waited;
    }
  }
}
