package io.dicm.ams.server;

import java.util.List;

/**
 * The gradients of passes whose way back has begun.
 *
 * @param passes by network
 * @param computedBeside whether a GPU computes them
 */
record PassGradients(List<NetworkPass> passes, boolean computedBeside) implements ImageGradients {
  @Override
  public List<float[]> networks() {
    return passes.stream().map(NetworkPass::gradient).toList();
  }
}
