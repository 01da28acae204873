package io.dicm.ams.server;

import java.util.List;

/** Of images that nothing is learned from. */
record NoGradients() implements ImageGradients {
  @Override
  public boolean computedBeside() {
    return false;
  }

  @Override
  public List<float[]> networks() {
    return List.of();
  }
}
