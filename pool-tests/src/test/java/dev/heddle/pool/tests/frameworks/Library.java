package dev.heddle.pool.tests.frameworks;

import jakarta.persistence.CascadeType;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToMany;
import jakarta.persistence.Version;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Entities: authors, their novels, and who borrowed what.
 *
 * <p>No column but an id is an {@code integer}: Hibernate leaves out the type of an identity column
 * when it has written that word before in the same {@code CREATE TABLE}, and then it is no rowid.
 */
final class Library {

  private Library() {}

  enum Genre {
    SATIRE,
    ROMANCE
  }

  /** With many novels, loaded when they are asked for. */
  @Entity(name = "Author")
  static class Author {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Column(columnDefinition = "integer")
    @Nullable Long id;

    @Version long version;

    @Column(nullable = false, unique = true)
    String name;

    long awards;

    @OneToMany(mappedBy = "author", cascade = CascadeType.ALL)
    List<Novel> novels = new ArrayList<>();

    /** For Hibernate. */
    Author() {
      this("");
    }

    Author(String name) {
      this.name = name;
    }

    Author with(Novel novel) {
      novels.add(novel);
      novel.author = this;
      return this;
    }

    long id() {
      if (id == null) {
        throw new AssertionError(name + " has no id");
      }
      return id;
    }
  }

  /** With an attribute of each type. */
  @Entity(name = "Novel")
  static class Novel {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Column(columnDefinition = "integer")
    @Nullable Long id;

    @ManyToOne(fetch = FetchType.LAZY)
    @JoinColumn(columnDefinition = "bigint")
    @Nullable Author author;

    String title;

    @Enumerated(EnumType.STRING)
    @Nullable Genre genre;

    @Column(columnDefinition = "text")
    @Nullable BigDecimal price;

    @Nullable UUID isbn;
    @Nullable LocalDate published;
    @Nullable LocalDateTime printed;
    @Nullable Instant borrowed;
    boolean lent;

    /** For Hibernate. */
    Novel() {
      this("");
    }

    Novel(String title) {
      this.title = title;
    }
  }

  /** With an id that needs no database. */
  @Entity(name = "Loan")
  static class Loan {
    @Id @GeneratedValue @Nullable UUID id;

    String reader;

    /** For Hibernate. */
    Loan() {
      this("");
    }

    Loan(String reader) {
      this.reader = reader;
    }
  }

  /** With an id that comes from a table, by way of another connection. */
  @Entity(name = "Ticket")
  static class Ticket {
    @Id
    @GeneratedValue(strategy = GenerationType.TABLE)
    @Nullable Long id;
  }
}
