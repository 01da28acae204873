package io.dicm.ams.submodel;

import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.compute.TensorWork;
import io.dicm.ams.dense.DenseRange;
import io.dicm.ams.optimizer.Optimizer;
import io.dicm.ams.reduce.Replica;
import io.dicm.common.key.Sha256;
import io.dicm.common.tensor.SafeTensors.FloatTensor;
import java.nio.FloatBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * The trainable part of the image path, a replica of it on every server: one network for ad images
 * and one for behaviour images, or one for both. Each server trains a range of each network. Not
 * safe for use by many threads.
 */
public final class SubModel implements Replica, AutoCloseable {
  private final List<CodeNetwork> networks;

  /**
   * @param layout of each network
   * @param shared one network for ad and behaviour images instead of two
   * @param seed of the initial values
   * @param server whose range of each network is trained here
   * @param servers how many there are
   * @param crew computes passes on the processor; not closed here
   */
  public SubModel(
      NetworkLayout layout,
      boolean shared,
      long seed,
      Optimizer optimizer,
      int server,
      int servers,
      ComputeCrew crew) {
    this(layout, shared, seed, optimizer, server, servers, TensorWork.onProcessor(crew));
  }

  /**
   * @param layout of each network
   * @param shared one network for ad and behaviour images instead of two
   * @param seed of the initial values
   * @param server whose range of each network is trained here
   * @param servers how many there are
   * @param work computes passes
   */
  public SubModel(
      NetworkLayout layout,
      boolean shared,
      long seed,
      Optimizer optimizer,
      int server,
      int servers,
      TensorWork work) {
    List<String> names = shared ? List.of("shared") : List.of("ad", "behavior");
    DenseRange own = DenseRange.of(layout.length(), server, servers);
    this.networks =
        names.stream()
            .map(name -> new CodeNetwork(name, layout, seed, optimizer, own, work))
            .toList();
  }

  private SubModel() {
    this.networks = List.of();
  }

  /** A sub-model without networks: images are not compressed, or elsewhere. */
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

  @Override
  public int[] lengths() {
    return networks.stream().mapToInt(network -> network.layout().length()).toArray();
  }

  @Override
  public void update(int network, float[] gradient, float learningRate) {
    networks.get(network).update(gradient, learningRate);
  }

  @Override
  public long updates(int network) {
    return networks.get(network).updates();
  }

  @Override
  public FloatBuffer ownValues(int network) {
    return networks.get(network).ownValues();
  }

  @Override
  public void put(int network, int from, FloatBuffer values) {
    networks.get(network).put(from, values);
  }

  @Override
  public int checksum() {
    CRC32C checksum = new CRC32C();
    networks.forEach(network -> checksum.update(network.valueBytes()));
    return (int) checksum.getValue();
  }

  /** All tensors by readable names, such as {@code ad.fc1.weight}. */
  public Map<String, FloatTensor> tensors() {
    Map<String, FloatTensor> tensors = new LinkedHashMap<>();
    networks.forEach(network -> network.copyTensorsTo(tensors));
    return tensors;
  }

  /**
   * SHA-256 of the bits of all values, in hexadecimal: equal on two servers exactly if their
   * replicas are.
   */
  public String digest() {
    MessageDigest digest = Sha256.newDigest();
    networks.forEach(network -> digest.update(network.valueBytes()));
    return HexFormat.of().formatHex(digest.digest());
  }

  @Override
  public void close() {
    networks.forEach(CodeNetwork::close);
  }
}
