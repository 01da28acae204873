package io.dicm.ams.server;

import io.dicm.ams.client.StepGradients;
import java.util.List;

/** A step with a network for ad images and one for behaviour images. For one thread. */
final class ApartStep implements ImageStep, DeviceImages {
  private final NetworkPass ads;
  private final NetworkPass behaviors;
  private final boolean onGpu;

  /**
   * Takes both passes over.
   *
   * @param onGpu whether a GPU computes them
   */
  ApartStep(NetworkPass ads, NetworkPass behaviors, boolean onGpu) {
    this.ads = ads;
    this.behaviors = behaviors;
    this.onGpu = onGpu;
  }

  @Override
  public ImageRows rows() {
    ads.prepareCodes();
    behaviors.prepareCodes();
    return new ImageRows(ads.codes(), behaviors.codes());
  }

  @Override
  public ImageGradients backward(List<StepGradients> gradients, float scale) {
    ads.beginBackward(gradients.stream().map(StepGradients::adCodes).toList(), scale);
    behaviors.beginBackward(gradients.stream().map(StepGradients::behaviorCodes).toList(), scale);
    return new PassGradients(List.of(ads, behaviors), onGpu);
  }

  @Override
  public DeviceCodes codes() {
    return new DeviceCodes(ads.codesOnDevice(), behaviors.codesOnDevice());
  }

  @Override
  public ImageGradients backward(DeviceCodes gradients, float scale) {
    ads.beginBackwardOnDevice(gradients.ads(), scale);
    behaviors.beginBackwardOnDevice(gradients.behaviors(), scale);
    return new PassGradients(List.of(ads, behaviors), onGpu);
  }

  @Override
  public void close() {
    ads.close();
    behaviors.close();
  }
}
