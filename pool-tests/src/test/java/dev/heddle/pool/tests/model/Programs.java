package dev.heddle.pool.tests.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Makes random programs; the same for the same seed. They are played on the model while they are
 * made, so that each step is one that the actor can do then.
 */
final class Programs {

  private static final int MOST_ACTORS = 5;
  private static final int MOST_READERS = 3;
  private static final int MOST_STEPS = 60;
  private static final int STEPS_WHEN_CLOSED = 8;
  private static final int KEYS = 12;
  private static final int VALUES = 40;

  private static final List<Integer> GROUPS = List.of(1, 2, 3, 1024, 1024, 1024);

  /** Each as often as it weighs. */
  private static final List<Op> OPS =
      Stream.of(Op.values()).flatMap(op -> Stream.generate(() -> op).limit(op.weight)).toList();

  private final Random random;

  private Programs(long seed) {
    random = new Random(seed);
  }

  static Program random(long seed) {
    return new Programs(seed).next();
  }

  private Program next() {
    Program empty =
        new Program(
            upTo(2, MOST_ACTORS),
            random.nextBoolean(),
            upTo(1, MOST_READERS),
            one(GROUPS),
            random.nextBoolean(),
            List.of());
    return empty.with(steps(empty));
  }

  private List<Step> steps(Program program) {
    Model model = new Model(program);
    List<Step> steps = new ArrayList<>();
    int most = upTo(5, MOST_STEPS);
    int closeAt = upTo(5, 2 * MOST_STEPS);
    int actor = 0;
    while (steps.size() < Math.min(most, closeAt + STEPS_WHEN_CLOSED)) {
      Step close = new Step(actor, Op.CLOSE_POOL, 1, 1);
      boolean closes = steps.size() >= closeAt && model.allows(close);
      Step step = closes ? close : step(model, actor);
      model.take(step);
      steps.add(step);
      actor = step.actor();
    }
    return steps;
  }

  /** One that is possible now; often of the actor who did the latest one. */
  private Step step(Model model, int latest) {
    Step step;
    do {
      int actor = random.nextInt(3) == 0 ? latest : random.nextInt(model.members().size());
      step = new Step(actor, one(OPS), upTo(1, KEYS), upTo(1, VALUES));
    } while (!model.allows(step));
    return step;
  }

  private int upTo(int least, int most) {
    return least + random.nextInt(most - least + 1);
  }

  private <T> T one(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }
}
