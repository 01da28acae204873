package io.dicm.ams.server;

import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepRequest;
import io.dicm.ams.shard.FeatureShard;
import io.dicm.ams.shard.RowGatherer;
import io.dicm.ams.submodel.MissingImageCount;
import io.dicm.ams.submodel.MissingImages;
import io.dicm.ams.submodel.SubModel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** From the image keys of a window to codes, and from the codes' gradients to the sub-model's. */
final class ImagePath implements AutoCloseable {
  private final FeatureShard shard;
  private final MissingImages missingImages;
  private final List<NetworkStep> networks;
  private long totalReferences;
  private long uniqueReferences;
  private long missingReferences;

  /**
   * @param missingImages what stands for images that the shard does not have
   */
  ImagePath(FeatureShard shard, SubModel subModel, MissingImages missingImages) {
    this.shard = shard;
    this.missingImages = missingImages;
    this.networks =
        subModel.networks().stream()
            .map(network -> new NetworkStep(network, new RowGatherer(shard)))
            .toList();
  }

  /** Codes by worker, [keys, 12] each. */
  record Codes(List<float[]> ads, List<float[]> behaviors) {}

  /**
   * The codes that these requests ask for, in their order.
   *
   * @throws io.dicm.common.error.DicmException {@code INPUT_MISSING} when an image is not there and
   *     has to be
   */
  Codes forward(List<StepRequest> requests) {
    MissingImageCount count = new MissingImageCount();
    List<int[]> ads = rows(requests, StepRequest::adImageKeys, count);
    List<int[]> behaviors = rows(requests, StepRequest::behaviorImageKeys, count);
    missingReferences += count.missing();
    if (missingImages == MissingImages.FAIL && count.missing() > 0) {
      throw count.refusal("run step " + requests.get(0).step());
    }
    Codes codes = shared() ? forwardShared(ads, behaviors) : forwardApart(ads, behaviors);
    for (NetworkStep network : networks) {
      totalReferences += network.rows().references();
      uniqueReferences += network.rows().uniqueRows().length;
    }
    return codes;
  }

  private Codes forwardApart(List<int[]> ads, List<int[]> behaviors) {
    return new Codes(networks.get(0).forward(ads), networks.get(1).forward(behaviors));
  }

  private Codes forwardShared(List<int[]> ads, List<int[]> behaviors) {
    List<float[]> codes = networks.get(0).forward(concatenated(ads, behaviors));
    return new Codes(codes.subList(0, ads.size()), codes.subList(ads.size(), codes.size()));
  }

  /**
   * The sub-model's gradients, one for each network.
   *
   * @param gradients by worker, as {@link #forward} answered
   * @param scale factor of all gradients
   */
  List<float[]> backward(List<StepGradients> gradients, float scale) {
    List<float[]> ads = gradients.stream().map(StepGradients::adCodes).toList();
    List<float[]> behaviors = gradients.stream().map(StepGradients::behaviorCodes).toList();
    return shared()
        ? List.of(networks.get(0).backward(concatenated(ads, behaviors), scale))
        : List.of(networks.get(0).backward(ads, scale), networks.get(1).backward(behaviors, scale));
  }

  private boolean shared() {
    return networks.size() == 1;
  }

  private List<int[]> rows(
      List<StepRequest> requests, Function<StepRequest, long[]> keys, MissingImageCount count) {
    List<int[]> rows = new ArrayList<>();
    for (StepRequest request : requests) {
      long[] asked = keys.apply(request);
      int[] found = shard.rowsOf(asked);
      for (int i = 0; i < found.length; i++) {
        count.add(asked[i], found[i] == FeatureShard.MISSING_ROW);
      }
      rows.add(found);
    }
    return rows;
  }

  private static <T> List<T> concatenated(List<T> first, List<T> second) {
    List<T> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  /** Images asked for so far, repetitions over workers included. */
  long totalReferences() {
    return totalReferences;
  }

  /** Image vectors that went through a network so far. */
  long uniqueReferences() {
    return uniqueReferences;
  }

  /** Images asked for so far that the feature store does not have. */
  long missingReferences() {
    return missingReferences;
  }

  @Override
  public void close() {
    networks.forEach(NetworkStep::close);
  }
}
