package dev.heddle.examples.demo;

import dev.heddle.pool.LeasePool;
import dev.heddle.pool.ReadLease;
import dev.heddle.pool.Row;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compares what is in the file with what was acknowledged: it must be that, and nothing else. */
public final class Audit {

  /** One line of the result. */
  record Check(String what, String expected, String found) {
    boolean passed() {
      return expected.equals(found);
    }
  }

  private final List<Check> checks = new ArrayList<>();

  /** Reads the file through a pool of its own, opened after the load's was closed. */
  public Audit(LeasePool pool, Load load) throws SQLException {
    Map<Integer, Account> acknowledged = load.acknowledged();
    Map<Integer, Account> found = pool.read(Audit::accounts);
    Account expectedSum = sum(acknowledged);
    Account foundSum = sum(found);
    check("tasks added", expectedSum.added(), foundSum.added());
    check("tasks completed", expectedSum.done(), foundSum.done());
    check("sum of all ids", expectedSum.sumOfIds(), foundSum.sumOfIds());
    check("sum of completed ids", expectedSum.sumOfDoneIds(), foundSum.sumOfDoneIds());
    check("threads whose own figures differ", 0, differences(acknowledged, found));
    check("reads that missed the thread's own commit", 0, load.tally().staleReads.sum());
    check("snapshots that saw half a transaction", 0, load.tally().tornReads.sum());
    checks.add(new Check("integrity_check", "ok", pool.read(Audit::integrity)));
  }

  private void check(String what, long expected, long found) {
    checks.add(new Check(what, "%,d".formatted(expected), "%,d".formatted(found)));
  }

  private static Map<Integer, Account> accounts(ReadLease lease) throws SQLException {
    Map<Integer, Account> accounts = new HashMap<>();
    lease.forEach(
        """
        SELECT owner, count(*) AS added, sum(status = 'done') AS done,
               sum(id) AS sum_of_ids, sum(iif(status = 'done', id, 0)) AS sum_of_done_ids
        FROM tasks GROUP BY owner\
        """,
        row -> accounts.put(row.getInt("owner"), row.to(Account.class)));
    return accounts;
  }

  private static String integrity(ReadLease lease) throws SQLException {
    List<Row> rows = lease.query("PRAGMA integrity_check");
    return String.join(", ", rows.stream().map(row -> row.getString(1)).toList());
  }

  private static Account sum(Map<Integer, Account> accounts) {
    return accounts.values().stream().reduce(Account.EMPTY, Account::plus);
  }

  /** Also those that only one side knows. */
  private static long differences(Map<Integer, Account> expected, Map<Integer, Account> found) {
    List<Integer> owners = new ArrayList<>(expected.keySet());
    found.keySet().stream().filter(owner -> !expected.containsKey(owner)).forEach(owners::add);
    return owners.stream()
        .filter(
            owner ->
                !expected
                    .getOrDefault(owner, Account.EMPTY)
                    .equals(found.getOrDefault(owner, Account.EMPTY)))
        .count();
  }

  List<Check> checks() {
    return checks;
  }

  /** Whether everything is as acknowledged. */
  public boolean passed() {
    return checks.stream().allMatch(Check::passed);
  }
}
