package dev.heddle.pool.tests.frameworks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.tests.frameworks.Library.Author;
import dev.heddle.pool.tests.frameworks.Library.Genre;
import dev.heddle.pool.tests.frameworks.Library.Loan;
import dev.heddle.pool.tests.frameworks.Library.Novel;
import jakarta.persistence.OptimisticLockException;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.hibernate.Hibernate;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.StatelessSession;
import org.hibernate.cfg.JdbcSettings;
import org.hibernate.stat.Statistics;
import org.hibernate.tool.schema.Action;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What programs do with Hibernate. */
class HibernateTest extends HibernateFixture {

  private final List<String> visited = new ArrayList<>();

  private SqlitePool pool;
  private SessionFactory factory;

  /** What a transaction ends with that is to be rolled back. */
  private static final class Undo extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  @BeforeEach
  void openPool() throws SQLException {
    pool = openEmpty();
    factory = factory(pool);
  }

  private Author stored(Author author) {
    factory.inTransaction(session -> session.persist(author));
    return author;
  }

  private List<String> names() {
    return factory.fromSession(
        session ->
            session
                .createSelectionQuery("select name from Author order by id", String.class)
                .getResultList());
  }

  @Test
  void schema_thatWasCreated_isValid() {
    SessionFactory second = opened(configuration(pool).schemaToolingAction(Action.VALIDATE));

    assertEquals(0L, count(second, "Author"));
  }

  private static long count(SessionFactory factory, String entity) {
    return factory.fromSession(
        session ->
            session
                .createSelectionQuery("select count(*) from " + entity, Long.class)
                .getSingleResult());
  }

  @Test
  void crud_ofAnEntity_doesWhatItSays() {
    Author austen = new Author("Austen");
    factory.inTransaction(session -> session.persist(austen));
    factory.inTransaction(session -> session.find(Author.class, austen.id()).awards++);
    long awards = factory.fromSession(session -> session.find(Author.class, austen.id()).awards);

    assertEquals(1, awards);
    factory.inTransaction(session -> session.remove(session.find(Author.class, austen.id())));
    assertEquals(List.of(), names());
  }

  @Test
  void identity_ofSeveralEntities_isEachRowsOwn() {
    Author austen = stored(new Author("Austen"));
    Author joyce = stored(new Author("Joyce"));

    assertEquals("Austen", factory.fromSession(s -> s.find(Author.class, austen.id()).name));
    assertEquals("Joyce", factory.fromSession(s -> s.find(Author.class, joyce.id()).name));
  }

  @Test
  void identity_asTheDialectAsksForItAmongManyThreads_isEachRowsOwn() {
    SessionFactory plain =
        opened(configuration(pool).property(JdbcSettings.USE_GET_GENERATED_KEYS, false));

    crowd(
        number -> {
          Author author = new Author("author " + number);
          try (StatelessSession session = plain.openStatelessSession()) {
            session.insert(author);
            assertEquals(author.name, session.get(Author.class, author.id()).name);
          }
        });
  }

  @Test
  void transaction_thatThrows_isRolledBack() {
    stored(new Author("Austen"));

    assertThrows(
        Undo.class,
        () ->
            factory.inTransaction(
                session -> {
                  session.persist(new Author("Joyce"));
                  session.flush();
                  throw new Undo();
                }));

    assertEquals(List.of("Austen"), names());
  }

  @Test
  void merge_ofAnEntityThatWasChangedSince_isRefused() {
    Author stale = stored(new Author("Austen"));
    factory.inTransaction(session -> session.find(Author.class, stale.id()).awards = 1);
    stale.awards = 2;

    assertThrows(
        OptimisticLockException.class,
        () -> factory.inTransaction(session -> session.merge(stale)));

    assertEquals(1, factory.fromSession(s -> s.find(Author.class, stale.id()).awards).longValue());
  }

  @Test
  void lazyCollection_isLoadedWhenItIsAskedFor() {
    long id =
        stored(new Author("Austen").with(new Novel("Emma")).with(new Novel("Persuasion"))).id();

    factory.inSession(
        session -> {
          Author austen = session.find(Author.class, id);
          assertFalse(Hibernate.isInitialized(austen.novels));
          assertEquals(
              List.of("Emma", "Persuasion"), austen.novels.stream().map(n -> n.title).toList());
        });
  }

  @Test
  void attributes_ofEachType_areReadAsTheyWereWritten() {
    Novel emma = new Novel("Emma");
    emma.genre = Genre.SATIRE;
    emma.price = new BigDecimal("12345678901234567890.10");
    emma.isbn = UUID.fromString("0188c0de-5eed-7000-8000-00c0ffee0001");
    emma.published = LocalDate.of(1815, 12, 23);
    // An hour that does not exist in many time zones.
    emma.printed = LocalDateTime.of(2026, 3, 29, 2, 30, 15, 123_456_000);
    emma.borrowed = Instant.parse("2026-11-22T10:15:30.123456Z");
    emma.lent = true;
    factory.inTransaction(session -> session.persist(emma));

    Novel read =
        factory.fromSession(
            session -> session.createSelectionQuery("from Novel", Novel.class).getSingleResult());

    assertEquals(Genre.SATIRE, read.genre);
    assertEquals(emma.price, read.price);
    assertEquals(emma.isbn, read.isbn);
    assertEquals(emma.published, read.published);
    assertEquals(emma.printed, read.printed);
    assertEquals(emma.borrowed, read.borrowed);
    assertTrue(read.lent);
  }

  @Test
  void attributes_thatAreNull_areNullWhenRead() {
    factory.inTransaction(session -> session.persist(new Novel("Emma")));

    Novel read =
        factory.fromSession(
            session -> session.createSelectionQuery("from Novel", Novel.class).getSingleResult());

    assertEquals(
        0,
        Stream.of(read.author, read.genre, read.price, read.isbn, read.published, read.printed)
            .filter(value -> value != null)
            .count());
  }

  @Test
  void query_byEachType_findsTheRow() {
    Instant borrowed = Instant.parse("2026-11-22T10:15:30.5Z");
    UUID isbn = UUID.randomUUID();
    Novel emma = new Novel("Emma");
    emma.isbn = isbn;
    emma.borrowed = borrowed;
    emma.printed = LocalDateTime.of(2026, 11, 22, 10, 15, 30);
    factory.inTransaction(session -> session.persist(emma));

    List<String> found =
        factory.fromSession(
            session ->
                session
                    .createSelectionQuery(
                        "select title from Novel where isbn = :isbn and borrowed = :borrowed"
                            + " and borrowed > :before and printed < :after",
                        String.class)
                    .setParameter("isbn", isbn)
                    .setParameter("borrowed", borrowed)
                    .setParameter("before", borrowed.minusNanos(1000))
                    .setParameter("after", LocalDateTime.of(2026, 11, 22, 10, 15, 31))
                    .getResultList());

    assertEquals(List.of("Emma"), found);
  }

  @Test
  void batch_ofManyEntities_isFewStatements() {
    Statistics statistics = factory.getStatistics();
    statistics.setStatisticsEnabled(true);

    // page: batch
    factory.inTransaction(
        session -> {
          for (int i = 0; i < 1000; i++) {
            session.persist(new Loan("Reader " + i));
          }
        });
    // page end

    assertEquals(1000L, count(factory, "Loan"));
    assertTrue(statistics.getPrepareStatementCount() < 100, statistics::toString);
  }

  @Test
  void statelessSession_withoutTransaction_insertsAndKnowsTheId() {
    Author austen = new Author("Austen");
    Author joyce = new Author("Joyce");
    // page: stateless
    try (StatelessSession session = factory.openStatelessSession()) {
      session.insert(austen);
      session.insertMultiple(List.of(joyce, new Author("Woolf")));
    }
    // page end

    assertEquals(List.of("Austen", "Joyce", "Woolf"), names());
    assertEquals("Joyce", factory.fromSession(s -> s.find(Author.class, joyce.id()).name));
    assertEquals("Austen", factory.fromSession(s -> s.find(Author.class, austen.id()).name));
  }

  @Test
  void resultStream_ofManyRows_givesThemAllWhileOthersWrite() {
    factory.inTransaction(
        session ->
            IntStream.range(0, 20_000).forEach(i -> session.persist(new Loan("Reader " + i))));

    // page: stream
    try (StatelessSession session = factory.openStatelessSession();
        Stream<Loan> loans =
            session.createSelectionQuery("from Loan", Loan.class).getResultStream()) {
      loans.forEach(loan -> visit(loan));
    }
    // page end

    assertEquals(20_000, visited.size());
    assertEquals(visited.size(), Set.copyOf(visited).size(), "different rows");
    assertEquals(4, names().size());
  }

  /** Writes now and then. */
  private void visit(Loan loan) {
    visited.add(loan.reader);
    if (visited.size() % 5_000 == 1) {
      assertEquals(1, pool.stats().readers().held(), "readers that the result has");
      stored(new Author(loan.reader));
    }
  }

  @Test
  void stream_closedEarly_givesItsReaderBack() {
    stored(new Author("Austen"));
    try (Session session = factory.openSession()) {
      try (Stream<Author> authors =
          session.createSelectionQuery("from Author", Author.class).getResultStream()) {
        assertNotNull(authors.iterator().next());
      }
      assertEquals(0, pool.stats().readers().held());
    }
  }

  @Test
  void manyThreads_readingAndWriting_loseNothing() {
    long counter = stored(new Author("counter")).id();

    crowd(
        number -> {
          Author author = stored(new Author("author " + number).with(new Novel("a novel")));
          factory.inTransaction(
              session ->
                  session
                      .createMutationQuery("update Author set awards = awards + 1 where id = :id")
                      .setParameter("id", counter)
                      .executeUpdate());
          factory.inSession(
              session -> assertEquals(1, session.find(Author.class, author.id()).novels.size()));
        });

    assertEquals(1L + CROWD, count(factory, "Author"));
    assertEquals((long) CROWD, count(factory, "Novel"));
    assertEquals(CROWD, factory.fromSession(s -> s.find(Author.class, counter).awards).longValue());
  }
}
