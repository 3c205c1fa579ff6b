package dev.heddle.pool.tests.frameworks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.SqlitePool;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.SetObjectArgumentFactory;
import org.jdbi.v3.core.mapper.GetObjectColumnMapperFactory;
import org.jdbi.v3.core.result.ResultIterator;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.sqlobject.SqlObjectPlugin;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.customizer.BindMethods;
import org.jdbi.v3.sqlobject.statement.GetGeneratedKeys;
import org.jdbi.v3.sqlobject.statement.SqlBatch;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Jdbi's handles and SQL objects, without transactions: rows, columns, keys, batches, streams. */
class JdbiTest extends ParcelFixture {

  private static final String INSERT_CODE = "INSERT INTO parcel(code) VALUES (?)";

  // page: dao
  interface Parcels {

    @SqlUpdate("INSERT INTO parcel(code, grams) VALUES (:code, :grams)")
    @GetGeneratedKeys("id")
    long insert(String code, int grams);

    @SqlQuery("SELECT grams FROM parcel WHERE code = :code")
    Optional<Integer> grams(String code);

    @SqlBatch("INSERT INTO parcel(code) VALUES (:codes)")
    @GetGeneratedKeys("id")
    List<Long> insertAll(List<String> codes);
  }

  // page end

  @RegisterConstructorMapper(Parcel.class)
  interface WholeParcels {

    @SqlUpdate(
        """
        INSERT INTO parcel(code, grams, price, token, due, opens, packed, seen)
        VALUES (:code, :grams, :price, :token, :due, :opens, :packed, :seen)
        """)
    @GetGeneratedKeys
    long insert(@BindMethods Parcel parcel);

    @SqlQuery("SELECT * FROM parcel WHERE id = :id")
    Parcel get(long id);

    @SqlQuery("INSERT INTO parcel(code) VALUES (:code) RETURNING *")
    Parcel insertReturning(String code);
  }

  private SqlitePool pool;
  private Jdbi jdbi;

  /** While the rows of a stream are used. */
  private final List<Integer> readersHeld = new ArrayList<>();

  @BeforeEach
  void openThePool() throws SQLException {
    pool = parcels();
    // page: config
    jdbi = Jdbi.create(pool.dataSource()).installPlugin(new SqlObjectPlugin());
    // page end
  }

  static List<Parcel> fullAndBare() {
    return List.of(Parcel.full("A-1"), Parcel.bare("A-2"));
  }

  @Test
  void handle_insertsUpdatesAndDeletes_areSeenByTheNextQuery() {
    try (Handle handle = jdbi.open()) {
      handle.execute("INSERT INTO parcel(code, grams) VALUES (?, ?)", "A-1", 800);
      int updated =
          handle
              .createUpdate("UPDATE parcel SET grams = :grams WHERE code = :code")
              .bind("grams", 900)
              .bind("code", "A-1")
              .execute();
      assertEquals(1, updated);

      assertEquals(900, handle.createQuery("SELECT grams FROM parcel").mapTo(int.class).one());

      assertEquals(1, handle.execute("DELETE FROM parcel"));
      assertEquals(List.of(), handle.createQuery("SELECT * FROM parcel").mapToMap().list());
    }
  }

  @Test
  void dao_asOnThePage_works() throws SQLException {
    Parcels parcels = jdbi.onDemand(Parcels.class);

    assertEquals(1, parcels.insert("A-1", 800));
    assertEquals(Optional.of(800), parcels.grams("A-1"));
    assertEquals(Optional.empty(), parcels.grams("A-2"));
    assertEquals(List.of(2L, 3L), parcels.insertAll(List.of("A-2", "A-3")));
    assertEquals(List.of("A-1", "A-2", "A-3"), codes(pool));
  }

  @ParameterizedTest
  @MethodSource("fullAndBare")
  void dao_recordOfAllTypes_comesBackAsItWas(Parcel parcel) {
    WholeParcels parcels = jdbi.onDemand(WholeParcels.class);

    long id = parcels.insert(parcel);

    assertEquals(parcel.withId(id), parcels.get(id));
  }

  @Test
  void instants_asText_areThoseThatLeasesReadAndWrite() throws SQLException {
    // page: instants
    jdbi.registerArgument(
        SetObjectArgumentFactory.forClasses(Map.of(Instant.class, Types.TIMESTAMP_WITH_TIMEZONE)));
    jdbi.registerColumnMapper(GetObjectColumnMapperFactory.forClasses(Instant.class));
    // page end
    Instant exact = Instant.parse("2026-11-22T16:05:09.123456789Z");
    pool.useWriter(
        lease -> lease.update("INSERT INTO parcel(code, seen) VALUES ('lease', ?)", exact));

    jdbi.useHandle(
        handle -> handle.execute("INSERT INTO parcel(code, seen) VALUES ('Jdbi', ?)", exact));

    assertEquals(2, count(pool, "seen = (SELECT seen FROM parcel WHERE code = 'lease')"));
    assertEquals(
        List.of(exact, exact),
        jdbi.withHandle(
            handle -> handle.createQuery("SELECT seen FROM parcel").mapTo(Instant.class).list()));
  }

  @Test
  void instants_asJdbiBindsThem_areReadByLeases() throws SQLException {
    Instant seen = Instant.parse("2026-11-22T16:05:09.120Z");

    jdbi.useHandle(
        handle -> handle.execute("INSERT INTO parcel(code, seen) VALUES ('A-1', ?)", seen));

    assertEquals(
        Optional.of(seen),
        pool.read(
            lease -> lease.queryOne("SELECT seen FROM parcel", row -> row.get(1, Instant.class))));
    assertEquals(1, count(pool, "typeof(seen) = 'integer'"));
  }

  @Test
  void script_ofSeveralStatements_isRun() {
    try (Handle handle = jdbi.open()) {
      handle
          .createScript(
              "CREATE TABLE stop(id INTEGER PRIMARY KEY); INSERT INTO stop VALUES (1), (2);")
          .execute();

      assertEquals(2, handle.createQuery("SELECT count(*) FROM stop").mapTo(int.class).one());
    }
  }

  @Test
  void rows_byName_holdColumnsAndNulls() {
    try (Handle handle = jdbi.open()) {
      handle.execute("INSERT INTO parcel(code, grams) VALUES ('A-1', 800)");

      Map<String, Object> row =
          handle.createQuery("SELECT code AS Label, grams, price FROM parcel").mapToMap().one();

      assertEquals("A-1", row.get("label"), "names are not case-sensitive");
      assertEquals(800, row.get("grams"));
      assertTrue(row.containsKey("price"));
      assertNull(row.get("price"));
    }
  }

  @Test
  void batch_ofManyRows_storesEveryRowAndGivesItsKey() throws SQLException {
    List<Long> keys =
        jdbi.withHandle(
            handle -> {
              PreparedBatch batch = handle.prepareBatch("INSERT INTO parcel(code) VALUES (:code)");
              for (String code : List.of("A-1", "A-2", "A-3")) {
                batch.bind("code", code).add();
              }
              return batch.executePreparedBatch("id").mapTo(Long.class).list();
            });

    assertEquals(List.of(1L, 2L, 3L), keys);
    assertEquals(List.of("A-1", "A-2", "A-3"), codes(pool));
  }

  @Test
  void batch_withoutKeys_countsEachRow() {
    int[] counts =
        jdbi.withHandle(
            handle ->
                handle
                    .createBatch()
                    .add("INSERT INTO parcel(code) VALUES ('A-1'), ('A-2')")
                    .add("UPDATE parcel SET grams = 1 WHERE code = 'A-1'")
                    .execute());

    assertArrayEquals(new int[] {2, 1}, counts);
  }

  @Test
  void keys_ofAnInsertOfSeveralRows_areAllGiven() {
    List<Integer> keys =
        jdbi.withHandle(
            handle ->
                handle
                    .createUpdate("INSERT INTO parcel(code) VALUES ('A-1'), ('A-2')")
                    .executeAndReturnGeneratedKeys()
                    .mapTo(Integer.class)
                    .list());

    assertEquals(List.of(1, 2), keys);
  }

  @Test
  void keys_ofAnInsertThatWasIgnored_areNone() {
    try (Handle handle = jdbi.open()) {
      handle.execute(INSERT_CODE, "A-1");

      Optional<Long> key =
          handle
              .createUpdate("INSERT OR IGNORE INTO parcel(code) VALUES ('A-1')")
              .executeAndReturnGeneratedKeys("id")
              .mapTo(Long.class)
              .findOne();

      assertEquals(Optional.empty(), key);
    }
  }

  @Test
  void returning_insertAsAQuery_isCommitted() throws SQLException {
    Parcel parcel = jdbi.onDemand(WholeParcels.class).insertReturning("A-1");

    assertEquals(Parcel.bare("A-1").withId(1), parcel);
    assertEquals(List.of("A-1"), codes(pool));
  }

  @Test
  void stream_ofManyRows_givesThemAllWhileOthersWrite() throws SQLException {
    long sum =
        jdbi.withHandle(
            handle ->
                handle.createQuery(MANY_ROWS).mapTo(Integer.class).stream()
                    .peek(this::insertEveryTenThousandth)
                    .mapToLong(Integer::longValue)
                    .sum());

    assertEquals(MANY * (MANY + 1L) / 2, sum);
    assertEquals(10, count(pool, "true"));
  }

  /** On a handle of its own: within withHandle, the thread's other calls use its handle. */
  private void insertEveryTenThousandth(int number) {
    if (number % 10_000 == 0) {
      try (Handle other = jdbi.open()) {
        other.execute(INSERT_CODE, "A-" + number);
      }
    }
  }

  @Test
  void stream_itsOwnHandleWritesMeanwhile_givesAllRows() throws SQLException {
    long sum = 0;
    try (Handle handle = jdbi.open();
        ResultIterator<Integer> numbers =
            handle.createQuery(MANY_ROWS).mapTo(Integer.class).iterator()) {
      while (numbers.hasNext()) {
        int number = numbers.next();
        sum += number;
        if (number % 10_000 == 0) {
          handle.execute(INSERT_CODE, "A-" + number);
        }
      }
    }
    assertEquals(MANY * (MANY + 1L) / 2, sum);
    assertEquals(10, count(pool, "true"));
  }

  @Test
  void stream_closedInTheMiddle_givesItsReaderBack() {
    // page: stream
    try (Handle handle = jdbi.open();
        Stream<Integer> numbers = handle.createQuery(MANY_ROWS).mapTo(Integer.class).stream()) {
      numbers.limit(3).forEach(this::use);
    }
    // page end
    assertEquals(List.of(1, 1, 1), readersHeld);
    assertEquals(0, pool.stats().readers().held());
  }

  private void use(int number) {
    readersHeld.add(pool.stats().readers().held());
  }
}
