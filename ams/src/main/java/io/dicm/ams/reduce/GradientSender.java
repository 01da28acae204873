package io.dicm.ams.reduce;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Sends this server's sub-model gradients to all other servers. */
@FunctionalInterface
public interface GradientSender {
  /**
   * Sends one step's gradients.
   *
   * @param networkGradients one for each network, empty where no image went through it here
   * @return completes when all others have them, or fails
   */
  CompletionStage<Void> send(long step, List<float[]> networkGradients);
}
