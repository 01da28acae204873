package io.dicm.ams.server;

import io.dicm.ams.reduce.GradientPart;
import io.dicm.ams.reduce.PeerSender;
import io.dicm.ams.reduce.RangeValues;
import java.util.concurrent.CompletionStage;

/** The other servers of one that is alone: nothing is ever sent. */
record NoPeers() implements PeerSender {
  @Override
  public CompletionStage<Void> sendGradients(int to, GradientPart part) {
    throw new IllegalStateException("There is no server " + to);
  }

  @Override
  public CompletionStage<Void> sendValues(RangeValues values) {
    throw new IllegalStateException("There are no other servers");
  }
}
