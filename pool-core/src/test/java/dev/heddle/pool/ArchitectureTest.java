package dev.heddle.pool;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The arrows between the packages, as they are drawn in {@code docs/architecture.md}. */
class ArchitectureTest {

  private static final String API = "dev.heddle.pool";
  private static final String INTERNAL = API + ".internal";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(API);

  /** Each room, and what it may see of this library besides itself. */
  @ParameterizedTest
  @CsvSource({
    "lane,    ''",
    "config,  ''",
    "events,  ''",
    "sqlite,  'config events'",
    "lease,   'events lane sqlite'",
    "jdbc,    'lease sqlite'",
    "upkeep,  'events lane lease sqlite'",
  })
  void room_seesOnlyTheRoomsBehindItsArrows(String room, String others) {
    String[] allowed =
        (room + " " + others)
            .strip()
            .lines()
            .flatMap(line -> java.util.Arrays.stream(line.split(" +")))
            .map(name -> INTERNAL + "." + name)
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage(INTERNAL + "." + room)
        .should()
        .dependOnClassesThat(
            JavaClass.Predicates.resideInAnyPackage(INTERNAL + "..")
                .and(DescribedPredicate.not(JavaClass.Predicates.resideInAnyPackage(allowed))))
        .check(CLASSES);
  }

  @ParameterizedTest
  @CsvSource({"lane", "config"})
  void pureRoom_seesOnlyJavaBase(String room) {
    noClasses()
        .that()
        .resideInAPackage(INTERNAL + "." + room)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "javax..", "org.sqlite..", "org.slf4j..", API)
        .check(CLASSES);
  }

  @Test
  void api_reachesInwardThroughPoolAndConfigOnly() {
    classes()
        .that()
        .resideInAPackage(API)
        .and()
        .doNotHaveSimpleName("SqlitePool")
        .and(DescribedPredicate.not(JavaClass.Predicates.assignableTo(PoolConfig.class)))
        .and(DescribedPredicate.not(JavaClass.Predicates.assignableTo(PoolConfig.Builder.class)))
        .should()
        .onlyDependOnClassesThat(
            DescribedPredicate.not(JavaClass.Predicates.resideInAnyPackage(INTERNAL + "..")))
        .check(CLASSES);
  }

  @Test
  void driver_isSeenByTheSqliteRoomOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackage(INTERNAL + ".sqlite")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.sqlite..")
        .check(CLASSES);
  }
}
