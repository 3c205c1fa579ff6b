package dev.heddle.bench;

import com.zaxxer.hikari.HikariDataSource;
import io.agroal.api.AgroalDataSource;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.vibur.dbcp.ViburDBCPDataSource;

/** What the figures were measured with. */
public final class Machine {

  private Machine() {}

  /** What is in a table's head, and beside the raw figures; {@code file} tells the file system. */
  public static Map<String, String> describe(Path file) throws SQLException, IOException {
    Runtime runtime = Runtime.getRuntime();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("machine", processor() + ", " + runtime.availableProcessors() + " processors");
    facts.put("load", load());
    facts.put("system", property("os.name") + " " + property("os.version"));
    facts.put("java", property("java.vm.name") + " " + property("java.vm.version"));
    facts.put("sqlite", sqlite() + " by sqlite-jdbc " + version(org.sqlite.JDBC.class));
    facts.put("HikariCP", version(HikariDataSource.class));
    facts.put("Agroal", version(AgroalDataSource.class));
    facts.put("Vibur", version(ViburDBCPDataSource.class));
    facts.put("files", "on " + store(file));
    return facts;
  }

  private static String store(Path file) throws IOException {
    return Files.getFileStore(file).type();
  }

  private static String property(String name) {
    return String.valueOf(System.getProperty(name));
  }

  private static String load() {
    return String.format(
        Locale.ROOT,
        "%.1f before the start",
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  private static String processor() {
    try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(property("os.arch"));
    } catch (IOException e) {
      return property("os.arch");
    }
  }

  private static String sqlite() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT sqlite_version()")) {
      return String.valueOf(result.getString(1));
    }
  }

  /** The version is in the name of the jar. */
  private static String version(Class<?> type) {
    String jar = type.getProtectionDomain().getCodeSource().getLocation().getPath();
    return jar.substring(jar.lastIndexOf('/') + 1).replaceAll("^[A-Za-z-]+|\\.jar$", "");
  }
}
