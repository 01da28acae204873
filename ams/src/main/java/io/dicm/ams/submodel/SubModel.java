package io.dicm.ams.submodel;

import io.dicm.ams.optimizer.Optimizer;
import io.dicm.ams.optimizer.OptimizerState;
import io.dicm.common.fs.FileDigest;
import io.dicm.common.tensor.SafeTensors.FloatTensor;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The trainable part of the image path, a replica of it on every server: one network for ad images
 * and one for behaviour images, or one for both. Not safe for use by many threads.
 */
public final class SubModel implements AutoCloseable {
  private final List<CodeNetwork> networks;

  /**
   * @param inputDimension length of the image vectors
   * @param shared one network for ad and behaviour images instead of two
   * @param seed of the initial values
   */
  public SubModel(int inputDimension, boolean shared, long seed, Optimizer optimizer) {
    NetworkLayout layout = NetworkLayout.of(inputDimension);
    List<String> names = shared ? List.of("shared") : List.of("ad", "behavior");
    this.networks =
        names.stream().map(name -> new CodeNetwork(name, layout, seed, optimizer)).toList();
  }

  private SubModel() {
    this.networks = List.of();
  }

  /** A sub-model without networks, of servers that do not compress images. */
  public static SubModel none() {
    return new SubModel();
  }

  /** The network of ad images. */
  public CodeNetwork ad() {
    return networks.get(0);
  }

  /** The network of behaviour images; the same as {@link #ad} when shared. */
  public CodeNetwork behavior() {
    return networks.get(networks.size() - 1);
  }

  /** The networks, each once. */
  public List<CodeNetwork> networks() {
    return networks;
  }

  /**
   * Makes one step in each network that has a gradient.
   *
   * @param gradients one for each network; an empty one: no image went through it anywhere
   */
  public void update(List<float[]> gradients, float learningRate) {
    for (int i = 0; i < networks.size(); i++) {
      if (gradients.get(i).length > 0) {
        networks.get(i).update(gradients.get(i), learningRate);
      }
    }
  }

  /** All tensors by readable names, such as {@code ad.fc1.weight}. */
  public Map<String, FloatTensor> tensors() {
    Map<String, FloatTensor> tensors = new LinkedHashMap<>();
    networks.forEach(network -> network.copyTensorsTo(tensors));
    return tensors;
  }

  /**
   * SHA-256 of the bits of all parameters and of their optimiser's slots, in hexadecimal: equal on
   * two servers exactly if their replicas are.
   */
  public String digest() {
    MessageDigest digest = FileDigest.newSha256();
    for (CodeNetwork network : networks) {
      OptimizerState state = network.state();
      addTo(digest, state.values());
      for (float[] slot : state.slots()) {
        addTo(digest, slot);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void addTo(MessageDigest digest, float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
    bytes.asFloatBuffer().put(values);
    digest.update(bytes);
  }

  @Override
  public void close() {
    networks.forEach(CodeNetwork::close);
  }
}
