package dev.heddle.examples;

import dev.heddle.pool.LeasePool;
import dev.heddle.pool.WriteLease;
import java.sql.SQLException;
import java.util.List;

/** Transactions: all of it or nothing of it. */
public final class Accounts {

  /** A row to import. */
  public record Account(long id, long cents) {}

  /** The work's own exception: {@code write} rolls back and passes it on as it is. */
  public static final class InsufficientFunds extends Exception {
    private static final long serialVersionUID = 1;

    InsufficientFunds(long account) {
      super("account " + account + " has not that much");
    }
  }

  private final LeasePool pool;

  public Accounts(LeasePool pool) throws SQLException {
    this.pool = pool;
    pool.useWriter(
        lease ->
            lease.update(
                "CREATE TABLE IF NOT EXISTS accounts(id INTEGER PRIMARY KEY, cents INTEGER NOT"
                    + " NULL)"));
  }

  /** Both accounts change, or neither. */
  public void transfer(long from, long to, long cents) throws SQLException, InsufficientFunds {
    pool.useWriter(
        lease -> {
          add(lease, to, cents);
          add(lease, from, -cents);
          if (balance(lease, from) < 0) {
            throw new InsufficientFunds(from); // undoes both
          }
        });
  }

  /** Many rows in one transaction, so with one wait for the disk, from one prepared statement. */
  public long importAll(List<Account> accounts) throws SQLException {
    return pool.write(
        lease ->
            lease.batch(
                "INSERT INTO accounts(id, cents) VALUES (?, ?)",
                accounts,
                account -> new Object[] {account.id(), account.cents()}));
  }

  /** What all accounts have together. */
  public long total() throws SQLException {
    return pool.read(
        lease ->
            lease
                .queryOne("SELECT coalesce(sum(cents), 0) FROM accounts", row -> row.getLong(1))
                .orElseThrow());
  }

  // A helper takes the lease, and so is part of the caller's transaction.

  private static void add(WriteLease lease, long account, long cents) throws SQLException {
    long rows = lease.update("UPDATE accounts SET cents = cents + ? WHERE id = ?", cents, account);
    if (rows != 1) {
      throw new IllegalArgumentException("there is no account " + account);
    }
  }

  private static long balance(WriteLease lease, long account) throws SQLException {
    return lease
        .queryOne("SELECT cents FROM accounts WHERE id = ?", row -> row.getLong("cents"), account)
        .orElseThrow();
  }
}
