package dev.heddle.pool.tests;

import dev.heddle.pool.ReadLease;
import dev.heddle.pool.WriteLease;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every way that a SQL text can take through a lease. */
final class Routes {

  private Routes() {}

  /** Hands a SQL text to a lease. */
  @FunctionalInterface
  interface Way<L> {
    void run(L lease, String sql) throws SQLException;
  }

  /** A way and its name, for messages. */
  record Route<L>(String name, Way<L> way) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Route<ReadLease>> ofReader() {
    List<Route<ReadLease>> routes = new ArrayList<>();
    routes.add(new Route<>("query", (lease, sql) -> lease.query(sql)));
    routes.add(new Route<>("query mapped", (lease, sql) -> lease.query(sql, row -> 1)));
    routes.add(new Route<>("queryOne", (lease, sql) -> lease.queryOne(sql)));
    routes.add(new Route<>("queryOne mapped", (lease, sql) -> lease.queryOne(sql, row -> 1)));
    routes.add(new Route<>("forEach", (lease, sql) -> lease.forEach(sql, row -> {})));
    routes.addAll(jdbc());
    return routes;
  }

  static List<Route<WriteLease>> ofWriter() {
    List<Route<WriteLease>> routes = new ArrayList<>();
    routes.add(new Route<>("update", (lease, sql) -> lease.update(sql)));
    routes.add(new Route<>("insert", (lease, sql) -> lease.insert(sql)));
    routes.add(
        new Route<>("batch", (l, sql) -> l.batch(sql, List.of(1), i -> new @Nullable Object[0])));
    routes.add(new Route<>("script", WriteLease::script));
    for (Route<ReadLease> route : ofReader()) {
      routes.add(new Route<>(route.name(), (lease, sql) -> route.way().run(lease, sql)));
    }
    return routes;
  }

  private static List<Route<ReadLease>> jdbc() {
    return List.of(
        new Route<>("Statement.execute", (l, sql) -> plain(l, s -> s.execute(sql))),
        new Route<>("Statement.execute keys", (l, sql) -> plain(l, s -> s.execute(sql, 1))),
        new Route<>("Statement.executeQuery", (l, sql) -> plain(l, s -> s.executeQuery(sql))),
        new Route<>("Statement.executeUpdate", (l, sql) -> plain(l, s -> s.executeUpdate(sql))),
        new Route<>(
            "Statement.executeLargeUpdate", (l, sql) -> plain(l, s -> s.executeLargeUpdate(sql))),
        new Route<>("Statement.executeBatch", (l, sql) -> plain(l, s -> batch(s, sql))),
        new Route<>("PreparedStatement.execute", Routes::prepared),
        new Route<>("PreparedStatement.executeBatch", Routes::preparedBatch));
  }

  /** Something done with a statement. */
  @FunctionalInterface
  private interface Use {
    void run(Statement statement) throws SQLException;
  }

  private static void plain(ReadLease lease, Use use) throws SQLException {
    try (Statement statement = lease.connection().createStatement()) {
      use.run(statement);
    }
  }

  private static void batch(Statement statement, String sql) throws SQLException {
    statement.addBatch(sql);
    statement.executeBatch();
  }

  private static void prepared(ReadLease lease, String sql) throws SQLException {
    try (var statement = lease.connection().prepareStatement(sql)) {
      statement.execute();
    }
  }

  private static void preparedBatch(ReadLease lease, String sql) throws SQLException {
    try (var statement = lease.connection().prepareStatement(sql)) {
      statement.addBatch();
      statement.executeBatch();
    }
  }
}
