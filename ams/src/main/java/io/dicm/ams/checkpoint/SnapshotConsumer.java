package io.dicm.ams.checkpoint;

import java.io.IOException;

/** Takes the snapshots that become checkpoints. */
@FunctionalInterface
public interface SnapshotConsumer {
  /** Writes a snapshot; called by one thread, which does nothing else. */
  void accept(ServerSnapshot snapshot) throws IOException;
}
