package dev.heddle.pool.internal.config;

import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The value of every option and every pragma, checked. Immutable.
 *
 * <p>Two are equal when all values are, whoever gave them: a default that somebody wrote down is
 * still the same setting.
 */
public final class Settings {

  private final Map<Option, Given> options;
  private final SortedMap<String, Pragma> pragmas;

  /** Takes what was given, {@code database} included, and adds the defaults. */
  Settings(Map<Option, Given> options, SortedMap<String, Pragma> pragmas) {
    this.options = withDefaults(options);
    this.pragmas = withDefaults(pragmas);
  }

  private static Map<Option, Given> withDefaults(Map<Option, Given> given) {
    Map<Option, Given> all = new EnumMap<>(given);
    Path database = (Path) Objects.requireNonNull(given.get(Option.DATABASE)).value();
    for (Option option : Option.values()) {
      all.computeIfAbsent(option, o -> new Given(o.defaultValue(database), Origin.DEFAULT));
    }
    return Collections.unmodifiableMap(all);
  }

  private static SortedMap<String, Pragma> withDefaults(SortedMap<String, Pragma> given) {
    SortedMap<String, Pragma> all = new TreeMap<>();
    for (PragmaFamily family : PragmaFamily.values()) {
      family
          .defaults()
          .forEach((name, value) -> add(all, new Pragma(family, name, value, Origin.DEFAULT)));
    }
    all.putAll(given);
    return Collections.unmodifiableSortedMap(all);
  }

  private static void add(SortedMap<String, Pragma> pragmas, Pragma pragma) {
    pragmas.put(pragma.key(), pragma);
  }

  /** The database file, as it was given: it may be relative to the working directory. */
  public Path database() {
    return value(Option.DATABASE, Path.class);
  }

  /** The pool's name. */
  public String name() {
    return text(Option.NAME);
  }

  /** The value of an option that is a whole number. */
  public int integer(Option option) {
    return value(option, Integer.class);
  }

  /** The value of an option that is a bound or none. */
  public OptionalInt limit(Option option) {
    return value(option, OptionalInt.class);
  }

  /** The value of an option that is a duration. */
  public Duration duration(Option option) {
    return value(option, Duration.class);
  }

  /** The value of an option that is a size, in bytes. */
  public long bytes(Option option) {
    return value(option, Long.class);
  }

  /** The value of any option, as text that can be given again. */
  public String text(Option option) {
    return Kind.show(given(option).value());
  }

  /** Whether the pool has readers only. */
  public boolean isReadOnly() {
    return text(Option.MODE).equals("read-only");
  }

  /** How many connections the pool has. */
  public int connections() {
    return integer(Option.READERS) + (isReadOnly() ? 0 : 1);
  }

  /** Whether the pool brings carrier threads for its connections. */
  public boolean reservesCarriers() {
    return text(Option.CARRIERS).equals("reserve");
  }

  /** Whether the stack of each acquisition is kept. */
  public boolean keepsStacks() {
    return text(Option.LEAK_REPORT_STACKS).equals("on");
  }

  /** Whether the plan of a slow statement is shown. */
  public boolean showsPlans() {
    return text(Option.SLOW_STATEMENT_PLAN).equals("on");
  }

  /** The permissions of new files; empty to leave them to the process umask. */
  public Optional<Set<PosixFilePermission>> filePermissions() {
    return switch (text(Option.FILE_PERMISSIONS)) {
      case "owner" -> Optional.of(PosixFilePermissions.fromString("rw-------"));
      case "group" -> Optional.of(PosixFilePermissions.fromString("rw-rw----"));
      default -> Optional.empty();
    };
  }

  /** The backup of which a database is made that is not there yet. */
  public Optional<Path> restoreFrom() {
    Optional<?> backup = value(Option.RESTORE_FROM, Optional.class);
    return backup.map(Path.class::cast);
  }

  /** The writer's pragmas, sorted by name, each name once. */
  public List<Pragma> writerPragmas() {
    return effective(PragmaFamily.WRITER);
  }

  /** The pragmas of each reader, sorted by name, each name once. */
  public List<Pragma> readerPragmas() {
    return effective(PragmaFamily.READERS);
  }

  private List<Pragma> effective(PragmaFamily own) {
    SortedMap<String, Pragma> byName = new TreeMap<>();
    for (PragmaFamily family : List.of(PragmaFamily.ALL, own)) {
      pragmas.values().stream()
          .filter(pragma -> pragma.family() == family)
          .forEach(pragma -> byName.put(pragma.name(), pragma));
    }
    return List.copyOf(byName.values());
  }

  private <T> T value(Option option, Class<T> type) {
    return type.cast(given(option).value());
  }

  private Given given(Option option) {
    return Objects.requireNonNull(options.get(option)); // the constructor filled in all
  }

  Map<Option, Given> options() {
    return options;
  }

  /** All pragmas by key. */
  SortedMap<String, Pragma> pragmas() {
    return pragmas;
  }

  /** Every key with its value, in a form that can be given again. */
  private Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    options.keySet().forEach(option -> texts.put(option.key(), text(option)));
    pragmas.forEach((key, pragma) -> texts.put(key, pragma.value()));
    return texts;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Settings that && texts().equals(that.texts());
  }

  @Override
  public int hashCode() {
    return texts().hashCode();
  }

  /** Every key with its value; what nobody gave is marked as a default. */
  @Override
  public String toString() {
    StringJoiner all = new StringJoiner(", ");
    options.forEach((option, given) -> all.add(shown(option.key(), text(option), given.origin())));
    pragmas.forEach((key, pragma) -> all.add(shown(key, pragma.value(), pragma.origin())));
    return all.toString();
  }

  private static String shown(String key, String text, Origin origin) {
    return key + "=" + text + (origin.equals(Origin.DEFAULT) ? " (default)" : "");
  }
}
