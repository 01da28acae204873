package io.dicm.ams.server;

import io.dicm.ams.shard.RowGatherer;
import io.dicm.ams.shard.ShardRows;
import io.dicm.ams.submodel.CodeNetwork;
import io.dicm.ams.submodel.CodePass;
import io.dicm.ams.submodel.SubModel;
import io.dicm.feature.device.ComputeDevice;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The same pictures again and again through the sub-model, forward and back, with nothing of the
 * host between but the numbers of rows that go up: what of a server's step the device alone takes.
 * Nothing is learned. For one thread.
 */
public final class ImageRounds implements AutoCloseable {
  private static final double NANOS_A_MS = 1e6;

  private final ComputeDevice device;
  private final List<Pictures> networks = new ArrayList<>();

  /** What goes through one network. */
  private record Pictures(
      CodeNetwork network, RowGatherer gatherer, int[] rows, Tensor codeGradients) {
    CodePass forward() {
      return network.forward(gatherer.gather(rows));
    }

    void close() {
      gatherer.close();
      codeGradients.close();
    }
  }

  /**
   * Takes neither of them over.
   *
   * @param rows where the sub-model takes vectors from
   * @param subModel with at least one network
   * @param ads rows of shown items' pictures
   * @param behaviors rows of behaviours' pictures
   */
  ImageRounds(ShardRows rows, SubModel subModel, int[] ads, int[] behaviors) {
    this.device = subModel.ad().device();
    add(rows, subModel.ad(), ads);
    add(rows, subModel.behavior(), behaviors);
  }

  private void add(ShardRows shardRows, CodeNetwork network, int[] rows) {
    try (PointerScope scope = new PointerScope()) {
      Tensor gradients = device.empty(ScalarType.Float, rows.length, network.codeDimension());
      // Of ordinary size: products of zeros would take less power, and so less time.
      networks.add(
          new Pictures(
              network,
              shardRows.gatherer(),
              rows,
              gradients.normal_().mul_(new Scalar(1f / rows.length)).retainReference()));
    }
  }

  /** Makes a round; gives what it took, ms. */
  public double run() {
    List<CodePass> passes = new ArrayList<>();
    device.synchronize();
    long start = System.nanoTime();
    try (PointerScope scope = new PointerScope()) {
      networks.forEach(pictures -> passes.add(pictures.forward()));
      for (int i = 0; i < passes.size(); i++) {
        passes.get(i).beginBackward(networks.get(i).codeGradients());
      }
      device.synchronize();
      return (System.nanoTime() - start) / NANOS_A_MS;
    } finally {
      passes.forEach(CodePass::close);
    }
  }

  @Override
  public void close() {
    networks.forEach(Pictures::close);
  }
}
