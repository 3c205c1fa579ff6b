package dev.heddle.pool.tests.frameworks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.tests.frameworks.MyBatisParcels.Item;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.ibatis.cursor.Cursor;
import org.apache.ibatis.session.ExecutorType;
import org.apache.ibatis.session.SqlSession;
import org.apache.ibatis.session.SqlSessionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** MyBatis' mappers: rows, columns, keys, batches, streams. */
class MyBatisTest extends ParcelFixture {

  private SqlitePool pool;
  private SqlSessionFactory sessions;

  /** While the rows of a cursor are used. */
  private final List<Integer> readersHeld = new ArrayList<>();

  @BeforeEach
  void openThePool() throws SQLException {
    pool = parcels();
    sessions = MyBatisParcels.sessions(pool.dataSource());
  }

  private static MyBatisParcels mapper(SqlSession session) {
    return session.getMapper(MyBatisParcels.class);
  }

  static List<Parcel> fullAndBare() {
    return List.of(Parcel.full("A-1"), Parcel.bare("A-2"));
  }

  @Test
  void mapper_insertsUpdatesAndDeletes_areSeenByTheNextQuery() throws SQLException {
    // page: session
    try (SqlSession session = sessions.openSession()) {
      MyBatisParcels parcels = session.getMapper(MyBatisParcels.class);
      Item item = new Item("A-1");
      parcels.insert(item); // fills item.id
      parcels.weigh(item.id, 900);
      session.commit();
    }
    // page end
    try (SqlSession session = sessions.openSession(true)) {
      MyBatisParcels parcels = mapper(session);
      assertEquals(List.of("A-1"), parcels.codes());
      assertEquals(900, parcels.row(1).get("grams"));
      assertEquals(1, parcels.deleteAll());
      assertEquals(List.of(), parcels.codes());
    }
    assertEquals(List.of(), codes(pool));
  }

  @ParameterizedTest
  @MethodSource("fullAndBare")
  void mapper_recordOfAllTypes_comesBackAsItWas(Parcel parcel) {
    try (SqlSession session = sessions.openSession(true)) {
      mapper(session).insertWhole(parcel);

      assertEquals(parcel.withId(1), mapper(session).get(1));
    }
  }

  @Test
  void instants_asMyBatisBindsThem_areReadByLeases() throws SQLException {
    Parcel parcel = Parcel.full("A-1");
    try (SqlSession session = sessions.openSession(true)) {
      mapper(session).insertWhole(parcel);
    }

    assertEquals(
        Optional.ofNullable(parcel.seen()),
        pool.read(
            lease -> lease.queryOne("SELECT seen FROM parcel", row -> row.get(1, Instant.class))));
    assertEquals(1, count(pool, "typeof(seen) = 'integer'"));
  }

  @Test
  void rows_byName_holdColumnsButNoNulls() {
    try (SqlSession session = sessions.openSession(true)) {
      mapper(session).insert(new Item("A-1"));

      Map<String, @Nullable Object> row = mapper(session).row(1);

      assertEquals("A-1", row.get("code"));
      assertFalse(row.containsKey("grams"), "as MyBatis does unless callSettersOnNulls is set");
    }
  }

  @Test
  void batch_ofManyRows_storesEveryRowAndGivesItsKey() throws SQLException {
    List<Item> items = Stream.of("A-1", "A-2", "A-3").map(Item::new).toList();
    // page: batch
    try (SqlSession session = sessions.openSession(ExecutorType.BATCH)) {
      MyBatisParcels parcels = session.getMapper(MyBatisParcels.class);
      items.forEach(parcels::insert);
      session.commit();
    }
    // page end
    assertEquals(List.of(1L, 2L, 3L), items.stream().map(item -> item.id).toList());
    assertEquals(List.of("A-1", "A-2", "A-3"), codes(pool));
  }

  @Test
  void keys_ofAnInsertOfSeveralRows_areAllGiven() {
    List<Item> items = List.of(new Item("A-1"), new Item("A-2"));
    try (SqlSession session = sessions.openSession(true)) {
      mapper(session).insertAll(items);
    }
    assertEquals(List.of(1L, 2L), items.stream().map(item -> item.id).toList());
  }

  @Test
  void keys_ofAnInsertThatWasIgnored_areNone() {
    Item second = new Item("A-1");
    try (SqlSession session = sessions.openSession(true)) {
      mapper(session).insert(new Item("A-1"));

      assertEquals(0, mapper(session).insertOrIgnore(second));
    }
    assertEquals(0, second.id);
  }

  @Test
  void returning_insertAsAQuery_isCommitted() throws SQLException {
    try (SqlSession session = sessions.openSession(true)) {
      assertEquals(Parcel.bare("A-1").withId(1), mapper(session).insertReturning("A-1"));
    }
    assertEquals(List.of("A-1"), codes(pool));
  }

  @Test
  void cursor_overManyRows_givesThemAllWhileOthersWrite() throws IOException, SQLException {
    long sum = 0;
    try (SqlSession session = sessions.openSession(true);
        Cursor<Integer> numbers = mapper(session).manyNumbers()) {
      for (int number : numbers) {
        sum += number;
        if (number % 10_000 == 0) {
          insert(pool, "A-" + number);
        }
      }
    }
    assertEquals(MANY * (MANY + 1L) / 2, sum);
    assertEquals(10, count(pool, "true"));
  }

  @Test
  void cursor_closedInTheMiddle_givesItsReaderBack() throws IOException {
    try (SqlSession session = sessions.openSession(true)) {
      MyBatisParcels parcels = session.getMapper(MyBatisParcels.class);
      // page: stream
      try (Cursor<Integer> numbers = parcels.manyNumbers()) {
        for (int number : numbers) {
          if (!isWanted(number)) {
            break;
          }
        }
      }
      // page end
      assertEquals(List.of(1, 1, 1), readersHeld);
      assertEquals(0, pool.stats().readers().held());
    }
  }

  private boolean isWanted(int number) {
    readersHeld.add(pool.stats().readers().held());
    return number < 3;
  }
}
