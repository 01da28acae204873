package io.dicm.trainer.fault;

/** What can happen to a training. */
enum FaultKind {
  KILL_WORKER(Family.KILL, Effect.LASTING),
  KILL_SERVER(Family.KILL, Effect.LASTING),
  /** Longer than anybody waits; it wakes up in the next epoch. */
  PAUSE_WORKER(Family.PAUSE, Effect.LASTING),
  PAUSE_SERVER(Family.PAUSE, Effect.LASTING),
  /** Shorter than the window's limit. */
  SHORT_PAUSE_WORKER(Family.SHORT_PAUSE, Effect.HARMLESS),
  SHORT_PAUSE_SERVER(Family.SHORT_PAUSE, Effect.HARMLESS),
  /** Connections stay, but nothing comes through. */
  SILENCE_WORKER(Family.CUT, Effect.LASTING),
  SILENCE_SERVERS(Family.CUT, Effect.LASTING),
  /** Connections end, and there are no new ones. */
  REFUSE_WORKER(Family.CUT, Effect.LASTING),
  /** Connections end, and new ones are made: calls are repeated, if nothing was answered yet. */
  RESET_WORKER(Family.CUT, Effect.EITHER),
  /** Ends in order; a new process takes its place without asking. */
  RESTART_WORKER(Family.RESTART, Effect.LASTING),
  RESTART_SERVER(Family.RESTART, Effect.LASTING),
  /** A server is killed when one begins to write its part of a checkpoint. */
  KILL_WHILE_WRITING(Family.CHECKPOINT, Effect.LASTING),
  /** Who commits a checkpoint is killed, and everybody with it. */
  KILL_COMMIT(Family.CHECKPOINT, Effect.LASTING);

  /** Kinds that are much alike. */
  enum Family {
    KILL,
    PAUSE,
    SHORT_PAUSE,
    CUT,
    RESTART,
    CHECKPOINT
  }

  /** Whether the epoch ends by it. */
  enum Effect {
    LASTING,
    HARMLESS,
    EITHER
  }

  private final Family family;
  private final Effect effect;

  FaultKind(Family family, Effect effect) {
    this.family = family;
    this.effect = effect;
  }

  Family family() {
    return family;
  }

  Effect effect() {
    return effect;
  }
}
