package io.dicm.app.client;

import io.dicm.app.master.history.RunSnapshot;

/** Shown how an application goes on. */
public interface ApplicationProgress {
  /** It waits in its queue. */
  void waiting(String applicationId, String queue);

  /** It runs. */
  void running(RunSnapshot run);

  /** It has ended. */
  void ended();
}
