package io.dicm.ams.server;

import io.dicm.ams.client.StepGradients;
import java.util.ArrayList;
import java.util.List;

/** A step with one network for ad images and behaviour images. For one thread. */
final class SharedStep implements ImageStep {
  private final NetworkPass pass;
  private final int workers;
  private final boolean onGpu;

  /**
   * @param pass of the workers' ad images and then of their behaviours'; owned by this object
   *     afterwards
   * @param onGpu whether a GPU computes it
   */
  SharedStep(NetworkPass pass, int workers, boolean onGpu) {
    this.pass = pass;
    this.workers = workers;
    this.onGpu = onGpu;
  }

  @Override
  public ImageRows rows() {
    pass.prepareCodes();
    List<float[]> codes = pass.codes();
    return new ImageRows(codes.subList(0, workers), codes.subList(workers, codes.size()));
  }

  @Override
  public ImageGradients backward(List<StepGradients> gradients, float scale) {
    List<float[]> codeGradients = new ArrayList<>();
    gradients.forEach(some -> codeGradients.add(some.adCodes()));
    gradients.forEach(some -> codeGradients.add(some.behaviorCodes()));
    pass.beginBackward(codeGradients, scale);
    return new PassGradients(List.of(pass), onGpu);
  }

  @Override
  public void close() {
    pass.close();
  }
}
