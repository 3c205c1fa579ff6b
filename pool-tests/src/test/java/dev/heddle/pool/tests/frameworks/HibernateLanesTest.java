package dev.heddle.pool.tests.frameworks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.tests.frameworks.Library.Author;
import dev.heddle.pool.tests.frameworks.Library.Novel;
import dev.heddle.pool.tests.frameworks.Library.Ticket;
import jakarta.persistence.QueryTimeoutException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import org.hibernate.JDBCException;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.StatelessSession;
import org.hibernate.exception.ConstraintViolationException;
import org.hibernate.exception.GenericJDBCException;
import org.hibernate.exception.JDBCConnectionException;
import org.hibernate.exception.SQLGrammarException;
import org.hibernate.tool.schema.Action;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Hibernate while the writer is taken: what only reads needs only a reader. And its exceptions. */
class HibernateLanesTest extends HibernateFixture {

  private static final String UNCOMMITTED =
      "INSERT INTO Author(awards, version, name) VALUES (0, 0, 'uncommitted')";

  private SqlitePool pool;
  private SessionFactory factory;

  @BeforeEach
  void openPool() throws SQLException {
    pool = openEmpty(IMPATIENT);
    factory = factory(pool);
    factory.inTransaction(session -> session.persist(new Author("Austen").with(new Novel("Emma"))));
  }

  private static List<String> names(Session session) {
    return session.createSelectionQuery("select name from Author", String.class).getResultList();
  }

  @Test
  void session_withoutTransaction_readsWithoutTheWriter() {
    try (OpenTransaction _ = OpenTransaction.after(pool, UNCOMMITTED)) {
      assertEquals(List.of("Austen"), factory.fromSession(HibernateLanesTest::names));
    }
  }

  @Test
  void statelessSession_withoutTransaction_readsWithoutTheWriter() {
    try (OpenTransaction _ = OpenTransaction.after(pool, UNCOMMITTED);
        StatelessSession session = factory.openStatelessSession()) {
      assertEquals("Austen", session.get(Author.class, 1L).name);
    }
  }

  @Test
  void readOnlySession_inATransaction_readsWithoutTheWriter() {
    try (OpenTransaction _ = OpenTransaction.after(pool, UNCOMMITTED)) {
      // page: read-only
      try (Session session = factory.withOptions().readOnly(true).openSession()) {
        session.beginTransaction();
        Author austen = session.find(Author.class, 1L);
        List<String> titles = austen.novels.stream().map(novel -> novel.title).toList();
        session.getTransaction().commit();
        // page end

        assertEquals(List.of("Emma"), titles);
        assertEquals(List.of("Austen"), names(session));
      }
    }
  }

  @Test
  void readOnlySession_inATransaction_seesOneSnapshot() {
    try (Session session = factory.withOptions().readOnly(true).openSession()) {
      session.beginTransaction();
      assertEquals(List.of("Austen"), names(session));

      factory.inTransaction(writing -> writing.persist(new Author("Joyce")));

      assertEquals(List.of("Austen"), names(session));
      session.getTransaction().commit();
      assertEquals(List.of("Austen", "Joyce"), names(session));
    }
  }

  @Test
  void readOnlySession_thatWrites_isRefused() {
    try (Session session = factory.withOptions().readOnly(true).openSession()) {
      session.beginTransaction();
      GenericJDBCException failure =
          assertThrows(
              GenericJDBCException.class,
              () -> session.createMutationQuery("update Author set awards = 1").executeUpdate());
      session.getTransaction().rollback();

      assertEquals("25006", failure.getSQLState());
    }
  }

  @Test
  void transaction_thatOnlyReads_waitsForTheWriterUnlessItsSessionIsReadOnly() {
    try (OpenTransaction _ = OpenTransaction.after(pool, UNCOMMITTED)) {
      JDBCConnectionException failure =
          assertThrows(
              JDBCConnectionException.class,
              () -> factory.inTransaction(session -> session.find(Author.class, 1L)));
      assertInstanceOf(SQLTransientConnectionException.class, failure.getSQLException());
    }
  }

  @Test
  void insert_ofATakenName_violatesAConstraint() {
    ConstraintViolationException failure =
        assertThrows(
            ConstraintViolationException.class,
            () -> factory.inTransaction(session -> session.persist(new Author("Austen"))));
    assertEquals("23505", failure.getSQLState());
  }

  @Test
  void query_ofAMissingTable_isAGrammarException() {
    assertThrows(
        SQLGrammarException.class,
        () ->
            factory.inSession(
                session ->
                    session.createNativeQuery("SELECT * FROM missing", Object.class).list()));
  }

  @Test
  void query_pastItsTimeout_isEnded() {
    assertThrows(
        QueryTimeoutException.class,
        () ->
            factory.inSession(
                session ->
                    session.createNativeQuery(ENDLESS, Long.class).setTimeout(1).getResultList()));
  }

  @Test
  void tableGenerator_afterAWriteOfTheTransaction_isRefusedAtOnce() {
    SessionFactory tickets =
        opened(configuration(pool).managedClass(Ticket.class).schemaToolingAction(Action.UPDATE));
    JDBCException failure =
        assertThrows(
            JDBCException.class,
            () ->
                tickets.inTransaction(
                    session -> {
                      session.persist(new Author("Joyce"));
                      session.persist(new Ticket());
                    }));

    assertEquals("25001", failure.getSQLState());
  }
}
