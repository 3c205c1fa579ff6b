package dev.heddle.pool.tests.frameworks;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import liquibase.GlobalConfiguration;
import liquibase.Scope;
import liquibase.analytics.configuration.AnalyticsArgs;
import liquibase.changelog.visitor.AbstractChangeExecListener;
import liquibase.changelog.visitor.ChangeExecListener;
import liquibase.command.CommandScope;
import liquibase.command.core.StatusCommandStep;
import liquibase.command.core.UpdateCommandStep;
import liquibase.command.core.helpers.ChangeExecListenerCommandStep;
import liquibase.command.core.helpers.DatabaseChangelogCommandStep;
import liquibase.command.core.helpers.DbUrlConnectionArgumentsCommandStep;
import liquibase.database.Database;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.ui.LoggerUIService;

/** Liquibase's commands on a data source, without a word to the console or over the network. */
final class Updates {

  /** Kept, since a logger that nobody holds forgets its level. */
  private static final Logger LOGGER = Logger.getLogger("liquibase");

  static {
    LOGGER.setLevel(Level.OFF);
  }

  private static final Map<String, Object> SETTINGS =
      Map.of(
          Scope.Attr.ui.name(),
          new LoggerUIService(),
          AnalyticsArgs.ENABLED.getKey(),
          false,
          // Seconds between two looks at the change-log lock.
          GlobalConfiguration.CHANGELOGLOCK_POLL_RATE.getKey(),
          1L,
          "liquibase.command.showSummaryOutput",
          "LOG");

  private Updates() {}

  /** What Liquibase does in it, it does without a word. */
  static void quietly(Scope.ScopedRunner<?> work) throws Exception {
    Scope.child(SETTINGS, work);
  }

  static void update(DataSource source, String changelog) throws Exception {
    update(source, changelog, new AbstractChangeExecListener() {});
  }

  static void update(DataSource source, String changelog, ChangeExecListener listener)
      throws Exception {
    run(
        source,
        changelog,
        new CommandScope(UpdateCommandStep.COMMAND_NAME)
            .addArgumentValue(ChangeExecListenerCommandStep.CHANGE_EXEC_LISTENER_ARG, listener));
  }

  /** What Liquibase says about the change sets that are still to be run. */
  static String status(DataSource source, String changelog) throws Exception {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    run(source, changelog, new CommandScope(StatusCommandStep.COMMAND_NAME).setOutput(output));
    return output.toString(StandardCharsets.UTF_8);
  }

  private static void run(DataSource source, String changelog, CommandScope command)
      throws Exception {
    try (Connection connection = source.getConnection()) {
      Database database =
          DatabaseFactory.getInstance()
              .findCorrectDatabaseImplementation(new JdbcConnection(connection));
      command
          .addArgumentValue(DbUrlConnectionArgumentsCommandStep.DATABASE_ARG, database)
          .addArgumentValue(
              DatabaseChangelogCommandStep.CHANGELOG_FILE_ARG, "liquibase/" + changelog);
      quietly(command::execute);
    }
  }
}
