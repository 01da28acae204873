package io.dicm.ams.server;

import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepRequest;
import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.memory.MemoryBudget;
import io.dicm.ams.shard.FeatureShard;
import io.dicm.ams.shard.ShardRows;
import io.dicm.ams.submodel.MissingImages;
import io.dicm.ams.submodel.SubModel;
import java.util.ArrayList;
import java.util.List;

/** Images as codes: the sub-model is on the server and trained here. */
final class CompressedImages implements ImagePath {
  private final ReferenceCounts references = new ReferenceCounts();
  private final ImageLookup lookup;
  private final ShardRows vectors;
  private final List<NetworkPath> networks;
  private final int rowLength;

  /**
   * @param missingImages what stands for images that the shard does not have
   * @param vectors the shard's, where the sub-model is computed; owned by this object
   * @param crew looks images up
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
   * Answers the image keys of a window with codes.
   *
   * @throws io.dicm.common.error.DicmException {@code INPUT_MISSING} when an image is not there and
   *     has to be; {@code MEMORY_PLAN_TOO_LARGE} when there is no room for one more open step
   */
  @Override
  public ImageStep forward(List<StepRequest> requests) {
    ImageLookup.Rows rows = lookup.find(requests);
    return networks.size() == 1
        ? new SharedStep(rows.ads(), rows.behaviors())
        : new ApartStep(rows.ads(), rows.behaviors());
  }

  private NetworkPass pass(int network, List<int[]> rows) {
    NetworkPass pass = networks.get(network).forward(rows);
    references.add(pass.rows());
    return pass;
  }

  /** A step with a network for ad images and one for behaviour images. */
  private final class ApartStep implements ImageStep {
    private final NetworkPass ads;
    private final NetworkPass behaviors;

    ApartStep(List<int[]> adRows, List<int[]> behaviorRows) {
      ads = pass(0, adRows);
      try {
        behaviors = pass(1, behaviorRows);
      } catch (RuntimeException | Error e) {
        ads.close();
        throw e;
      }
    }

    @Override
    public List<float[]> ads() {
      return ads.codes();
    }

    @Override
    public List<float[]> behaviors() {
      return behaviors.codes();
    }

    @Override
    public List<float[]> backward(List<StepGradients> gradients, float scale) {
      return List.of(
          ads.backward(gradients.stream().map(StepGradients::adCodes).toList(), scale),
          behaviors.backward(gradients.stream().map(StepGradients::behaviorCodes).toList(), scale));
    }

    @Override
    public void close() {
      ads.close();
      behaviors.close();
    }
  }

  /** A step with one network for both. */
  private final class SharedStep implements ImageStep {
    private final NetworkPass pass;
    private final List<float[]> codes;

    SharedStep(List<int[]> adRows, List<int[]> behaviorRows) {
      pass = pass(0, concatenated(adRows, behaviorRows));
      try {
        codes = pass.codes();
      } catch (RuntimeException | Error e) {
        pass.close();
        throw e;
      }
    }

    @Override
    public List<float[]> ads() {
      return codes.subList(0, codes.size() / 2);
    }

    @Override
    public List<float[]> behaviors() {
      return codes.subList(codes.size() / 2, codes.size());
    }

    @Override
    public List<float[]> backward(List<StepGradients> gradients, float scale) {
      List<float[]> all =
          concatenated(
              gradients.stream().map(StepGradients::adCodes).toList(),
              gradients.stream().map(StepGradients::behaviorCodes).toList());
      return List.of(pass.backward(all, scale));
    }

    @Override
    public void close() {
      pass.close();
    }
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
