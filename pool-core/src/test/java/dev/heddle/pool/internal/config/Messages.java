package dev.heddle.pool.internal.config;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Objects;
import org.junit.jupiter.api.function.Executable;

/** What errors say. */
public final class Messages {

  private Messages() {}

  /** The message of the {@link IllegalArgumentException} that the action has to throw. */
  public static String refusal(Executable action) {
    return of(IllegalArgumentException.class, action);
  }

  /** The message of the exception, of exactly this kind or a special one, that has to be thrown. */
  public static String of(Class<? extends Throwable> kind, Executable action) {
    return Objects.requireNonNull(assertThrows(kind, action).getMessage());
  }
}
