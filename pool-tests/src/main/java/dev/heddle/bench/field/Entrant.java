package dev.heddle.bench.field;

import com.zaxxer.hikari.HikariDataSource;
import dev.heddle.bench.Contenders;
import dev.heddle.bench.OtherPools;
import io.agroal.api.AgroalDataSource;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.vibur.dbcp.ViburDBCPDataSource;

/** Who may take part. */
enum Entrant {
  HEDDLE("Heddle(%d)", "yes"),
  HEDDLE_OFF("Heddle(%d), carriers=off", "yes"),
  HIKARI("HikariCP(%d)", "no"),
  /** With as many carriers as Heddle makes of the scheduler. */
  HIKARI_CARRIERS("HikariCP(%d), as many carriers", "no"),
  HIKARI_ONE("HikariCP(1)", "no"),
  HIKARI_SPLIT("HikariCP(1 writer + %d)", "no"),
  AGROAL("Agroal(%d)", "no"),
  VIBUR("Vibur(%d)", "yes"),
  /** On platform threads, each with a connection of its own. */
  DRIVER("driver, a connection per thread", "by hand"),
  /** The driver as it comes, asking for generated keys. */
  DRIVER_KEYS("driver, with generated keys", "by hand"),
  C("C, a connection per thread", "by hand"),
  PYTHON("Python", "yes");

  /** Writers that meet inside SQLite wait there. */
  private static final Duration BUSY_TIMEOUT = Duration.ofSeconds(60);

  /** Outside of the JVM. */
  static final List<Entrant> PROGRAMS = List.of(C, PYTHON);

  private final String label;

  /** Whether statements are kept between two operations. */
  final String statements;

  Entrant(String label, String statements) {
    this.label = label;
    this.statements = statements;
  }

  /** On the command line. */
  String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Entrant of(String key) {
    return valueOf(key.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /** In tables. */
  String label(int connections) {
    return label.formatted(connections);
  }

  /** Whether it is a pool, which threads of any kind and number can share. */
  boolean isPool() {
    return switch (this) {
      case DRIVER, DRIVER_KEYS, C, PYTHON -> false;
      default -> true;
    };
  }

  Contender open(Path file, int connections, String synchronous) throws SQLException {
    return switch (this) {
      case HEDDLE, HEDDLE_OFF ->
          new HeddleContender(
              Contenders.heddle(file, connections, synchronous, this == HEDDLE), connections);
      case HIKARI, HIKARI_CARRIERS -> hikari(file, connections, synchronous);
      case HIKARI_ONE -> hikari(file, 1, synchronous);
      case HIKARI_SPLIT -> {
        HikariDataSource readers = hikariPool(file, connections, synchronous);
        HikariDataSource writer = hikariPool(file, 1, synchronous);
        yield PoolContender.split(
            readers,
            connections,
            writer,
            () -> {
              readers.close();
              writer.close();
            });
      }
      case AGROAL -> {
        AgroalDataSource pool =
            OtherPools.agroal(
                file, connections, Contenders.driverProperties(synchronous, BUSY_TIMEOUT));
        yield PoolContender.of(pool, connections, pool::close);
      }
      case VIBUR -> {
        ViburDBCPDataSource pool =
            OtherPools.vibur(
                file, connections, Contenders.driverProperties(synchronous, BUSY_TIMEOUT));
        yield PoolContender.of(pool, connections, pool::close);
      }
      case DRIVER, DRIVER_KEYS ->
          new DriverContender(
              file, Contenders.driverProperties(synchronous, BUSY_TIMEOUT), this == DRIVER_KEYS);
      case C, PYTHON -> throw new IllegalArgumentException(this + " is a program of its own");
    };
  }

  private static PoolContender hikari(Path file, int connections, String synchronous) {
    HikariDataSource pool = hikariPool(file, connections, synchronous);
    return PoolContender.of(pool, connections, pool::close);
  }

  private static HikariDataSource hikariPool(Path file, int connections, String synchronous) {
    return Contenders.hikari(file, connections, BUSY_TIMEOUT, synchronous);
  }
}
