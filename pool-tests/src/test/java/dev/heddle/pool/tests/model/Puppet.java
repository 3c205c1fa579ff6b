package dev.heddle.pool.tests.model;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A script that is written while it is played: the test gives a step, and gets its answer. */
final class Puppet implements Script {

  private final BlockingQueue<Step> steps = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

  void does(Step step) {
    steps.add(step);
  }

  /** Null if there is none in that time. */
  @Nullable String answer(Duration patience) {
    try {
      return answers.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  boolean hasAnswered() {
    return !answers.isEmpty();
  }

  /** The interrupt flag is one of the things that are tested, and is kept. */
  @Override
  public Step next(Actor actor) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return steps.take();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void done(Step step, String answer) {
    answers.add(answer);
  }
}
