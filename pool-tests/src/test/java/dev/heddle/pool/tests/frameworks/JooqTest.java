package dev.heddle.pool.tests.frameworks;

import static java.util.Objects.requireNonNull;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.pool.SqlitePool;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jooq.Batch;
import org.jooq.BatchBindStep;
import org.jooq.Cursor;
import org.jooq.DSLContext;
import org.jooq.DataType;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Record2;
import org.jooq.Records;
import org.jooq.SQLDialect;
import org.jooq.Table;
import org.jooq.conf.FetchTriggerValuesAfterReturning;
import org.jooq.conf.Settings;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What programs do with jOOQ, without generated code. */
class JooqTest extends FrameworkFixture {

  private static final Table<Record> BOOK = table(name("book"));
  private static final Field<Long> ID = field(name("id"), SQLDataType.BIGINT);
  private static final Field<String> TITLE = field(name("title"), SQLDataType.VARCHAR);
  private static final Field<Integer> PAGES = field(name("pages"), SQLDataType.INTEGER);

  private record Book(long id, String title, Integer pages) {}

  /** What a transaction ends with that is to be rolled back. */
  private static final class Undo extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private final List<String> visited = new ArrayList<>();

  private SqlitePool pool;
  private DSLContext db;

  @BeforeEach
  void openPool() throws SQLException {
    pool = openEmpty();
    pool.useWriter(
        lease ->
            lease.script(
                """
                CREATE TABLE book(id INTEGER PRIMARY KEY, title TEXT NOT NULL UNIQUE, pages INTEGER);
                CREATE TABLE thing(value TEXT);
                """));
    // page: config
    Settings settings =
        new Settings().withFetchTriggerValuesAfterReturning(FetchTriggerValuesAfterReturning.NEVER);
    db = DSL.using(pool.dataSource(), SQLDialect.SQLITE, settings);
    // page end
  }

  private List<String> titles() {
    return db.select(TITLE).from(BOOK).orderBy(ID).fetch(TITLE);
  }

  private long insert(String title) {
    return requireNonNull(db.insertInto(BOOK, TITLE).values(title).returning(ID).fetchSingle(ID));
  }

  private static int pagesOf(DSLContext dsl, String title) {
    return requireNonNull(dsl.select(PAGES).from(BOOK).where(TITLE.eq(title)).fetchSingle(PAGES));
  }

  @Test
  void crud_ofOneRow_doesWhatItSays() {
    Long id = db.insertInto(BOOK, TITLE, PAGES).values("Dune", 412).returning(ID).fetchSingle(ID);
    db.update(BOOK).set(PAGES, 604).where(ID.eq(id)).execute();
    Book book =
        db.select(ID, TITLE, PAGES)
            .from(BOOK)
            .where(ID.eq(id))
            .fetchSingle(Records.mapping(Book::new));

    assertEquals(new Book(requireNonNull(id), "Dune", 604), book);
    assertEquals(1, db.deleteFrom(BOOK).where(ID.eq(id)).execute());
    assertEquals(List.of(), titles());
  }

  @Test
  void insert_withoutAValue_isNullWhenRead() {
    insert("Emma");

    assertNull(db.select(PAGES).from(BOOK).fetchSingle(PAGES));
  }

  @Test
  void fetchMaps_ofRows_haveTheColumnsNames() {
    long id = insert("Emma");

    assertEquals(
        List.of(Map.of("id", (int) id, "title", "Emma")),
        db.resultQuery("SELECT id, title FROM book").fetchMaps());
  }

  @Test
  void returning_ofSeveralRows_givesAllTheirKeys() {
    // page: keys
    List<Long> ids =
        db.insertInto(BOOK, TITLE)
            .values("Emma")
            .values("Dune")
            .values("Ulysses")
            .returning(ID)
            .fetch(ID);
    // page end

    assertEquals(ids, db.select(ID).from(BOOK).orderBy(ID).fetch(ID));
    assertEquals(3, ids.size());
  }

  @Test
  void returning_withJooqsDefaultsAmongManyThreads_givesEachItsOwnKey() {
    DSLContext plain = DSL.using(pool.dataSource(), SQLDialect.SQLITE);

    crowd(
        number -> {
          String title = "Volume " + number;
          Long id = plain.insertInto(BOOK, TITLE).values(title).returning(ID).fetchSingle(ID);
          assertEquals(title, db.select(TITLE).from(BOOK).where(ID.eq(id)).fetchSingle(TITLE));
        });
  }

  @Test
  void returning_ofRowsThatAreThere_givesTheKeysOfTheNewOnes() {
    insert("Dune");

    List<String> inserted =
        db.insertInto(BOOK, TITLE)
            .values("Emma")
            .values("Dune")
            .onConflictDoNothing()
            .returning(TITLE)
            .fetch(TITLE);

    assertEquals(List.of("Emma"), inserted);
  }

  @Test
  void batch_ofManyRows_insertsAll() {
    // page: batch
    BatchBindStep batch =
        db.batch(db.insertInto(BOOK, TITLE, PAGES).values((String) null, (Integer) null));
    for (int i = 0; i < 1000; i++) {
      batch = batch.bind("Volume " + i, i);
    }
    int[] counts = batch.execute();
    // page end

    assertArrayEquals(IntStream.range(0, 1000).map(i -> 1).toArray(), counts);
    assertEquals(1000, db.fetchCount(BOOK));
  }

  @Test
  void batch_withARowThatFails_insertsNothing() {
    BatchBindStep batch = db.batch(db.insertInto(BOOK, TITLE).values((String) null));
    Batch three = batch.bind("Emma").bind("Dune").bind("Emma");

    DataAccessException failure = assertThrows(DataAccessException.class, three::execute);

    assertEquals("23505", failure.sqlState());
    assertEquals(List.of(), titles());
  }

  @Test
  void transaction_thatReturns_isCommitted() {
    // page: transaction
    Long id =
        db.transactionResult(
            transaction -> {
              DSLContext tx = transaction.dsl();
              Long dune = tx.insertInto(BOOK, TITLE).values("Dune").returning(ID).fetchSingle(ID);
              tx.update(BOOK).set(PAGES, 604).where(ID.eq(dune)).execute();
              return dune;
            });
    // page end

    assertEquals(604, db.select(PAGES).from(BOOK).where(ID.eq(id)).fetchSingle(PAGES));
  }

  @Test
  void transaction_thatThrows_isRolledBack() {
    insert("Emma");

    assertThrows(
        Undo.class,
        () ->
            db.transaction(
                transaction -> {
                  transaction.dsl().insertInto(BOOK, TITLE).values("Dune").execute();
                  throw new Undo();
                }));

    assertEquals(List.of("Emma"), titles());
  }

  @Test
  void nestedTransaction_thatThrows_isRolledBackAlone() {
    db.transaction(
        outer -> {
          outer.dsl().insertInto(BOOK, TITLE).values("Emma").execute();
          assertThrows(
              Undo.class,
              () ->
                  outer
                      .dsl()
                      .transaction(
                          inner -> {
                            inner.dsl().insertInto(BOOK, TITLE).values("Dune").execute();
                            throw new Undo();
                          }));
          outer.dsl().transaction(i -> i.dsl().insertInto(BOOK, TITLE).values("Ulysses").execute());
        });

    assertEquals(List.of("Emma", "Ulysses"), titles());
  }

  @Test
  void fetchLazy_ofManyRows_givesThemAllWhileOthersWrite() {
    db.execute(
        "INSERT INTO book(title)"
            + " WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 20000)"
            + " SELECT 'Volume ' || n FROM c");

    // page: lazy
    try (Cursor<Record2<Long, String>> books = db.select(ID, TITLE).from(BOOK).fetchLazy()) {
      for (Record2<Long, String> book : books) {
        visit(book);
      }
    }
    // page end

    assertEquals(20_000, visited.size());
    assertEquals(visited.size(), Set.copyOf(visited).size(), "different rows");
    assertEquals(4, db.fetchCount(BOOK, PAGES.eq(1)));
  }

  /** Writes now and then. */
  private void visit(Record2<Long, String> book) {
    visited.add(book.value2());
    if (visited.size() % 5_000 == 1) {
      assertEquals(1, pool.stats().readers().held(), "readers that the result has");
      db.update(BOOK).set(PAGES, 1).where(ID.eq(book.value1())).execute();
    }
  }

  @Test
  void fetchLazy_closedEarly_givesItsReaderBack() {
    db.execute("INSERT INTO book(title) VALUES ('Emma'), ('Dune')");
    try (Cursor<Record> books = db.select().from(BOOK).fetchLazy()) {
      books.fetchNext();
    }

    assertEquals(0, pool.stats().readers().held());
  }

  static Stream<Arguments> values() {
    return Stream.of(
        Arguments.of(SQLDataType.LOCALDATE, LocalDate.of(2026, 3, 29)),
        Arguments.of(SQLDataType.LOCALTIME, LocalTime.of(23, 59, 58)),
        // An hour that does not exist in many time zones.
        Arguments.of(SQLDataType.LOCALDATETIME, LocalDateTime.of(2026, 3, 29, 2, 30, 15)),
        Arguments.of(
            SQLDataType.LOCALDATETIME, LocalDateTime.of(2026, 11, 22, 10, 15, 30, 123_000_000)),
        Arguments.of(
            SQLDataType.OFFSETDATETIME, OffsetDateTime.parse("2026-11-22T10:15:30.123+05:30")),
        Arguments.of(SQLDataType.INSTANT, Instant.parse("2026-11-22T10:15:30.123Z")),
        Arguments.of(SQLDataType.UUID, UUID.fromString("0188c0de-5eed-7000-8000-00c0ffee0001")),
        Arguments.of(SQLDataType.NUMERIC, new BigDecimal("12345678901234567890.0123456789")),
        Arguments.of(SQLDataType.DOUBLE, 0.1),
        Arguments.of(SQLDataType.BOOLEAN, true),
        Arguments.of(SQLDataType.VARCHAR, "Brontë"));
  }

  @ParameterizedTest
  @MethodSource("values")
  <T> void value_ofAType_isReadAsItWasWritten(DataType<T> type, T value) {
    Field<T> field = field(name("value"), type);
    db.insertInto(table(name("thing")), field).values(value).execute();

    assertEquals(value, db.select(field).from(table(name("thing"))).fetchSingle(field));
    assertEquals(1, db.fetchCount(table(name("thing")), field.eq(value)));
  }

  @Test
  void manyThreads_readingAndWriting_loseNothing() {
    db.insertInto(BOOK, TITLE, PAGES).values("counter", 0).execute();

    crowd(
        number -> {
          insert("first of " + number);
          db.transaction(
              transaction -> {
                DSLContext tx = transaction.dsl();
                tx.insertInto(BOOK, TITLE).values("second of " + number).execute();
                int pages = pagesOf(tx, "counter");
                tx.update(BOOK).set(PAGES, pages + 1).where(TITLE.eq("counter")).execute();
              });
          assertEquals(2, db.fetchCount(BOOK, TITLE.endsWith(" of " + number)));
        });

    assertEquals(1 + 2 * CROWD, db.fetchCount(BOOK));
    assertEquals(CROWD, pagesOf(db, "counter"));
  }
}
