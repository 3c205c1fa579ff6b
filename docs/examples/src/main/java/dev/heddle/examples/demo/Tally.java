package dev.heddle.examples.demo;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What all threads together have done. */
final class Tally {

  final LongAdder reads = new LongAdder();
  final LongAdder commits = new LongAdder();
  final LongAdder rollbacks = new LongAdder();
  final LongAdder timeouts = new LongAdder();
  final LongAdder staleReads = new LongAdder();
  final LongAdder tornReads = new LongAdder();
  final LongAdder failures = new LongAdder();
  private final AtomicReference<@Nullable Throwable> firstFailure = new AtomicReference<>();

  void failed(Throwable e) {
    failures.increment();
    firstFailure.compareAndSet(null, e);
  }

  @Nullable Throwable firstFailure() {
    return firstFailure.get();
  }
}
