package dev.heddle.pool.internal.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Which values an option takes, and how they are written. Each kind is immutable. */
public sealed interface Kind {

  /** The text for "no value", where that is allowed. */
  String NONE = "none";

  /** The value that a text stands for; empty if the text is not allowed. */
  Optional<?> parse(String text);

  /** What is allowed, as the end of "it takes …". */
  String allowed();

  /** The text form of a value of any kind: the one that {@link #parse} reads back. */
  static String show(Object value) {
    return switch (value) {
      case Duration duration -> showDuration(duration);
      case Long bytes when bytes >= 0 -> Scale.SIZE.show(bytes);
      case OptionalInt limit when limit.isPresent() -> Integer.toString(limit.getAsInt());
      case OptionalInt _ -> NONE;
      case Optional<?> file -> file.map(Object::toString).orElse(NONE);
      default -> value.toString();
    };
  }

  private static String showDuration(Duration duration) {
    boolean expressible =
        !duration.isNegative()
            && duration.getNano() % 1_000_000 == 0
            && duration.getSeconds() < Long.MAX_VALUE / 1_000;
    // otherwise only an error text shows it, and its own form says best what was given
    return expressible ? Scale.TIME.show(duration.toMillis()) : duration.toString();
  }

  private static Optional<Integer> integer(String text, int min, int max) {
    try {
      int number = Integer.parseInt(text);
      return number >= min && number <= max ? Optional.of(number) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** An {@link Integer}. */
  record Whole(int min, int max) implements Kind {
    @Override
    public Optional<Integer> parse(String text) {
      return integer(text, min, max);
    }

    @Override
    public String allowed() {
      return "a whole number from " + min + " to " + max;
    }
  }

  /** An {@link OptionalInt}: a bound, or none. */
  record Limit(int min) implements Kind {
    @Override
    public Optional<OptionalInt> parse(String text) {
      return text.equals(NONE)
          ? Optional.of(OptionalInt.empty())
          : integer(text, min, Integer.MAX_VALUE).map(OptionalInt::of);
    }

    @Override
    public String allowed() {
      return "a whole number from " + min + ", or " + NONE;
    }
  }

  /** A {@link Duration} of whole milliseconds. */
  record Time(Duration min, Duration max) implements Kind {
    @Override
    public Optional<Duration> parse(String text) {
      OptionalLong millis = Scale.TIME.parse(text);
      return millis.stream()
          .mapToObj(Duration::ofMillis)
          .filter(time -> time.compareTo(min) >= 0 && time.compareTo(max) <= 0)
          .findAny();
    }

    @Override
    public String allowed() {
      return "a duration such as 250ms, 5s, 2m or 1h, from " + show(min) + " to " + show(max);
    }
  }

  /** A {@link Long}: a number of bytes. */
  record Size(long min, long max) implements Kind {
    @Override
    public Optional<Long> parse(String text) {
      OptionalLong bytes = Scale.SIZE.parse(text);
      return bytes.stream().filter(size -> size >= min && size <= max).boxed().findAny();
    }

    @Override
    public String allowed() {
      return "a size such as 4096B, 512KiB, 64MiB or 1GiB, from " + show(min) + " to " + show(max);
    }
  }

  /** A {@link String} of a pattern, which {@code allowed} describes. */
  record Text(Pattern pattern, String allowed) implements Kind {
    @Override
    public Optional<String> parse(String text) {
      return Optional.of(text).filter(pattern.asMatchPredicate());
    }
  }

  /** A {@link String}: one of several words. */
  record Choice(List<String> words) implements Kind {
    @Override
    public Optional<String> parse(String text) {
      return Optional.of(text).filter(words::contains);
    }

    @Override
    public String allowed() {
      return "one of " + String.join(", ", words);
    }
  }

  /** A {@link Path} that can be a database. */
  record File() implements Kind {

    @Override
    public Optional<Path> parse(String text) {
      try {
        return isUrl(text) ? Optional.empty() : Optional.of(Path.of(text)).filter(File::namesAFile);
      } catch (InvalidPathException e) {
        return Optional.empty();
      }
    }

    // SQLite would take ":memory:" and "file:app.db" as something else than the name of a file
    private static boolean isUrl(String text) {
      String lower = text.toLowerCase(Locale.ROOT);
      return lower.startsWith("jdbc:") || lower.startsWith("file:") || lower.startsWith(":");
    }

    private static boolean namesAFile(Path path) {
      Path name = path.getFileName();
      return name != null && !name.toString().isBlank();
    }

    @Override
    public String allowed() {
      return "the path of a file: no URL, and not :memory: (use SqlitePool.ephemeral() for that)";
    }
  }

  /** An {@link Optional} of a {@link Path}: a file, or none. */
  record FileOrNone() implements Kind {

    private static final File FILE = new File();

    @Override
    public Optional<Optional<Path>> parse(String text) {
      if (text.equals(NONE)) {
        return Optional.of(Optional.empty());
      }
      Optional<Path> file = FILE.parse(text);
      return file.isPresent() ? Optional.of(file) : Optional.empty();
    }

    @Override
    public String allowed() {
      return "the path of a file, no URL; or " + NONE + " (write ./none for a file of that name)";
    }
  }
}
