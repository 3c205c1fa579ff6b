package dev.heddle.bench.field;

import dev.heddle.bench.ReadBack;
import dev.heddle.pool.SqlitePool;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Heddle, by its leases. */
record HeddleContender(SqlitePool pool, int readers) implements Contender {

  @Override
  public Operations operations() {
    return new HeddleOperations(pool);
  }

  @Override
  public Map<String, Map<String, String>> readBack() throws SQLException {
    Map<String, Map<String, String>> pragmas = new LinkedHashMap<>();
    pragmas.put("readers", ReadBack.of(pool, readers));
    pragmas.put("writer", ReadBack.ofWriter(pool));
    return pragmas;
  }

  @Override
  public void close() {
    pool.close();
  }
}
