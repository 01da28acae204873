package io.dicm.ams.server;

import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepRequest;
import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.dense.DenseParameters;
import io.dicm.ams.embedding.EmbeddingTable;
import io.dicm.ams.memory.ReusedFloats;
import io.dicm.ams.table.MergedRows;
import java.util.List;

/**
 * The parameters that no other server has a copy of: ID embeddings and a part of the dense ones,
 * found, read and updated for a step. For one thread.
 */
final class OwnParameters {
  private final EmbeddingTable embeddings;
  private final DenseParameters dense;
  private final OptimizerOptions optimizers;
  private final ComputeCrew crew;

  /** Of the workers' gradients of IDs, in one step after another. */
  private final ReusedFloats idSums = new ReusedFloats();

  /**
   * Takes none of them over.
   *
   * @param crew merges the workers' IDs and adds up their gradients
   */
  OwnParameters(
      EmbeddingTable embeddings,
      DenseParameters dense,
      OptimizerOptions optimizers,
      ComputeCrew crew) {
    this.embeddings = embeddings;
    this.dense = dense;
    this.optimizers = optimizers;
    this.crew = crew;
  }

  /**
   * Finds the rows of the workers' IDs, which stay theirs until {@link #update}. A worker's keys
   * are different, and so are its rows.
   *
   * @param requests by worker, of one step
   */
  MergedRows find(List<StepRequest> requests) {
    List<int[]> rows =
        requests.stream()
            .map(request -> embeddings.rowsOf(request.step(), request.idKeys()))
            .toList();
    return rows.size() == 1 ? MergedRows.ofDistinct(rows.get(0), crew) : MergedRows.of(rows, crew);
  }

  /** Values of the unique rows, [unique rows, {@link #idWidth}]. */
  float[] idValues(MergedRows ids) {
    return embeddings.values(ids.uniqueRows());
  }

  /** Floats of an ID's row. */
  int idWidth() {
    return embeddings.columns().width();
  }

  /** The dense parameters, which are not to be changed. */
  float[] denseValues() {
    return dense.values();
  }

  /**
   * Makes a step.
   *
   * @param ids that it found
   * @param gradients by worker, in the order of its requests
   * @param scale factor of all gradients
   * @param number of the step, for the learning rates
   */
  void update(MergedRows ids, List<StepGradients> gradients, float scale, long number) {
    int[] rows = ids.uniqueRows();
    int width = idWidth();
    float[] summed = idSums.atLeast(Math.multiplyExact(rows.length, width));
    ids.sum(gradients.stream().map(StepGradients::idEmbeddings).toList(), width, scale, summed);
    embeddings.update(rows, summed, optimizers.idRateAt(number), optimizers.weightRateAt(number));
    dense.update(
        denseSum(gradients, scale),
        optimizers.learningRate().at(number),
        gradients.stream().mapToInt(StepGradients::phase).max().orElse(0));
  }

  private float[] denseSum(List<StepGradients> gradients, float scale) {
    float[] sum = new float[dense.length()];
    for (StepGradients some : gradients) {
      float[] gradient = some.dense();
      for (int i = 0; i < sum.length; i++) {
        sum[i] += gradient[i];
      }
    }
    for (int i = 0; i < sum.length; i++) {
      sum[i] *= scale;
    }
    return sum;
  }
}
