package io.dicm.trainer;

import io.dicm.ams.checkpoint.Checkpoint;
import io.dicm.ams.embedding.EmbeddingVisitor;
import io.dicm.ams.embedding.IdHistory;
import io.dicm.ams.optimizer.Adam;
import io.dicm.ams.optimizer.OptimizerState;
import io.dicm.ams.submodel.NetworkLayout;
import io.dicm.ams.submodel.NetworkLayout.FlatTensor;
import io.dicm.trainer.network.DenseLayout;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything that a training with Adam has made, tensor by tensor: values, the optimiser's moments
 * and the numbers of updates. Immutable by convention.
 *
 * @param tensors by name; an embedding's is {@code id_embeddings.<key>}
 */
public record TrainedState(Map<String, Tensor> tensors) {
  /**
   * One tensor.
   *
   * @param updates that it has had
   * @param state values and moments, row-major
   */
  public record Tensor(long updates, OptimizerState state) {
    /** Whether all bits are the same. */
    boolean sameBits(Tensor other) {
      return updates == other.updates
          && Arrays.equals(bits(state.values()), bits(other.state.values()))
          && Arrays.equals(bits(state.slots()[0]), bits(other.state.slots()[0]))
          && Arrays.equals(bits(state.slots()[1]), bits(other.state.slots()[1]));
    }

    private static int[] bits(float[] values) {
      int[] bits = new int[values.length];
      Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
      return bits;
    }
  }

  /** The name of an ID's embedding. */
  public static String embedding(long key) {
    return String.format("id_embeddings.%016x", key);
  }

  /**
   * What a checkpoint holds.
   *
   * @param dense layout of the workers' network
   * @param networks names of the sub-model's networks
   */
  public static TrainedState of(Checkpoint checkpoint, DenseLayout dense, List<String> networks)
      throws IOException {
    Adam adam = new Adam();
    Map<String, Tensor> tensors = new TreeMap<>();
    OptimizerState flat = checkpoint.dense(adam);
    for (DenseLayout.Entry entry : dense.entries()) {
      tensors.put(
          entry.name(),
          new Tensor(
              checkpoint.denseUpdates(),
              flat.range(entry.offset(), entry.offset() + entry.count())));
    }
    NetworkLayout layout = NetworkLayout.of(checkpoint.manifest().inputDimension());
    for (String network : networks) {
      long updates = checkpoint.networkUpdates(network);
      OptimizerState state = checkpoint.network(network, layout, adam);
      for (FlatTensor tensor : layout.tensors()) {
        tensors.put(
            network + "." + tensor.name(),
            new Tensor(updates, state.range(tensor.offset(), tensor.offset() + tensor.length())));
      }
    }
    checkpoint.forEachEmbedding(
        adam,
        new EmbeddingVisitor<RuntimeException>() {
          @Override
          public void row(long key, IdHistory history, OptimizerState state) {
            tensors.put(embedding(key), new Tensor(history.updates(), state.copy()));
          }

          @Override
          public void candidate(long key, IdHistory history) {
            throw new IllegalStateException("Every ID is trained from its first step on");
          }
        });
    return new TrainedState(tensors);
  }

  /** The values alone. */
  public Map<String, float[]> values() {
    Map<String, float[]> values = new TreeMap<>();
    tensors.forEach((name, tensor) -> values.put(name, tensor.state().values()));
    return values;
  }

  /** Names of the tensors that are not in both, or differ by a bit. */
  public List<String> differencesTo(TrainedState other) {
    TreeMap<String, Tensor> all = new TreeMap<>(tensors);
    all.putAll(other.tensors);
    return all.keySet().stream()
        .filter(
            name ->
                !tensors.containsKey(name)
                    || !other.tensors.containsKey(name)
                    || !tensors.get(name).sameBits(other.tensors.get(name)))
        .toList();
  }
}
