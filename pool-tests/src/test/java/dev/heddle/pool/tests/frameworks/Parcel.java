package dev.heddle.pool.tests.frameworks;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table {@link ParcelFixture#TABLE}, with a type of each sort that frameworks map.
 *
 * @param id given by the database
 * @param code unique, not null
 * @param grams positive
 * @param price text, with all its digits
 * @param token text
 * @param due text
 * @param opens text
 * @param packed text
 * @param seen text or epoch milliseconds
 */
public record Parcel(
    @Nullable Long id,
    String code,
    @Nullable Integer grams,
    @Nullable BigDecimal price,
    @Nullable UUID token,
    @Nullable LocalDate due,
    @Nullable LocalTime opens,
    @Nullable LocalDateTime packed,
    @Nullable Instant seen) {

  /** Only what must be there. */
  static Parcel bare(String code) {
    return new Parcel(null, code, null, null, null, null, null, null, null);
  }

  /** A value in each column; times have no more digits than every framework keeps. */
  static Parcel full(String code) {
    return new Parcel(
        null,
        code,
        1_250,
        new BigDecimal("12345678901234567.80"),
        UUID.fromString("6f1c2a5e-0b57-4c1c-9d0e-2f6f3f0c9a11"),
        LocalDate.of(2026, 11, 22),
        LocalTime.of(8, 30),
        LocalDateTime.of(2026, 11, 22, 17, 5, 9, 120_000_000),
        Instant.parse("2026-11-22T16:05:09.120Z"));
  }

  Parcel withId(long given) {
    return new Parcel(given, code, grams, price, token, due, opens, packed, seen);
  }
}
