package dev.heddle.pool.internal.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.heddle.pool.internal.lane.LaneView.Holder;
import dev.heddle.pool.internal.lane.LaneView.State;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What can be seen of a lane. */
class LaneViewTest {

  private static final long NOW = 1_000;

  private final WaiterQueue<String> queue = new WaiterQueue<>();
  private final Offers<String> offers = new Offers<>(queue);
  private final List<Slot<String>> slots =
      List.of(new Slot<>("A"), new Slot<>("B"), new Slot<>("C"), new Slot<>("D"));
  private final List<Slot<String>> idle = new ArrayList<>();

  private static Hold<String> hold(String label) {
    return new Hold<>(Thread.ofVirtual().unstarted(() -> {}), Terms.labelled(label));
  }

  private void waits(String label, long since) {
    queue.add(new Waiter<>(hold(label), since, NOW, false));
  }

  private LaneView<String> view(int mostWaiters) {
    return LaneView.of("test", slots, idle, offers, queue, mostWaiters, NOW);
  }

  private static List<String> labels(LaneView<?> view) {
    return view.waiters().stream().map(waiter -> String.valueOf(waiter.label())).toList();
  }

  @Test
  void places_oneInEachState_areShownAsThat() {
    idle.add(slots.get(0));
    waits("waiter", NOW - 5);
    offers.make(slots.get(1), NOW);
    Hold<String> held = hold("holder");
    held.granted(slots.get(2), NOW - 7);
    slots.get(2).hold = held;
    LaneView<String> view = view(1);
    assertEquals(
        List.of(State.IDLE, State.OFFERED, State.HELD, State.TURNING),
        view.places().stream().map(LaneView.Place::state).toList());
    assertEquals(List.of(new Holder<>(held, held.owner(), "holder", 7, false)), view.holders());
    assertEquals(3, view.idle());
    assertEquals(4, view.connections());
  }

  @Test
  void waiters_someHaveAnOffer_areShownInTheirOrderAsManyAsAreWanted() {
    waits("first", NOW - 30);
    waits("second", NOW - 20);
    waits("third", NOW - 10);
    offers.make(slots.get(0), NOW);
    assertEquals(List.of("first"), labels(view(1)));
    assertEquals(List.of("first", "second"), labels(view(2)));
    assertEquals(List.of("first", "second", "third"), labels(view(9)));
    assertEquals(3, view(1).waiting());
    assertEquals(30, view(1).longestWaitNanos());
    assertEquals(20, view(2).waiters().get(1).waitedNanos());
  }

  @Test
  void waiters_nobodyWaits_areNone() {
    assertEquals(0, view(9).waiting());
    assertEquals(0, view(9).longestWaitNanos());
    assertEquals(List.of(), view(9).waiters());
  }

  @Test
  void isEachIdle_aSlotIsInNobodysHands_isFalse() {
    idle.addAll(slots.subList(0, 3));
    assertFalse(Scene.isEachIdle(view(1)));
  }
}
