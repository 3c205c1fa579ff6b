package dev.heddle.pool.tests.model;

/** Where an actor's steps come from, and its answers go; on the actor's thread. */
interface Script {

  /** The next step, which fits; {@link Op#LEAVE} at the end. */
  Step next(Actor actor);

  void done(Step step, String answer);
}
