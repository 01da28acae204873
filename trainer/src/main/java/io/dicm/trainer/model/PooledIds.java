package io.dicm.trainer.model;

import io.dicm.trainer.network.BehaviorRows;
import io.dicm.trainer.network.DrawnItems;
import org.bytedeco.pytorch.Tensor;

/**
 * A batch's rows of IDs by field, and the way back to the unique rows. The poolings' derivatives
 * are by hand, since libtorch's go back row by row. Lives in the pointer scope it was made in.
 */
final class PooledIds {
  private final NetworkShape shape;
  private final NetworkTables tables;
  private final PreparedIndices prepared;
  private final NetworkIndices indices;

  PooledIds(NetworkShape shape, NetworkTables tables, PreparedIndices prepared) {
    this.shape = shape;
    this.tables = tables;
    this.prepared = prepared;
    this.indices = prepared.indices();
  }

  /**
   * The tensors by which a pass goes back, or their gradients; null for what there is not.
   *
   * @param sample [impressions, sample fields, row width]
   * @param impression [impressions, impression fields, row width]
   * @param crosses [impressions, crosses, row width]
   * @param behaviors [behaviors, behavior fields * row width]
   * @param drawn [drawn items, behavior fields * row width]
   */
  record Leaves(Tensor sample, Tensor impression, Tensor crosses, Tensor behaviors, Tensor drawn) {
    /** All of them, to be given gradients. */
    static Leaves of(PooledIds ids) {
      return new Leaves(
          leaf(ids.sampleByImpression()),
          leaf(ids.impression()),
          leaf(ids.crosses()),
          leaf(ids.behaviors()),
          leaf(ids.drawn()));
    }

    static Tensor leaf(Tensor tensor) {
      return tensor == null ? null : tensor.set_requires_grad(true);
    }
  }

  /** Pooled once a sample, then given to each of its impressions; null without sample fields. */
  Tensor sampleByImpression() {
    if (shape.sampleBags() == 0) {
      return null;
    }
    Tensor bySample =
        prepared.bags(indices.sampleIds()).mean(tables.ids()).reshape(indices.samples(), -1);
    return prepared
        .bags(prepared.sampleOfImpression())
        .gather(bySample)
        .view(-1, shape.sampleBags(), shape.rowWidth());
  }

  /** Null without impression fields. */
  Tensor impression() {
    return byImpression(indices.impressionIds(), shape.impressionBags());
  }

  /** Null without crosses. */
  Tensor crosses() {
    return byImpression(indices.crosses(), shape.crosses().size());
  }

  private Tensor byImpression(Bags bags, int fields) {
    return fields == 0
        ? null
        : prepared
            .bags(bags)
            .mean(tables.ids())
            .view(indices.impressions(), fields, shape.rowWidth());
  }

  /** [behaviors, behavior fields * row width]; null unless they are read one by one. */
  Tensor behaviors() {
    return shape.behaviorBags() == 0 ? null : byBehavior(indices.behaviors().ids());
  }

  /** [drawn items, behavior fields * row width]; null without any. */
  Tensor drawn() {
    Bags drawn = indices.behaviors().drawnIds();
    return drawn.count() == 0 ? null : byBehavior(drawn);
  }

  private Tensor byBehavior(Bags bags) {
    long width = (long) shape.behaviorBags() * shape.rowWidth();
    return bags.count() == 0
        ? tables.ids().new_zeros(0, width)
        : prepared.bags(bags).sum(tables.ids()).view(-1, width);
  }

  /** The behaviours one by one; null unless they are read so. */
  BehaviorRows behaviorRows() {
    return behaviorRows(behaviors(), null);
  }

  /** The same of the leaves. */
  BehaviorRows behaviorRows(Leaves leaves) {
    return behaviorRows(leaves.behaviors(), leaves.drawn());
  }

  private BehaviorRows behaviorRows(Tensor rows, Tensor drawn) {
    if (rows == null) {
      return null;
    }
    BehaviorIndices behaviors = indices.behaviors();
    return new BehaviorRows(
        rows,
        behaviors.offsets(),
        indices.sampleOfImpression(),
        drawn == null ? null : new DrawnItems(drawn, behaviors.drawnOfBehavior()));
  }

  /** From gradients of the leaves to those of the unique rows, [n, row width]. */
  Tensor gradient(Leaves gradients) {
    Tensor sum = throughMean(indices.impressionIds(), gradients.impression(), null);
    if (gradients.sample() != null) {
      Tensor bySample =
          prepared
              .gradients(prepared.sampleOfImpression(), indices.samples())
              .ofSum(gradients.sample().contiguous().flatten(1, -1));
      sum = throughMean(indices.sampleIds(), bySample, sum);
    }
    sum = throughMean(indices.crosses(), gradients.crosses(), sum);
    sum = throughMean(indices.behaviors().ids(), gradients.behaviors(), sum);
    return throughMean(indices.behaviors().drawnIds(), gradients.drawn(), sum);
  }

  private Tensor throughMean(Bags bags, Tensor gradient, Tensor sum) {
    if (gradient == null || bags.count() == 0) {
      return sum;
    }
    Tensor here =
        prepared
            .gradients(bags, (int) tables.ids().size(0))
            .ofMean(gradient.contiguous().view(bags.count(), shape.rowWidth()));
    return sum == null ? here : sum.add_(here);
  }
}
