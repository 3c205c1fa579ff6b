package dev.heddle.pool.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;

import dev.heddle.pool.PoolConfig;
import dev.heddle.pool.SqlitePool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The end of the disk is met in the COMMIT that several units share. */
class GroupFullDiskTest extends GroupFixture {

  @Test
  void commit_diskIsFull_failsForEachUnitWithAnErrorOfItsOwn() throws SQLException, IOException {
    Path mounted = Files.createDirectory(folder.resolve("full"));
    try (var _ = Root.tmpfs(mounted, "1m");
        SqlitePool pool = open(mounted.resolve("a.db"))) {
      pool.useWriter(lease -> lease.update("CREATE TABLE t(id INTEGER PRIMARY KEY, v)"));
      Company company = company(pool);
      // The page cache takes it all, so only COMMIT writes.
      company.holder().update("INSERT INTO t(v) VALUES (randomblob(4000000))").startCommit();
      SQLException one = fullDisk(company.one());
      SQLException two = fullDisk(company.two());
      SQLException holder = fullDisk(company.holder());
      assertNotSame(one, two);
      assertNotSame(one, holder);
      pool.useWriter(lease -> lease.update("INSERT INTO t(v) VALUES ('small')"));
      assertEquals(
          1L,
          pool.read(lease -> lease.queryOne("SELECT count(*) AS n FROM t"))
              .orElseThrow()
              .getLong("n"));
    }
  }

  private static SQLException fullDisk(Unit unit) {
    SQLException failure = unit.commitFailure();
    assertEquals("53100", failure.getSQLState());
    return failure;
  }

  private static SqlitePool open(Path file) throws SQLException {
    return SqlitePool.open(
        PoolConfig.builder(file)
            .readers(1)
            .pageCache(64L << 20)
            .groupMaxAge(Duration.ofSeconds(10))
            .build());
  }
}
