package dev.heddle.pool.internal.lane;

/** What a holder leaves may go on to the next one as it is, or is settled as the test says. */
record Unsettled(Runnable settling) implements Turnover<String> {

  @Override
  public String clean(String resource) {
    return resource;
  }

  @Override
  public boolean mayGoOn(String resource) {
    return true;
  }

  @Override
  public Runnable settle(String resource) {
    settling.run();
    return NOTHING;
  }
}
