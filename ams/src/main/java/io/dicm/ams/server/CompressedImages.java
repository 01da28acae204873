package io.dicm.ams.server;

import io.dicm.ams.client.StepRequest;
import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.memory.MemoryBudget;
import io.dicm.ams.shard.FeatureShard;
import io.dicm.ams.shard.ShardRows;
import io.dicm.ams.submodel.MissingImages;
import io.dicm.ams.submodel.SubModel;
import io.dicm.ams.table.MergedRows;
import java.util.ArrayList;
import java.util.List;

/** Images as codes: the sub-model is on the server and trained here. */
final class CompressedImages implements ImagePath {
  private final ReferenceCounts references = new ReferenceCounts();
  private final ImageLookup lookup;
  private final ShardRows vectors;
  private final List<NetworkPath> networks;
  private final int rowLength;
  private final boolean onGpu;

  /**
   * @param missingImages what stands for images that the shard does not have
   * @param vectors the shard's, where the sub-model is computed; owned by this object
   * @param crew looks images up and merges what workers ask for
   * @param budget what the memory of open steps is taken of
   */
  CompressedImages(
      FeatureShard shard,
      SubModel subModel,
      MissingImages missingImages,
      ShardRows vectors,
      ComputeCrew crew,
      MemoryBudget budget) {
    this.vectors = vectors;
    this.lookup = new ImageLookup(shard, missingImages, references, crew);
    this.rowLength = subModel.ad().codeDimension();
    this.onGpu = !subModel.ad().device().isProcessor();
    this.networks =
        subModel.networks().stream()
            .map(network -> new NetworkPath(network, vectors, budget))
            .toList();
  }

  @Override
  public int rowLength() {
    return rowLength;
  }

  @Override
  public boolean trainsImages() {
    return true;
  }

  /**
   * Begins to answer the image keys of a window with codes.
   *
   * @throws io.dicm.common.error.DicmException {@code INPUT_MISSING} when an image is not there and
   *     has to be; {@code MEMORY_PLAN_TOO_LARGE} when there is no room for one more open step
   */
  @Override
  public ImageStep forward(List<StepRequest> requests) {
    try (CollectedImages collected = collected(rowsOf(requests))) {
      List<NetworkPass> passes = collected.forward();
      return passes.size() == 1
          ? new SharedStep(passes.get(0), requests.size(), onGpu)
          : apart(passes);
    }
  }

  private ApartStep apart(List<NetworkPass> passes) {
    return new ApartStep(passes.get(0), passes.get(1), onGpu);
  }

  @Override
  public PreparedImages prepareOnDevice(StepRequest request) {
    if (!onGpu || networks.size() < 2) {
      return ImagePath.super.prepareOnDevice(request);
    }
    List<MergedRows> rows = rowsOf(List.of(request));
    for (int i = 0; i < networks.size(); i++) {
      networks.get(i).requireForDevice(rows.get(i));
    }
    CollectedImages collected = collected(rows);
    return new PreparedImages() {
      @Override
      public DeviceImages forward() {
        return apart(collected.forward());
      }

      @Override
      public void close() {
        collected.close();
      }
    };
  }

  /** By network. */
  private List<MergedRows> rowsOf(List<StepRequest> requests) {
    ImageLookup.Rows rows = lookup.find(requests);
    return networks.size() == 1
        ? List.of(lookup.merged(concatenated(rows.ads(), rows.behaviors()), false))
        : List.of(
            lookup.merged(rows.ads(), rows.distinct()),
            lookup.merged(rows.behaviors(), rows.distinct()));
  }

  private CollectedImages collected(List<MergedRows> rows) {
    return CollectedImages.of(networks, rows, references);
  }

  private static <T> List<T> concatenated(List<T> first, List<T> second) {
    List<T> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  @Override
  public ReferenceCounts references() {
    return references;
  }

  @Override
  public void close() {
    networks.forEach(NetworkPath::close);
    vectors.close();
  }
}
