package dev.heddle.pool.tests.frameworks;

import dev.heddle.pool.SqlitePool;
import dev.heddle.pool.tests.frameworks.Library.Author;
import dev.heddle.pool.tests.frameworks.Library.Loan;
import dev.heddle.pool.tests.frameworks.Library.Novel;
import java.util.ArrayList;
import java.util.List;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.BatchSettings;
import org.hibernate.cfg.JdbcSettings;
import org.hibernate.cfg.MappingSettings;
import org.hibernate.jpa.HibernatePersistenceConfiguration;
import org.hibernate.tool.schema.Action;
import org.junit.jupiter.api.AfterEach;

/** Session factories on pools. */
abstract class HibernateFixture extends FrameworkFixture {

  private final List<SessionFactory> factories = new ArrayList<>();

  /** A factory that the fixture closes, of a library whose tables it creates. */
  final SessionFactory factory(SqlitePool pool) {
    return opened(configuration(pool).schemaToolingAction(Action.CREATE_ONLY));
  }

  final SessionFactory opened(HibernatePersistenceConfiguration configuration) {
    SessionFactory factory = configuration.createEntityManagerFactory();
    factories.add(factory);
    return factory;
  }

  static HibernatePersistenceConfiguration configuration(SqlitePool pool) {
    // page: config
    HibernatePersistenceConfiguration configuration =
        new HibernatePersistenceConfiguration("library")
            .managedClasses(Author.class, Novel.class, Loan.class)
            .property(JdbcSettings.JAKARTA_NON_JTA_DATASOURCE, pool.dataSource())
            .property(JdbcSettings.DIALECT, "org.hibernate.community.dialect.SQLiteDialect")
            .property(JdbcSettings.USE_GET_GENERATED_KEYS, true)
            .property(BatchSettings.STATEMENT_BATCH_SIZE, 50)
            .property(MappingSettings.JAVA_TIME_USE_DIRECT_JDBC, true)
            .property(MappingSettings.PREFERRED_INSTANT_JDBC_TYPE, "INSTANT");
    // page end
    return configuration;
  }

  @AfterEach
  final void closeFactories() {
    factories.forEach(SessionFactory::close);
  }
}
