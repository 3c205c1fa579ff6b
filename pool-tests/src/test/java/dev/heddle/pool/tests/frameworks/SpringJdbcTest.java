package dev.heddle.pool.tests.frameworks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.SqlitePool;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.core.BatchPreparedStatementSetter;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SimplePropertySqlParameterSource;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.SimpleJdbcInsert;
import org.springframework.jdbc.core.support.SqlBinaryValue;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.jdbc.support.KeyHolder;
import org.springframework.jdbc.support.rowset.SqlRowSet;

/** Spring's JDBC templates, without transactions: rows, columns, keys, batches, streams. */
class SpringJdbcTest extends ParcelFixture {

  private static final String INSERT =
      """
      INSERT INTO parcel(code, grams, price, token, due, opens, packed, seen)
      VALUES (:code, :grams, :price, :token, :due, :opens, :packed, :seen)
      """;
  private static final String INSERT_CODE = "INSERT INTO parcel(code) VALUES (?)";

  private SqlitePool pool;
  private JdbcTemplate template;
  private JdbcClient client;

  /** While the rows of a stream are used. */
  private final List<Integer> readersHeld = new ArrayList<>();

  @BeforeEach
  void openThePool() throws SQLException {
    pool = parcels();
    template = new JdbcTemplate(pool.dataSource());
    client = JdbcClient.create(template);
  }

  private Parcel stored(String code) {
    return client
        .sql("SELECT * FROM parcel WHERE code = :code")
        .param("code", code)
        .query(Parcel.class)
        .single();
  }

  static List<Parcel> fullAndBare() {
    return List.of(Parcel.full("A-1"), Parcel.bare("A-2"));
  }

  @Test
  void client_insertsUpdatesAndDeletes_areSeenByTheNextQuery() {
    // page: client
    client.sql("INSERT INTO parcel(code, grams) VALUES (?, ?)").params("A-1", 800).update();
    client
        .sql("UPDATE parcel SET grams = :grams WHERE code = :code")
        .param("grams", 900)
        .param("code", "A-1")
        .update();
    Optional<Integer> grams =
        client
            .sql("SELECT grams FROM parcel WHERE code = ?")
            .param("A-1")
            .query(Integer.class)
            .optional();
    // page end
    assertEquals(Optional.of(900), grams);

    assertEquals(1, client.sql("DELETE FROM parcel").update());
    assertEquals(0, client.sql("SELECT * FROM parcel").query().listOfRows().size());
  }

  @ParameterizedTest
  @MethodSource("fullAndBare")
  void client_recordOfAllTypes_comesBackAsItWas(Parcel parcel) {
    client.sql(INSERT).paramSource(parcel).update();

    assertEquals(parcel.withId(1), stored(parcel.code()));
  }

  @ParameterizedTest
  @MethodSource("fullAndBare")
  void simpleInsert_recordOfAllTypes_comesBackAsItWas(Parcel parcel) {
    // page: simple-insert
    SimpleJdbcInsert insert =
        new SimpleJdbcInsert(template).withTableName("parcel").usingGeneratedKeyColumns("id");

    Number key = insert.executeAndReturnKey(new SimplePropertySqlParameterSource(parcel));
    // page end

    assertEquals(parcel.withId(key.longValue()), stored(parcel.code()));
  }

  @Test
  void times_boundWithAndWithoutTheirType_areStoredTheSame() {
    Parcel parcel = Parcel.full("typed");
    client.sql(INSERT).paramSource(parcel).update();
    template.update(
        "INSERT INTO parcel(code, due, opens, packed) VALUES (?, ?, ?, ?)",
        "untyped",
        parcel.due(),
        parcel.opens(),
        parcel.packed());

    List<Map<String, @Nullable Object>> rows =
        template.queryForList("SELECT due, opens, packed FROM parcel ORDER BY id");

    assertEquals(rows.get(0), rows.get(1));
  }

  @Test
  void times_compared_areInTheirOrder() {
    LocalDateTime noon = LocalDateTime.of(2026, 11, 22, 12, 0);
    for (int i = 0; i < 3; i++) {
      template.update(
          "INSERT INTO parcel(code, due, packed) VALUES (?, ?, ?)",
          "A-" + i,
          LocalDate.of(2026, 11, 9 + i),
          noon.plusNanos(i * 1_000L));
    }

    String before = "SELECT code FROM parcel WHERE due < ? AND packed < ?";
    assertEquals(
        List.of("A-0"),
        template.queryForList(
            before, String.class, LocalDate.of(2026, 11, 10), noon.plusNanos(2_000)));
  }

  @Test
  void decimals_inAColumnDeclaredSo_loseDigitsAsInSqlite() {
    template.execute("CREATE TABLE tariff(amount DECIMAL(19, 2))");
    for (String amount : List.of("12.50", "12345678901234567.80")) {
      template.update("INSERT INTO tariff VALUES (?)", new BigDecimal(amount));
    }

    assertEquals(
        List.of(new BigDecimal("12.5"), new BigDecimal("12345678901234568")),
        template.queryForList("SELECT amount FROM tariff ORDER BY rowid", BigDecimal.class));
  }

  @Test
  void rows_byName_holdColumnsAndNulls() {
    client.sql(INSERT).paramSource(Parcel.full("A-1")).update();
    template.update(INSERT_CODE, "A-2");

    Map<String, @Nullable Object> full = template.queryForMap("SELECT * FROM parcel WHERE id = 1");
    Map<String, @Nullable Object> bare = template.queryForMap("SELECT * FROM parcel WHERE id = 2");

    assertEquals(1_250, full.get("GRAMS"), "names are not case-sensitive");
    assertEquals("A-2", bare.get("code"));
    assertTrue(bare.containsKey("grams"));
    assertNull(bare.get("grams"));
  }

  @Test
  void rowSet_disconnected_knowsItsColumns() {
    template.update("INSERT INTO parcel(code, grams) VALUES ('A-1', 800)");

    SqlRowSet rows = template.queryForRowSet("SELECT id, code AS label, grams, price FROM parcel");

    assertArrayEquals(
        new String[] {"id", "label", "grams", "price"}, rows.getMetaData().getColumnNames());
    assertTrue(rows.next());
    assertEquals("A-1", rows.getString("label"));
    assertEquals(800, rows.getInt("grams"));
    assertNull(rows.getBigDecimal("price"));
  }

  @Test
  void bytes_boundAsAStream_areReadAsAnArray() {
    byte[] label = {1, 0, -1};
    template.execute("CREATE TABLE label(picture BLOB)");

    template.update(
        "INSERT INTO label VALUES (?)", new SqlBinaryValue(new ByteArrayInputStream(label), 3));

    assertArrayEquals(label, template.queryForObject("SELECT picture FROM label", byte[].class));
  }

  @Test
  void maxRows_ofALargeResult_endThere() {
    template.setMaxRows(3);

    assertEquals(List.of(1, 2, 3), template.queryForList(MANY_ROWS, Integer.class));
  }

  @Test
  void batch_ofNamedParameters_storesEveryRow() throws SQLException {
    SqlParameterSource[] rows =
        Stream.of(Parcel.full("A-1"), Parcel.bare("A-2"), Parcel.bare("A-3"))
            .map(SimplePropertySqlParameterSource::new)
            .toArray(SqlParameterSource[]::new);

    int[] counts = new NamedParameterJdbcTemplate(template).batchUpdate(INSERT, rows);

    assertArrayEquals(new int[] {1, 1, 1}, counts);
    assertEquals(List.of("A-1", "A-2", "A-3"), codes(pool));
  }

  @Test
  void keys_ofOneInsert_areGivenByPositionAndName() {
    KeyHolder first = new GeneratedKeyHolder();
    KeyHolder second = new GeneratedKeyHolder();
    template.update("INSERT INTO parcel(id, code) VALUES (41, 'A-1')");

    client.sql(INSERT_CODE).param("A-2").update(first);
    client.sql(INSERT_CODE).param("A-3").update(second, "id");

    assertEquals(42, first.getKeyAs(Integer.class));
    assertEquals(Map.of("id", 43), second.getKeys());
  }

  @Test
  void keys_ofABatch_areAllGivenInOrder() {
    KeyHolder keys = new GeneratedKeyHolder();
    List<String> codes = List.of("A-1", "A-2", "A-3");

    template.batchUpdate(
        connection -> connection.prepareStatement(INSERT_CODE, Statement.RETURN_GENERATED_KEYS),
        new BatchPreparedStatementSetter() {
          @Override
          public void setValues(PreparedStatement statement, int i) throws SQLException {
            statement.setString(1, codes.get(i));
          }

          @Override
          public int getBatchSize() {
            return codes.size();
          }
        },
        keys);

    assertEquals(List.of(Map.of("id", 1), Map.of("id", 2), Map.of("id", 3)), keys.getKeyList());
  }

  @Test
  void keys_ofAnInsertOfSeveralRows_areAllGiven() {
    KeyHolder keys = new GeneratedKeyHolder();

    client.sql("INSERT INTO parcel(code) VALUES ('A-1'), ('A-2')").update(keys);

    assertEquals(List.of(Map.of("id", 1), Map.of("id", 2)), keys.getKeyList());
  }

  @Test
  void keys_ofAnInsertThatWasIgnored_areNone() {
    template.update(INSERT_CODE, "A-1");
    KeyHolder keys = new GeneratedKeyHolder();

    client.sql("INSERT OR IGNORE INTO parcel(code) VALUES ('A-1')").update(keys);

    assertEquals(List.of(), keys.getKeyList());
  }

  @Test
  void returning_insertAsAQuery_isCommitted() throws SQLException {
    Parcel parcel =
        client
            .sql("INSERT INTO parcel(code) VALUES (?) RETURNING *")
            .param("A-1")
            .query(Parcel.class)
            .single();

    assertEquals(Parcel.bare("A-1").withId(1), parcel);
    assertEquals(List.of("A-1"), codes(pool));
  }

  @Test
  void populator_schemaAsAScript_isRun() {
    ByteArrayResource script =
        new ByteArrayResource(
            """
            CREATE TABLE stop(id INTEGER PRIMARY KEY, parcel INTEGER REFERENCES parcel);
            CREATE INDEX stop_parcel ON stop(parcel); -- what a schema.sql holds
            INSERT INTO stop(parcel) VALUES (NULL);
            """
                .getBytes(UTF_8));

    new ResourceDatabasePopulator(script).execute(pool.dataSource());

    assertEquals(1, template.queryForObject("SELECT count(*) FROM stop", Integer.class));
  }

  @Test
  void vacuum_outsideOfATransaction_works() {
    template.update(INSERT_CODE, "A-1");

    template.execute("VACUUM");

    assertEquals(1, template.queryForObject("SELECT count(*) FROM parcel", Integer.class));
  }

  @Test
  void stream_ofManyRows_givesThemAllWhileOthersWrite() {
    try (Stream<Integer> numbers = client.sql(MANY_ROWS).query(SpringJdbcTest::number).stream()) {
      long sum = numbers.peek(this::insertEveryTenThousandth).mapToLong(Integer::longValue).sum();

      assertEquals(MANY * (MANY + 1L) / 2, sum);
    }
    assertEquals(10L, template.queryForObject("SELECT count(*) FROM parcel", Long.class));
  }

  private static int number(ResultSet row, int position) throws SQLException {
    return row.getInt("n");
  }

  private void insertEveryTenThousandth(int number) {
    if (number % 10_000 == 0) {
      template.update(INSERT_CODE, "A-" + number);
    }
  }

  @Test
  void stream_closedInTheMiddle_givesItsReaderBack() {
    // page: stream
    try (Stream<Integer> numbers = client.sql(MANY_ROWS).query(SpringJdbcTest::number).stream()) {
      numbers.limit(3).forEach(this::use);
    }
    // page end
    assertEquals(List.of(1, 1, 1), readersHeld);
    assertEquals(0, pool.stats().readers().held());
  }

  @Test
  void streams_asManyAsReaders_leaveNoneForOneMore() {
    try (Stream<Integer> first = client.sql(MANY_ROWS).query(SpringJdbcTest::number).stream();
        Stream<Integer> second = client.sql(MANY_ROWS).query(SpringJdbcTest::number).stream()) {
      assertEquals(2, first.iterator().next() + second.iterator().next());
      UncategorizedSQLException failure =
          assertThrows(UncategorizedSQLException.class, () -> template.queryForList("SELECT 1"));
      assertEquals(
          "25001", cause(SQLException.class, failure).getSQLState(), "at once, not in vain later");
    }
    assertEquals(1, template.queryForList("SELECT 1").size());
  }

  private void use(int number) {
    readersHeld.add(pool.stats().readers().held());
  }
}
