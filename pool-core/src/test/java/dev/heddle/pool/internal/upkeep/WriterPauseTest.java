package dev.heddle.pool.internal.upkeep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.pool.internal.lane.Hold;
import dev.heddle.pool.internal.lane.Lane;
import dev.heddle.pool.internal.lane.Parking;
import dev.heddle.pool.internal.lane.Refusal;
import dev.heddle.pool.internal.lane.Tally;
import dev.heddle.pool.internal.lane.Terms;
import dev.heddle.pool.internal.lane.Turnover;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The lane is held for as long as nobody may write, and given back once. */
@Timeout(60)
class WriterPauseTest {

  private static final long LONG = TimeUnit.SECONDS.toNanos(60);

  private final List<String> events = new ArrayList<>();
  private final BlockingQueue<Long> pauses = new LinkedBlockingQueue<>();

  private final Turnover<String> turnover =
      new Turnover<>() {
        @Override
        public String clean(String resource) {
          return resource;
        }

        @Override
        public Runnable settle(String resource) {
          events.add("settled");
          return () -> events.add("told");
        }
      };

  private final Lane<String> lane =
      new Lane<>(
          "writer",
          List.of("W"),
          Lane.UNLIMITED,
          Terms.FOR_EVER,
          turnover,
          new Tally<>(),
          Parking.SYSTEM);

  private final WriterPause<String> pause = new WriterPause<>(lane, turnover, pauses::add);

  @AfterEach
  void laneIsBack() {
    assertEquals(1, lane.view().idle(), () -> lane.view().toString());
  }

  @Test
  void during_othersAreInTheTransaction_theyAreCommittedBefore() throws SQLException, Refusal {
    pause.during("work", () -> events.add("work"));

    assertEquals(List.of("settled", "told", "work"), events.subList(0, 3));
    assertEquals(1, pauses.size());
  }

  @Test
  void during_theTimeIsUpBeforeItIsDone_writersGoOn()
      throws SQLException, Refusal, InterruptedException {
    pause.during(
        "work",
        1_000_000,
        () -> {
          // Never ends if the lane is held until this returns.
          CompletableFuture.runAsync(this::acquireAndGiveBack).join();
          return true;
        });

    assertNotNull(pauses.poll(LONG, TimeUnit.NANOSECONDS)); // told by the timer, a moment later
    assertEquals(0, pauses.size());
  }

  private void acquireAndGiveBack() {
    Hold<String> hold = new Hold<>(new Terms("writer", Terms.FOR_EVER, "nothing", null));
    try {
      lane.acquire(hold, LONG);
    } catch (Refusal refusal) {
      throw new AssertionError(refusal);
    }
    assertTrue(hold.end());
    lane.handBack(hold);
  }

  @Test
  void during_theTaskFails_laneIsGivenBack() {
    assertThrows(
        SQLException.class,
        () ->
            pause.during(
                "work",
                () -> {
                  throw new SQLException("failed");
                }));
  }
}
