package dev.heddle.pool.internal.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** To whom slots are offered, and who may take them. */
class OffersTest {

  private final WaiterQueue<String> queue = new WaiterQueue<>();
  private final Offers<String> offers = new Offers<>(queue);
  private final Slot<String> slotA = new Slot<>("A");
  private final Slot<String> slotB = new Slot<>("B");

  private Waiter<String> waits(boolean holdsSlots) {
    Thread thread = Thread.ofVirtual().unstarted(() -> {});
    Waiter<String> waiter =
        new Waiter<>(new Hold<>(thread, Terms.labelled(null)), 0, 0, holdsSlots);
    queue.add(waiter);
    return waiter;
  }

  private Waiter<String> waits() {
    return waits(false);
  }

  /** In the order in which they are next. */
  private List<Waiter<String>> queued() {
    List<Waiter<String>> all = new ArrayList<>();
    for (Waiter<String> waiter = queue.first(); waiter != null; waiter = waiter.next) {
      all.add(waiter);
    }
    assertEquals(all.size(), queue.size());
    return all;
  }

  /** Who has had an offer for longest. */
  private @Nullable Waiter<String> first() {
    List<Waiter<String>> all = new ArrayList<>();
    offers.forEach(all::add);
    return all.isEmpty() ? null : all.getFirst();
  }

  @Test
  void make_nobodyWaits_offersNothing() {
    assertNull(offers.make(slotA, 0));
    assertEquals(0, offers.size());
  }

  @Test
  void make_severalWait_offersToTheFirst() {
    Waiter<String> first = waits();
    Waiter<String> second = waits();
    assertSame(first, offers.make(slotA, 0));
    assertEquals(List.of(second), queued());
    assertSame(first, first());
  }

  @Test
  void takeUp_ownOffer_isHadOnce() {
    Waiter<String> waiter = waits();
    offers.make(slotA, 0);
    assertSame(slotA, offers.takeUp(waiter));
    assertNull(offers.takeUp(waiter));
    assertEquals(0, offers.size());
    assertNull(first());
  }

  @Test
  void takeUp_nothingOnOffer_isNothing() {
    Waiter<String> first = waits();
    Waiter<String> second = waits();
    offers.make(slotA, 0);
    assertNull(offers.takeUp(second));
    assertSame(slotA, offers.takeUp(first));
  }

  @Test
  void overtake_nothingOnOffer_isNothing() {
    waits();
    assertNull(offers.overtake(0));
  }

  @Test
  void overtake_waiterHasNotRun_takesItAndPutsTheWaiterFirst() {
    Waiter<String> first = waits();
    Waiter<String> second = waits();
    offers.make(slotA, 0);
    assertSame(slotA, offers.overtake(0));
    assertNull(offers.takeUp(first));
    assertEquals(List.of(first, second), queued());
  }

  @Test
  void overtake_severalOffers_keepsTheOrderOfThoseOvertaken() {
    Waiter<String> first = waits();
    Waiter<String> second = waits();
    Waiter<String> third = waits();
    offers.make(slotA, 0);
    offers.make(slotB, 0);
    assertSame(slotB, offers.overtake(0));
    assertSame(slotA, offers.overtake(0));
    assertNull(offers.overtake(0));
    assertEquals(List.of(first, second, third), queued());
  }

  @Test
  void overtake_waiterRanInVain_leavesItAlone() {
    Waiter<String> waiter = waits();
    waiter.runsInVain();
    offers.make(slotA, 0);
    assertNull(offers.overtake(0));
    assertSame(slotA, offers.takeUp(waiter));
  }

  @Test
  void overtake_waiterWasOvertakenAsOftenAsCanBe_leavesItAlone() {
    Waiter<String> waiter = waits();
    for (int i = 0; i < Waiter.MOST_OVERTAKEN; i++) {
      offers.make(slotA, 0);
      assertSame(slotA, offers.overtake(0));
    }
    offers.make(slotA, 0);
    assertNull(offers.overtake(0));
    assertSame(slotA, offers.takeUp(waiter));
  }

  @Test
  void overtake_firstInTheQueueRanInVain_isNothingWhoeverElseHasAnOffer() {
    Waiter<String> first = waits();
    Waiter<String> second = waits();
    offers.make(slotA, 0);
    offers.make(slotB, 0);
    assertSame(slotB, offers.overtake(0));
    second.runsInVain();
    assertNull(offers.overtake(0));
    assertSame(slotA, offers.takeUp(first));
  }

  @Test
  void overtake_waiterHasWaitedForLong_leavesItAloneUnlessItIsLateToRun() {
    Waiter<String> waiter = waits();
    long now = Waiter.LONG_NANOS;
    offers.make(slotA, now);
    assertNull(offers.overtake(now + Waiter.LATE_NANOS));
    assertSame(slotA, offers.overtake(now + Waiter.LATE_NANOS + 1));
    offers.make(slotA, 2 * now);
    assertSame(slotA, offers.takeUp(waiter));
  }

  @Test
  void overtake_waiterHasNotWaitedForLong_takesItAtOnce() {
    waits();
    offers.make(slotA, Waiter.LONG_NANOS - 1);
    assertSame(slotA, offers.overtake(Waiter.LONG_NANOS - 1));
  }

  @Test
  void overtake_clockBeginsAnywhere_countsFromWhenItCame() {
    long now = Long.MAX_VALUE - 1;
    Waiter<String> waiter = new Waiter<>(new Hold<>(Terms.labelled(null)), now, now, false);
    queue.add(waiter);
    offers.make(slotA, now + Waiter.LONG_NANOS);
    assertNull(offers.overtake(now + Waiter.LONG_NANOS));
    assertEquals(5, waiter.view(now + 5).waitedNanos());
    assertSame(slotA, offers.overtake(now + Waiter.LONG_NANOS + 2 * Waiter.LATE_NANOS));
  }

  @Test
  void overtake_waiterHoldsOtherSlots_leavesItAlone() {
    Waiter<String> waiter = waits(true);
    offers.make(slotA, 0);
    assertNull(offers.overtake(0));
    assertSame(slotA, offers.takeUp(waiter));
  }

  @Test
  void overtake_latestRanInVain_takesTheOneBefore() {
    Waiter<String> first = waits();
    Waiter<String> second = waits();
    second.runsInVain();
    offers.make(slotA, 0);
    offers.make(slotB, 0);
    assertSame(slotA, offers.overtake(0));
    assertEquals(List.of(first), queued());
    assertSame(second, first());
  }

  @Test
  void withdraw_waiterRanInVain_isFirstInTheQueueAgain() {
    Waiter<String> waiter = waits();
    waiter.runsInVain();
    offers.make(slotA, 0);
    assertSame(slotA, offers.withdraw());
    assertNull(offers.withdraw());
    assertEquals(List.of(waiter), queued());
    assertNull(waiter.offer);
    assertNull(slotA.offeredTo);
  }

  @Test
  void addFirst_emptyQueue_isFirstAndLast() {
    Waiter<String> waiter = waits();
    queue.remove(waiter);
    queue.addFirst(waiter);
    Waiter<String> next = waits();
    assertEquals(List.of(waiter, next), queued());
  }
}
