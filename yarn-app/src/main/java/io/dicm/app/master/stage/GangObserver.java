package io.dicm.app.master.stage;

import io.dicm.app.master.membership.Membership;

/** Watches a gang. Called by the thread that runs it; what it throws fails the gang. */
interface GangObserver {
  /** The gang does not work yet; told again and again what it waits for. */
  void starting(String what);

  /**
   * The gang works; told now and then.
   *
   * @throws InterruptedException when it has to end, though nothing is wrong
   */
  void working(Membership members) throws InterruptedException;

  /** The gang is done: all output is written. */
  default void finished(Membership members) throws InterruptedException {
    working(members);
  }
}
