package io.dicm.app.master.checkpoint;

import io.dicm.ams.server.WarmStartMode;
import java.util.Optional;

/** How much a training takes from another one: {@code dicm.train.warm-start-mode}. */
public enum WarmStartChoice {
  /** Nothing: initial values, whatever is named. */
  NONE(null),
  /** All but the ID embeddings. */
  PARTIAL(WarmStartMode.PARTIAL),
  /** Everything. */
  FULL(WarmStartMode.FULL);

  private final WarmStartMode mode;

  WarmStartChoice(WarmStartMode mode) {
    this.mode = mode;
  }

  /** What the servers are told; nothing for no warm start. */
  public Optional<WarmStartMode> mode() {
    return Optional.ofNullable(mode);
  }
}
