package io.dicm.trainer.bench;

import io.dicm.ams.client.StepInputs;
import io.dicm.trainer.model.DicmNetwork;
import io.dicm.trainer.model.NetworkShape;
import io.dicm.trainer.train.Batch;
import java.util.SplittableRandom;

/**
 * A step's batch and random values as servers would answer them.
 *
 * @param batch the impressions
 * @param inputs codes, embeddings and dense parameters
 */
record WorkerBatch(Batch batch, StepInputs inputs) {
  private static final double BOUND = 0.05;
  private static final long SEED = 1;

  /** For our network. */
  static WorkerBatch of(DicmNetwork network, Batch batch) {
    return of(network.shape(), batch, network.initialDense(SEED));
  }

  /** For a network that has its dense parameters itself. */
  static WorkerBatch withoutDense(NetworkShape shape, Batch batch) {
    return of(shape, batch, new float[0]);
  }

  private static WorkerBatch of(NetworkShape shape, Batch batch, float[] dense) {
    SplittableRandom random = new SplittableRandom(SEED);
    return new WorkerBatch(
        batch,
        new StepInputs(
            values(random, batch.adImageKeys().length * shape.codeDimension()),
            values(random, batch.behaviorImageKeys().length * shape.codeDimension()),
            values(random, batch.idKeys().length * shape.rowWidth()),
            dense,
            new int[batch.impressions() * shape.tiers()]));
  }

  private static float[] values(SplittableRandom random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextDouble(-BOUND, BOUND);
    }
    return values;
  }
}
