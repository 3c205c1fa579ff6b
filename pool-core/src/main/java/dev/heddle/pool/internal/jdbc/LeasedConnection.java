package dev.heddle.pool.internal.jdbc;

import dev.heddle.pool.internal.lease.AbstractLease;
import dev.heddle.pool.internal.lease.ReaderLease;
import dev.heddle.pool.internal.lease.WriterLease;
import dev.heddle.pool.internal.sqlite.Errors;
import dev.heddle.pool.internal.sqlite.Session;
import dev.heddle.pool.internal.sqlite.SqlText;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A lease as a connection. Of the writer it is a transaction, with {@code autoCommit} off; of a
 * reader {@code autoCommit} is on, or off while it is a snapshot.
 */
public final class LeasedConnection extends Handle<Connection> {

  /** What goes on when the driver makes, releases or rolls back to a savepoint. */
  private static final SqlText SAVEPOINT =
      new SqlText("SAVEPOINT", SqlText.Kind.SAVEPOINT, false, false, false, false);

  /** Those that were made and not released; touched within calls only. */
  private final Set<Savepoint> savepoints = Collections.newSetFromMap(new IdentityHashMap<>());

  /** What {@code close} does: end the lease, or only this view of it. */
  private final boolean ownsLease;

  private volatile boolean closed;

  private LeasedConnection(AbstractLease lease, boolean ownsLease) {
    super(lease, Connection.class);
    this.ownsLease = ownsLease;
  }

  /** A view of a lease, which goes on when the connection is closed. */
  public static Connection viewing(AbstractLease lease) {
    return new LeasedConnection(lease, false).proxy();
  }

  /** A connection whose {@code close} ends the lease. */
  static Connection owning(AbstractLease lease) {
    return new LeasedConnection(lease, true).proxy();
  }

  @Override
  Connection target(Session session) throws SQLException {
    if (closed) {
      throw closed("The connection");
    }
    return session.connection();
  }

  @Override
  Connection connection() {
    return proxy();
  }

  @Jdbc
  void close() {
    closed = true;
    if (ownsLease) {
      lease().close();
    }
  }

  @Jdbc
  boolean isClosed() {
    return closed || lease().isOver();
  }

  @Jdbc
  boolean isValid(int seconds) throws SQLException {
    if (seconds < 0) {
      throw refuse("isValid(" + seconds + "): allowed is 0 or more", Errors.INVALID_PARAMETER);
    }
    return !isClosed();
  }

  @Jdbc
  void abort(Executor executor) {
    executor.execute(this::close);
  }

  /** SQLite keeps no client information, and JDBC lets it be ignored. */
  @Jdbc
  void setClientInfo(String name, String value) throws SQLClientInfoException {
    setClientInfo(new Properties());
  }

  @Jdbc
  void setClientInfo(Properties properties) throws SQLClientInfoException {
    if (isClosed()) {
      throw new SQLClientInfoException(
          "The connection is closed", Errors.NO_CONNECTION, Map.of(), closed("The connection"));
    }
  }

  // Transactions

  @Jdbc
  void commit() throws SQLException {
    requireOpen();
    switch (lease()) {
      case WriterLease writer -> writer.commit();
      case ReaderLease reader -> reader.endSnapshot();
    }
  }

  @Jdbc
  void rollback() throws SQLException {
    requireOpen();
    switch (lease()) {
      case WriterLease writer -> writer.rollback();
      case ReaderLease reader -> reader.endSnapshot();
    }
  }

  @Jdbc
  boolean getAutoCommit() throws SQLException {
    requireOpen();
    return !lease().transactional();
  }

  @Jdbc
  void setAutoCommit(boolean on) throws SQLException {
    requireOpen();
    switch (lease()) {
      case WriterLease writer -> {
        if (on) {
          throw refuse(
              "A write lease is a transaction; autoCommit stays off. Call commit(), and take a new"
                  + " lease for the next transaction",
              Errors.REFUSED);
        }
      }
      case ReaderLease reader -> reader.setSnapshot(!on);
    }
  }

  @Jdbc
  Savepoint setSavepoint() throws SQLException {
    return within(session -> remember(savepointTarget(session).setSavepoint()));
  }

  @Jdbc
  Savepoint setSavepoint(String name) throws SQLException {
    return within(
        session -> {
          Connection target = savepointTarget(session);
          requireName(session, name);
          return remember(target.setSavepoint(name));
        });
  }

  /** The driver puts the name into its SQL as it is. */
  private static void requireName(Session session, String name) throws SQLException {
    String sql = "SAVEPOINT " + Objects.requireNonNull(name, "name");
    if (session.text(sql).kind() != SqlText.Kind.SAVEPOINT) {
      throw refuse("Not the name of a savepoint: " + Errors.shorten(name), Errors.SYNTAX);
    }
  }

  private Savepoint remember(Savepoint savepoint) {
    savepoints.add(savepoint);
    return savepoint;
  }

  @Jdbc
  @Nullable Void rollback(Savepoint savepoint) throws SQLException {
    return withinAnyway(
        session -> {
          savepointTarget(session).rollback(requireOwn(savepoint));
          return null;
        });
  }

  @Jdbc
  @Nullable Void releaseSavepoint(Savepoint savepoint) throws SQLException {
    return withinAnyway(
        session -> {
          savepointTarget(session).releaseSavepoint(requireOwn(savepoint));
          savepoints.remove(savepoint);
          return null;
        });
  }

  private Savepoint requireOwn(Savepoint savepoint) throws SQLException {
    if (!savepoints.contains(savepoint)) {
      throw refuse("Not a savepoint of this connection, or released before", Errors.NO_SAVEPOINT);
    }
    return savepoint;
  }

  /** The driver's connection, for something that is done to savepoints. */
  private Connection savepointTarget(Session session) throws SQLException {
    if (isReadOnly()) {
      throw refuse("A reader has no savepoints; there is nothing to undo", Errors.READ_ONLY);
    }
    Connection target = target(session);
    lease().begin(session, SAVEPOINT, false);
    return target;
  }

  @Jdbc
  boolean isReadOnly() throws SQLException {
    requireOpen();
    return lease() instanceof ReaderLease;
  }

  /** A hint in JDBC; a lease is what it is. */
  @Jdbc
  void setReadOnly(boolean readOnly) throws SQLException {
    if (isReadOnly() && !readOnly) {
      throw refuse("A reader can't be made to write; acquire a writer instead", Errors.READ_ONLY);
    }
  }

  @Jdbc
  int getTransactionIsolation() throws SQLException {
    requireOpen();
    return Connection.TRANSACTION_SERIALIZABLE;
  }

  /** SQLite isolates transactions as strictly as there is a name for, so any weaker wish is met. */
  @Jdbc
  void setTransactionIsolation(int level) throws SQLException {
    requireOpen();
    if (level == Connection.TRANSACTION_NONE) {
      throw refuse("SQLite always has transactions", Errors.INVALID_PARAMETER);
    }
  }

  // Statements

  private Statement plain() throws SQLException {
    return within(
        session -> {
          return LeasedStatement.plain(this, session, target(session).createStatement());
        });
  }

  private PreparedStatement prepared(String sql, boolean wantsKeys) throws SQLException {
    return within(
        session -> {
          target(session);
          SqlText text = session.text(sql);
          if (text.kind() == SqlText.Kind.PRAGMA) {
            lease().begin(session, text, false); // it acts while being prepared
          }
          return LeasedPrepared.of(this, session.open(text), wantsKeys);
        });
  }

  @Jdbc
  Statement createStatement() throws SQLException {
    return plain();
  }

  @Jdbc
  Statement createStatement(int type, int concurrency) throws SQLException {
    requireForwardReadOnly(type, concurrency);
    return plain();
  }

  @Jdbc
  Statement createStatement(int type, int concurrency, int holdability) throws SQLException {
    requireForwardReadOnly(type, concurrency);
    return plain();
  }

  @Jdbc
  PreparedStatement prepareStatement(String sql) throws SQLException {
    return prepared(sql, false);
  }

  @Jdbc
  PreparedStatement prepareStatement(String sql, int keys) throws SQLException {
    return prepared(sql, keys == Statement.RETURN_GENERATED_KEYS);
  }

  @Jdbc
  PreparedStatement prepareStatement(String sql, int[] keys) throws SQLException {
    return prepared(sql, true);
  }

  @Jdbc
  PreparedStatement prepareStatement(String sql, String[] keys) throws SQLException {
    return prepared(sql, true);
  }

  @Jdbc
  PreparedStatement prepareStatement(String sql, int type, int concurrency) throws SQLException {
    requireForwardReadOnly(type, concurrency);
    return prepared(sql, false);
  }

  @Jdbc
  PreparedStatement prepareStatement(String sql, int type, int concurrency, int holdability)
      throws SQLException {
    requireForwardReadOnly(type, concurrency);
    return prepared(sql, false);
  }

  private static void requireForwardReadOnly(int type, int concurrency) throws SQLException {
    if (type != java.sql.ResultSet.TYPE_FORWARD_ONLY
        || concurrency != java.sql.ResultSet.CONCUR_READ_ONLY) {
      throw new java.sql.SQLFeatureNotSupportedException(
          "SQLite has only result sets that go forward and are read-only");
    }
  }

  private void requireOpen() throws SQLException {
    if (closed) {
      throw closed("The connection");
    }
    if (lease().isOver()) {
      lease().enterAnyway(); // throws, and says why
    }
  }

  private static SQLException refuse(String why, @Nullable String state) {
    return new SQLNonTransientException(why, state);
  }
}
