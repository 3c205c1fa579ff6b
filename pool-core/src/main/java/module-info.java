/**
 * A connection pool for SQLite made for virtual threads: one serialized writer lane, many readers,
 * leases in try-with-resources.
 */
module dev.heddle.pool {
  requires transitive java.sql;
  requires java.management;
  requires jdk.management;
  requires static jdk.jfr;
  requires org.slf4j;
  requires org.xerial.sqlitejdbc;
  requires static transitive org.jspecify;

  exports dev.heddle.pool;
}
