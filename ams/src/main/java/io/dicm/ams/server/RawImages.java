package io.dicm.ams.server;

import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepRequest;
import io.dicm.ams.shard.FeatureShard;
import io.dicm.ams.table.MergedRows;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/** Images as their scaled vectors: workers run and train the sub-model. */
final class RawImages implements ImagePath {
  private final FeatureShard shard;
  private final ReferenceCounts references = new ReferenceCounts();

  RawImages(FeatureShard shard) {
    this.shard = shard;
  }

  @Override
  public int rowLength() {
    return shard.dimension();
  }

  @Override
  public boolean trainsImages() {
    return false;
  }

  @Override
  public ImageStep forward(List<StepRequest> requests) {
    return new RawStep(
        vectors(requests, StepRequest::adImageKeys),
        vectors(requests, StepRequest::behaviorImageKeys));
  }

  private List<float[]> vectors(List<StepRequest> requests, Function<StepRequest, long[]> keys) {
    List<int[]> rows = requests.stream().map(keys).map(shard::rowsOf).toList();
    references.add(MergedRows.of(rows));
    List<float[]> vectors = new ArrayList<>();
    for (int[] some : rows) {
      vectors.add(vectors(some));
    }
    return vectors;
  }

  private float[] vectors(int[] rows) {
    int dimension = shard.dimension();
    float[] vectors = new float[Math.multiplyExact(rows.length, dimension)];
    for (int i = 0; i < rows.length; i++) {
      references.addMissing(rows[i] == FeatureShard.MISSING_ROW ? 1 : 0);
      try (PointerScope scope = new PointerScope()) {
        Tensor row = shard.rows(rows[i], 1);
        FloatPointer memory = row.data_ptr_float();
        memory.get(vectors, i * dimension, dimension);
      }
    }
    return vectors;
  }

  /** What is sent is all there is: nothing comes back. */
  private record RawStep(List<float[]> ads, List<float[]> behaviors) implements ImageStep {
    @Override
    public List<float[]> backward(List<StepGradients> gradients, float scale) {
      return List.of();
    }

    @Override
    public void close() {
      // Holds nothing.
    }
  }

  @Override
  public ReferenceCounts references() {
    return references;
  }

  @Override
  public void close() {
    // The shard is not this object's.
  }
}
