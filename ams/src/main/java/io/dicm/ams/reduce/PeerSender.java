package io.dicm.ams.reduce;

import java.util.concurrent.CompletionStage;

/** Sends this server's gradients and values to the other servers. Returns at once. */
public interface PeerSender {
  /**
   * Sends one owner its part of a gradient.
   *
   * @param to the server that owns the range
   * @param part read before this method returns
   * @return completes, on any thread, when the other one has it, or fails
   */
  CompletionStage<Void> sendGradients(int to, GradientPart part);

  /**
   * Sends all other servers the new values of this server's range.
   *
   * @param values read before this method returns
   * @return completes, on any thread, when all others have them, or fails
   */
  CompletionStage<Void> sendValues(RangeValues values);
}
