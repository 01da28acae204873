package io.dicm.trainer.equality;

import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.compute.TensorWork;
import io.dicm.ams.shard.FeatureShard;
import io.dicm.ams.shard.RowGatherer;
import io.dicm.ams.shard.ShardRows;
import io.dicm.ams.submodel.CodeNetwork;
import io.dicm.ams.submodel.CodePass;
import io.dicm.ams.submodel.NetworkLayout.FlatTensor;
import io.dicm.ams.submodel.SubModelShape;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;

/** One network of the sub-model, asked directly for the codes of pictures. For one thread. */
final class InProcessNetwork implements AutoCloseable {
  /** Length of a code. */
  static final int WIDTH = SubModelShape.USUAL_CODE_DIMENSION;

  private final CodeNetwork network;
  private final FeatureShard shard;
  private final RowGatherer gatherer;
  private CodePass pass;

  /** Takes neither network nor shard over. */
  InProcessNetwork(CodeNetwork network, FeatureShard shard) {
    this.network = network;
    this.shard = shard;
    this.gatherer = ShardRows.of(shard, TensorWork.onProcessor(ComputeCrew.alone())).gatherer();
  }

  /** The pictures' codes, [keys, 12]. */
  float[] forward(long[] imageKeys) {
    if (imageKeys.length == 0) {
      return new float[0];
    }
    try (PointerScope scope = new PointerScope()) {
      pass = network.forward(gatherer.gather(shard.rowsOf(imageKeys)));
      return pass.codes();
    }
  }

  /** Makes a step, if there was a picture; gives the gradients by tensor. */
  Map<String, float[]> backward(float[] codeGradients, float learningRate) {
    Map<String, float[]> gradients = new TreeMap<>();
    if (pass == null) {
      return gradients;
    }
    float[] flat = pass.backward(codeGradients);
    for (FlatTensor tensor : network.layout().tensors()) {
      gradients.put(
          network.name() + "." + tensor.name(),
          Arrays.copyOfRange(flat, tensor.offset(), tensor.offset() + tensor.length()));
    }
    network.update(flat, learningRate);
    network.put(0, network.ownValues());
    closePass();
    return gradients;
  }

  private void closePass() {
    if (pass != null) {
      pass.close();
      pass = null;
    }
  }

  @Override
  public void close() {
    closePass();
    gatherer.close();
  }
}
