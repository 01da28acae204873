package io.dicm.trainer.bench;

import io.dicm.ams.shard.VectorScaling;
import io.dicm.ams.table.KeyIndex;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.feature.store.FeatureSnapshot;
import io.dicm.trainer.model.AggregatorKind;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.model.NetworkShape;
import io.dicm.trainer.train.Batch;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AbstractTensor;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * The joint model as a plain libtorch program in one process trains it, which shares nothing with
 * ours but batches and vectors: all vectors in one tensor, each different picture of a batch
 * through its network once, everything differentiated automatically, libtorch's Adam on all dense
 * parameters, Adam on the touched rows of one embedding table. For one thread.
 */
final class PlainLoop implements AutoCloseable {
  private static final double RATE = 0.001;

  private final PointerScope scope = new PointerScope();
  private final List<Batch> batches;
  private final int[][] adRows;
  private final int[][] behaviorRows;
  private final int[][] idRows;
  private final Tensor vectors;
  private final PlainLayers adNetwork;
  private final PlainLayers behaviorNetwork;
  private final PlainNetwork network;
  private final PlainEmbeddings embeddings;
  private final Adam optimizer;

  /**
   * Loads the vectors and finds the rows of all batches' keys beforehand.
   *
   * @throws DicmException {@link ErrorCode#USAGE} for another model than the joint one
   */
  PlainLoop(NetworkShape shape, FeatureSnapshot pictures, List<Batch> batches) throws IOException {
    if (shape.images() != ImageMode.JOINT
        || shape.aggregation().kind() != AggregatorKind.MULTI_QUERY
        || shape.queryFields().isEmpty()
        || shape.sampleBags() == 0) {
      throw new DicmException(
          ErrorCode.USAGE,
          "Cannot measure training steps: the plain loop is the joint model with an ID query and fields of the user or the behaviors, not "
              + shape
              + ".");
    }
    this.batches = batches;
    KeyIndex images = new KeyIndex((int) pictures.imageCount(bucket -> true));
    this.vectors = vectors(pictures, images);
    KeyIndex ids = new KeyIndex(1 << 16);
    batches.forEach(batch -> Arrays.stream(batch.idKeys()).forEach(key -> rowOf(ids, key)));
    this.adRows = rows(batches.stream().map(Batch::adImageKeys).toList(), images);
    this.behaviorRows = rows(batches.stream().map(Batch::behaviorImageKeys).toList(), images);
    this.idRows = rows(batches.stream().map(Batch::idKeys).toList(), ids);
    int code = shape.codeDimension();
    TensorVector parameters = new TensorVector();
    this.adNetwork = new PlainLayers(parameters, pictures.dimension(), 256, 64, code);
    this.behaviorNetwork = new PlainLayers(parameters, pictures.dimension(), 256, 64, code);
    this.network = new PlainNetwork(shape, parameters);
    this.embeddings = new PlainEmbeddings(ids.size(), shape.embeddingDimension(), RATE);
    this.optimizer = new Adam(parameters, new AdamOptions(RATE));
  }

  /** Trains on one of the batches; gives the mean loss. */
  double step(int number) {
    try (PointerScope step = new PointerScope()) {
      Batch batch = batches.get(number);
      Tensor ids = embeddings.rows(idRows[number]);
      Tensor loss =
          torch.cross_entropy_loss(
              network.logits(
                  batch,
                  ids,
                  codes(adNetwork, adRows[number]),
                  codes(behaviorNetwork, behaviorRows[number])),
              AbstractTensor.create(batch.labels(), batch.labels().length));
      optimizer.zero_grad();
      loss.backward();
      optimizer.step();
      embeddings.update(idRows[number], ids.grad());
      return loss.item_double();
    }
  }

  private Tensor codes(PlainLayers network, int[] rows) {
    return network.apply(vectors.index_select(0, indices(rows)));
  }

  private static Tensor indices(int[] values) {
    return AbstractTensor.create(values, values.length);
  }

  /** Standardised as ours are; a row of zeros at the end for pictures that are missing. */
  private static Tensor vectors(FeatureSnapshot pictures, KeyIndex index) throws IOException {
    VectorScaling scaling = VectorScaling.of(pictures);
    long images = pictures.imageCount(bucket -> true);
    Tensor vectors = torch.zeros(images + 1, pictures.dimension());
    pictures.scan(
        bucket -> true,
        image -> {
          try (PointerScope row = new PointerScope()) {
            float[] vector = image.feature();
            scaling.apply(vector);
            vectors
                .select(0, index.add(image.imageKey()))
                .copy_(AbstractTensor.create(vector, vector.length));
          }
        });
    return vectors;
  }

  private static int[][] rows(List<long[]> keys, KeyIndex index) {
    return keys.stream()
        .map(some -> Arrays.stream(some).mapToInt(key -> known(index, key)).toArray())
        .toArray(int[][]::new);
  }

  private static int known(KeyIndex index, long key) {
    int row = index.rowOf(key);
    return row == KeyIndex.ABSENT ? index.size() : row;
  }

  private static void rowOf(KeyIndex index, long key) {
    if (index.rowOf(key) == KeyIndex.ABSENT) {
      index.add(key);
    }
  }

  @Override
  public void close() {
    scope.close();
  }
}
