package io.dicm.trainer.model;

import io.dicm.feature.device.ComputeDevice;
import io.dicm.trainer.cuda.PairIndex;
import io.dicm.trainer.cuda.PairTensors;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * A batch's indices as tensors where its network is computed. Each is made when it is first asked
 * for and kept until this is closed; {@link #makeAll} makes those of a training step before anybody
 * waits for them. For one thread at a time.
 */
public final class PreparedIndices implements AutoCloseable {
  private final NetworkIndices indices;
  private final ComputeDevice device;
  private final AttentionKernels kernels;
  private final List<Tensor> tensors = new ArrayList<>();
  private final IdentityHashMap<Bags, TensorBags> bags = new IdentityHashMap<>();
  private final IdentityHashMap<Bags, BagGradients> gradients = new IdentityHashMap<>();
  private final Bags sampleOfImpression;
  private AttentionEntries attentionEntries;
  private PairTensors pairTensors;
  private Tensor impressionOfEntry;

  /**
   * @param kernels of attention, which say what its pairs are made to
   */
  PreparedIndices(NetworkIndices indices, ComputeDevice device, AttentionKernels kernels) {
    this.indices = indices;
    this.device = device;
    this.kernels = kernels;
    this.sampleOfImpression = Bags.singles(indices.sampleOfImpression());
  }

  /**
   * Makes what a training step asks for.
   *
   * @param idRows rows of the step's table of IDs, and so on
   */
  void makeAll(NetworkShape shape, int idRows, int adRows, int behaviorRows) {
    if (shape.needsAdCodes()) {
      bags(indices.adImages());
      gradients(indices.adImages(), adRows);
    }
    if (shape.images().poolsBehaviors()) {
      if (shape.aggregation().kind().asksWithAdCode()) {
        kernels.make(this, behaviorRows);
      } else if (shape.aggregation().kind() == AggregatorKind.SUM) {
        // Other poolings lay the behaviours out anew, in the step itself.
        bags(indices.behaviorImages());
        gradients(indices.behaviorImages(), behaviorRows);
      }
    }
    for (Bags ids :
        List.of(
            indices.impressionIds(),
            indices.sampleIds(),
            indices.crosses(),
            indices.behaviors().ids(),
            indices.behaviors().drawnIds())) {
      if (ids.count() > 0) {
        bags(ids);
        gradients(ids, idRows).make();
      }
    }
    if (shape.sampleBags() > 0) {
      bags(sampleOfImpression);
      gradients(sampleOfImpression, indices.samples());
    }
  }

  /** What the tensors are made of. */
  NetworkIndices indices() {
    return indices;
  }

  /** Where the tensors are. */
  ComputeDevice device() {
    return device;
  }

  /** What computes attention. */
  AttentionKernels kernels() {
    return kernels;
  }

  /** A bag of one sample for each impression. */
  Bags sampleOfImpression() {
    return sampleOfImpression;
  }

  TensorBags bags(Bags of) {
    return bags.computeIfAbsent(of, some -> new TensorBags(some, this));
  }

  /**
   * @param tableRows rows of the table that the bags are pooled from
   */
  BagGradients gradients(Bags of, int tableRows) {
    return gradients.computeIfAbsent(of, some -> new BagGradients(some, tableRows, this));
  }

  /**
   * The pairs of behaviours' pictures and impressions.
   *
   * @param behaviorRows rows of the table of behaviour codes
   */
  AttentionEntries attentionEntries(int behaviorRows) {
    if (attentionEntries == null) {
      attentionEntries = new AttentionEntries(behaviorRows, this);
    }
    return attentionEntries;
  }

  /** The same pairs, as kernels take them; parameters as of {@link #attentionEntries}. */
  PairTensors pairTensors(int behaviorRows) {
    if (pairTensors == null) {
      Bags images = indices.behaviorImages();
      PairIndex index = PairIndex.of(images.rows(), images.offsets(), behaviorRows);
      try (PointerScope scope = new PointerScope()) {
        pairTensors = PairTensors.of(index, device);
        pairTensors.tensors().forEach(this::keep);
      }
    }
    return pairTensors;
  }

  /** The impression of each behaviour's picture, [r]. */
  Tensor impressionOfEntry() {
    if (impressionOfEntry == null) {
      impressionOfEntry = tensor(indices.behaviorImages().bagOfEntry());
    }
    return impressionOfEntry;
  }

  /** A 32-bit index tensor, of no indices too; this object's to close. */
  Tensor tensor(int[] values) {
    try (PointerScope scope = new PointerScope()) {
      return keep(device.of(values, values.length));
    }
  }

  /** A float32 tensor; this object's to close. */
  Tensor tensor(float[] values) {
    try (PointerScope scope = new PointerScope()) {
      return keep(device.of(values, values.length));
    }
  }

  private Tensor keep(Tensor tensor) {
    tensors.add(tensor.retainReference());
    return tensor;
  }

  @Override
  public void close() {
    tensors.forEach(Tensor::close);
    tensors.clear();
  }
}
