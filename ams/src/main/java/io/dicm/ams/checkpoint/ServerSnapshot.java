package io.dicm.ams.checkpoint;

import io.dicm.ams.dense.DenseSnapshot;
import io.dicm.ams.embedding.EmbeddingSnapshot;
import io.dicm.ams.optimizer.Optimizer;
import io.dicm.ams.submodel.NetworkSnapshot;
import java.util.List;
import java.util.Map;

/**
 * Everything that one server trains, after the same step on all servers. Immutable until it is
 * released.
 *
 * @param server the server's index
 * @param servers how many there are
 * @param steps finished steps
 * @param networkOptimizer optimiser of the networks and of the dense parameters
 * @param idSettings of the ID embeddings' optimiser, as {@link CheckpointPart} has them
 * @param weightSettings of the optimiser of the IDs' weights, in the same way
 * @param dense its range of the dense parameters
 * @param networks its range of each of the sub-model's networks
 * @param subModelChecksum CRC-32C of its replica of the whole sub-model, 8 hexadecimal digits
 * @param embeddings its ID embeddings and weights
 */
public record ServerSnapshot(
    int server,
    int servers,
    long steps,
    Optimizer networkOptimizer,
    Map<String, Float> idSettings,
    Map<String, Float> weightSettings,
    DenseSnapshot dense,
    List<NetworkSnapshot> networks,
    String subModelChecksum,
    EmbeddingSnapshot embeddings) {
  public ServerSnapshot {
    idSettings = Map.copyOf(idSettings);
    weightSettings = Map.copyOf(weightSettings);
    networks = List.copyOf(networks);
  }

  /** Says that nobody reads the snapshot any more; once, by any thread. */
  public void release() {
    embeddings.release();
  }
}
