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
    ImageLookup.Rows rows = lookup.find(requests);
    return networks.size() == 1
        ? new SharedStep(
            pass(0, concatenated(rows.ads(), rows.behaviors()), false), requests.size())
        : apart(rows);
  }

  private ImageStep apart(ImageLookup.Rows rows) {
    NetworkPass ads = pass(0, rows.ads(), rows.distinct());
    try {
      return new ApartStep(ads, pass(1, rows.behaviors(), rows.distinct()));
    } catch (RuntimeException | Error e) {
      ads.close();
      throw e;
    }
  }

  private NetworkPass pass(int network, List<int[]> rows, boolean distinct) {
    NetworkPass pass = networks.get(network).forward(lookup.merged(rows, distinct));
    references.add(pass.rows());
    return pass;
  }

  /** The gradients of passes whose way back has begun. */
  private ImageGradients gradients(List<NetworkPass> passes) {
    return new ImageGradients() {
      @Override
      public boolean computedBeside() {
        return onGpu;
      }

      @Override
      public List<float[]> networks() {
        return passes.stream().map(NetworkPass::gradient).toList();
      }
    };
  }

  /** A step with a network for ad images and one for behaviour images. */
  private final class ApartStep implements ImageStep {
    private final NetworkPass ads;
    private final NetworkPass behaviors;

    ApartStep(NetworkPass ads, NetworkPass behaviors) {
      this.ads = ads;
      this.behaviors = behaviors;
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
      return gradients(List.of(ads, behaviors));
    }

    @Override
    public DeviceCodes codesOnDevice() {
      if (!onGpu) {
        return ImageStep.super.codesOnDevice();
      }
      return new DeviceCodes(ads.codesOnDevice(), behaviors.codesOnDevice());
    }

    @Override
    public ImageGradients backwardOnDevice(DeviceCodes gradients, float scale) {
      ads.beginBackwardOnDevice(gradients.ads(), scale);
      behaviors.beginBackwardOnDevice(gradients.behaviors(), scale);
      return gradients(List.of(ads, behaviors));
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
    private final int workers;

    /**
     * @param pass of the workers' ad images and then of their behaviours'
     */
    SharedStep(NetworkPass pass, int workers) {
      this.pass = pass;
      this.workers = workers;
    }

    @Override
    public ImageRows rows() {
      pass.prepareCodes();
      List<float[]> codes = pass.codes();
      return new ImageRows(codes.subList(0, workers), codes.subList(workers, codes.size()));
    }

    @Override
    public ImageGradients backward(List<StepGradients> gradients, float scale) {
      pass.beginBackward(
          concatenated(
              gradients.stream().map(StepGradients::adCodes).toList(),
              gradients.stream().map(StepGradients::behaviorCodes).toList()),
          scale);
      return gradients(List.of(pass));
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
