package io.dicm.ams.server;

import io.dicm.ams.client.StepRequest;
import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.compute.TensorWork;
import io.dicm.ams.memory.MemoryBudget;
import io.dicm.ams.shard.FeatureShard;
import io.dicm.ams.shard.RowGatherer;
import io.dicm.ams.shard.ShardRows;
import io.dicm.ams.submodel.MissingImages;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;

/**
 * Images as their scaled vectors, as of any parameter server: there is no sub-model, or workers run
 * and train it. For one thread.
 */
final class RawImages implements ImagePath {
  private final FeatureShard shard;
  private final ReferenceCounts references = new ReferenceCounts();
  private final ImageLookup lookup;
  private final RowGatherer gatherer;

  /**
   * Takes none of them over.
   *
   * @param missingImages what stands for images that the shard does not have: zeros, or an error
   * @param crew collects the images' vectors
   * @param budget what the memory for that is taken of
   */
  RawImages(
      FeatureShard shard, MissingImages missingImages, ComputeCrew crew, MemoryBudget budget) {
    this.shard = shard;
    this.lookup = new ImageLookup(shard, missingImages, references, crew);
    this.gatherer = ShardRows.of(shard, TensorWork.onProcessor(crew)).gatherer(budget);
  }

  @Override
  public int rowLength() {
    return shard.dimension();
  }

  @Override
  public boolean trainsImages() {
    return false;
  }

  /**
   * Answers the image keys of a window with vectors.
   *
   * @throws io.dicm.common.error.DicmException {@code INPUT_MISSING} when an image is not there and
   *     has to be; {@code MEMORY_PLAN_TOO_LARGE} when there is no room to collect the vectors
   */
  @Override
  public ImageStep forward(List<StepRequest> requests) {
    ImageLookup.Rows rows = lookup.find(requests);
    return new UntrainedStep(
        new ImageRows(
            vectors(rows.ads(), rows.distinct()), vectors(rows.behaviors(), rows.distinct())));
  }

  private List<float[]> vectors(List<int[]> rows, boolean distinct) {
    references.add(lookup.merged(rows, distinct));
    List<float[]> vectors = new ArrayList<>();
    for (int[] some : rows) {
      vectors.add(vectors(some));
    }
    return vectors;
  }

  private float[] vectors(int[] rows) {
    float[] vectors = new float[Math.multiplyExact(rows.length, shard.dimension())];
    if (rows.length > 0) {
      try (PointerScope scope = new PointerScope()) {
        gatherer.gather(rows).data_ptr_float().get(vectors);
      }
    }
    return vectors;
  }

  @Override
  public ReferenceCounts references() {
    return references;
  }

  /** The shard is not this object's. */
  @Override
  public void close() {
    gatherer.close();
  }
}
