package dev.heddle.bench.field;

import java.sql.SQLException;
import java.util.List;

/**
 * What a worker does with a contender: each call takes a connection, gives it back, and checks what
 * it has read. It returns the nanoseconds from asking for the connection until it was there.
 */
interface Operations extends AutoCloseable {

  /**
   * Takes a connection for reading and gives it back. In between the thread yields: nobody would
   * ever wait for a connection that is held for nanoseconds.
   */
  long hold() throws SQLException;

  /** One row by its key. */
  long read(long id) throws SQLException;

  /** A hundred rows by their keys, from the given one on, as a list of records. */
  long range(long first) throws SQLException;

  /** Ten thousand rows, each looked at and forgotten. */
  long scan() throws SQLException;

  /** A query that counts so far, and reads nothing. */
  long count(long steps) throws SQLException;

  /** One row inserted and committed. */
  long insert(double value) throws SQLException;

  /** Two rows updated and committed. */
  long transfer(long from, long to) throws SQLException;

  /** All the rows in one transaction, by whatever the contender has for many rows. */
  long batch(List<Rows.Item> items) throws SQLException;

  /** What the worker alone has. */
  @Override
  default void close() throws SQLException {}
}
