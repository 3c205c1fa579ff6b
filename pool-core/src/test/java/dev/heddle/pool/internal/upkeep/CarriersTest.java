package dev.heddle.pool.internal.upkeep;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How many carriers the pools of a JVM reserve together. */
class CarriersTest {

  private static final int BEGINNING = 8;
  private static final int MOST_EVER = 32_767;

  private int parallelism = BEGINNING;
  private final List<Carriers> reserved = new ArrayList<>();

  private int change(int by) {
    int before = parallelism;
    parallelism = Math.clamp((long) before + by, 1, MOST_EVER);
    return parallelism - before;
  }

  private Carriers reserve(int count) {
    Carriers carriers = Carriers.reserve(count, this::change);
    reserved.add(carriers);
    return carriers;
  }

  @AfterEach
  void giveBack() {
    reserved.forEach(Carriers::release);
  }

  @Test
  void reserve_severalPools_addUpAndAreGivenBackInAnyOrder() {
    Carriers one = reserve(5);
    Carriers two = reserve(3);
    assertEquals(BEGINNING + 8, parallelism);
    one.release();
    assertEquals(BEGINNING + 3, parallelism);
    two.release();
    assertEquals(BEGINNING, parallelism);
  }

  @Test
  void release_twice_givesBackOnce() {
    Carriers one = reserve(5);
    reserve(3);
    one.release();
    one.release();
    assertEquals(BEGINNING + 3, parallelism);
  }

  @Test
  void releaseOne_forEachConnection_givesBackOneAtATimeAndNoMore() {
    Carriers one = reserve(2);
    reserve(3);
    one.releaseOne();
    assertEquals(BEGINNING + 4, parallelism);
    one.releaseOne();
    one.releaseOne();
    one.release();
    assertEquals(BEGINNING + 3, parallelism);
  }

  @Test
  void reserve_moreThanTheBound_raisesToTheBoundUntilFewerAreWanted() {
    Carriers one = reserve(200);
    Carriers two = reserve(200);
    assertEquals(BEGINNING + Carriers.MOST, parallelism);
    one.release();
    assertEquals(BEGINNING + 200, parallelism);
    two.release();
    assertEquals(BEGINNING, parallelism);
  }

  @Test
  void reserve_oneTooLargePool_raisesToTheBound() {
    Carriers one = reserve(1_001);
    assertEquals(BEGINNING + Carriers.MOST, parallelism);
    one.release();
    assertEquals(BEGINNING, parallelism);
  }

  @Test
  void reserve_schedulerIsAtItsMost_givesBackOnlyWhatThereWasRoomFor() {
    parallelism = MOST_EVER - 2;
    Carriers one = reserve(5);
    assertEquals(MOST_EVER, parallelism);
    one.release();
    assertEquals(MOST_EVER - 2, parallelism);
  }

  @Test
  void release_othersHaveLoweredTheParallelism_leavesOneAndOwesNothing() {
    Carriers one = reserve(5);
    parallelism = 3;
    one.release();
    assertEquals(1, parallelism);
    reserve(4);
    assertEquals(5, parallelism);
  }

  @Test
  void reserve_parallelismCantBeChanged_isNoneAndCountsForNothing() {
    Carriers none = Carriers.reserve(200, Parallelism.UNKNOWN);
    none.release();
    reserve(200);
    assertEquals(BEGINNING + 200, parallelism);
  }
}
