package io.dicm.trainer.bench;

import io.dicm.trainer.model.NetworkShape;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AbstractTensor;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * A worker's part of a step, forward and backward, as the plain loop has it: rows and codes come in
 * as Java arrays, gradients of all go out, no optimiser. For one thread.
 */
final class PlainWorkerStep implements AutoCloseable {
  private final PointerScope scope = new PointerScope();
  private final NetworkShape shape;
  private final TensorVector parameters = new TensorVector();
  private final PlainNetwork network;

  /**
   * @param shape joint or without pictures; its network and pooling are not looked at
   */
  PlainWorkerStep(NetworkShape shape) {
    this.shape = shape;
    this.network = new PlainNetwork(shape, parameters);
  }

  /** Forward and backward; gives the mean loss. */
  double step(WorkerBatch batch) {
    try (PointerScope step = new PointerScope()) {
      boolean pictures = shape.needsBehaviorCodes();
      Tensor ids = leaf(batch.inputs().idEmbeddings(), shape.rowWidth());
      Tensor ads = pictures ? leaf(batch.inputs().adCodes(), shape.codeDimension()) : null;
      Tensor behaviors =
          pictures ? leaf(batch.inputs().behaviorCodes(), shape.codeDimension()) : null;
      long[] labels = batch.batch().labels();
      Tensor loss =
          torch.cross_entropy_loss(
              network.logits(batch.batch(), ids, ads, behaviors),
              AbstractTensor.create(labels, labels.length));
      loss.backward();
      read(ids);
      if (pictures) {
        read(ads);
        read(behaviors);
      }
      for (int i = 0; i < parameters.size(); i++) {
        Tensor parameter = parameters.get(i);
        read(parameter);
        parameter.mutable_grad().zero_();
      }
      return loss.item_double();
    }
  }

  private static Tensor leaf(float[] values, int width) {
    return AbstractTensor.create(values, values.length / width, width).set_requires_grad(true);
  }

  private static void read(Tensor parameter) {
    Tensor gradient = parameter.grad().contiguous();
    gradient.data_ptr_float().get(new float[(int) gradient.numel()]);
  }

  @Override
  public void close() {
    scope.close();
  }
}
