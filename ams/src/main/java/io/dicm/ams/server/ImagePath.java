package io.dicm.ams.server;

import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepRequest;
import io.dicm.ams.shard.FeatureShard;
import io.dicm.ams.shard.RowGatherer;
import io.dicm.ams.submodel.SubModel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** From the image keys of a window to codes, and from the codes' gradients to the sub-model's. */
final class ImagePath implements AutoCloseable {
  private final FeatureShard shard;
  private final List<NetworkStep> networks;
  private long totalReferences;
  private long uniqueReferences;
  private long missingReferences;

  ImagePath(FeatureShard shard, SubModel subModel) {
    this.shard = shard;
    this.networks =
        subModel.networks().stream()
            .map(network -> new NetworkStep(network, new RowGatherer(shard)))
            .toList();
  }

  /** Codes by worker, [keys, 12] each. */
  record Codes(List<float[]> ads, List<float[]> behaviors) {}

  Codes forward(List<StepRequest> requests) {
    List<int[]> ads = rows(requests, StepRequest::adImageKeys);
    List<int[]> behaviors = rows(requests, StepRequest::behaviorImageKeys);
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

  private List<int[]> rows(List<StepRequest> requests, Function<StepRequest, long[]> keys) {
    List<int[]> rows = requests.stream().map(keys).map(shard::rowsOf).toList();
    for (int[] some : rows) {
      for (int row : some) {
        missingReferences += row == FeatureShard.MISSING_ROW ? 1 : 0;
      }
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
