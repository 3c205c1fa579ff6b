package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.examples.Accounts.Account;
import dev.heddle.examples.Accounts.InsufficientFunds;
import dev.heddle.pool.SqlitePool;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AccountsTest {

  private SqlitePool pool;
  private Accounts accounts;

  @BeforeEach
  void open() throws SQLException {
    pool = SqlitePool.ephemeral();
    accounts = new Accounts(pool);
  }

  @AfterEach
  void close() {
    pool.close();
  }

  @Test
  void transfer_enoughThere_changesBoth() throws Exception {
    accounts.importAll(List.of(new Account(1, 100), new Account(2, 0)));
    accounts.transfer(1, 2, 30);
    assertEquals(List.of(70L, 30L), balances());
  }

  @Test
  void transfer_tooMuch_changesNeitherAndPassesTheExceptionOn() throws Exception {
    accounts.importAll(List.of(new Account(1, 100), new Account(2, 0)));
    assertThrows(InsufficientFunds.class, () -> accounts.transfer(1, 2, 101));
    assertEquals(List.of(100L, 0L), balances());
  }

  @Test
  void transfer_fromNoAccount_changesNothing() throws Exception {
    accounts.importAll(List.of(new Account(1, 100)));
    assertThrows(IllegalArgumentException.class, () -> accounts.transfer(2, 1, 10));
    assertEquals(List.of(100L), balances());
  }

  @Test
  void importAll_tenThousandRows_takesOneCommit() throws SQLException {
    long commits = pool.stats().commits().transactions();
    assertEquals(10_000, accounts.importAll(accounts(10_000)));
    assertEquals(1, pool.stats().commits().transactions() - commits);
    assertEquals(50_005_000, accounts.total());
  }

  @Test
  void importAll_lastRowFails_keepsNone() throws SQLException {
    accounts.importAll(List.of(new Account(10_000, 1)));
    assertThrows(
        SQLIntegrityConstraintViolationException.class, () -> accounts.importAll(accounts(10_000)));
    assertEquals(1, accounts.total());
  }

  private static List<Account> accounts(int count) {
    return LongStream.rangeClosed(1, count).mapToObj(id -> new Account(id, id)).toList();
  }

  private List<Long> balances() throws SQLException {
    return pool.read(
        lease -> lease.query("SELECT cents FROM accounts ORDER BY id", row -> row.getLong(1)));
  }
}
