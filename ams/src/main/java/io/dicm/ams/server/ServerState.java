package io.dicm.ams.server;

import io.dicm.ams.checkpoint.Checkpoint;
import io.dicm.ams.checkpoint.ServerSnapshot;
import io.dicm.ams.dense.DenseParameters;
import io.dicm.ams.dense.DenseRange;
import io.dicm.ams.embedding.EmbeddingTable;
import io.dicm.ams.optimizer.Optimizer;
import io.dicm.ams.submodel.CodeNetwork;
import io.dicm.ams.submodel.SubModel;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Buckets;
import java.io.IOException;
import java.util.List;

/** All that a server trains, as one thing to be snapshot and restored. For one thread. */
final class ServerState {
  private final AmsServerOptions options;
  private final SubModel subModel;
  private final EmbeddingTable embeddings;
  private final DenseParameters dense;

  ServerState(
      AmsServerOptions options,
      SubModel subModel,
      EmbeddingTable embeddings,
      DenseParameters dense) {
    this.options = options;
    this.subModel = subModel;
    this.embeddings = embeddings;
    this.dense = dense;
  }

  /** The state after so many steps; embeddings are shared until they change. */
  ServerSnapshot snapshot(long steps) {
    List<CodeNetwork> networks = options.index() == 0 ? subModel.networks() : List.of();
    return new ServerSnapshot(
        options.index(),
        options.servers(),
        steps,
        options.optimizers().networks(),
        options.optimizers().ids(),
        dense.snapshot(),
        networks.stream().map(CodeNetwork::snapshot).toList(),
        embeddings.snapshot());
  }

  /**
   * Takes this server's share of a checkpoint, however many servers wrote it, to go on from it.
   *
   * @throws DicmException {@link ErrorCode#SCHEMA_MISMATCH} when it is of another kind of training;
   *     {@link ErrorCode#STORE_CORRUPT}
   */
  void restore(Checkpoint checkpoint) throws IOException {
    check("seed", checkpoint.manifest().seed(), options.seed());
    warmStart(checkpoint, WarmStartMode.FULL);
  }

  /**
   * Takes this server's share of what another training ended with. The seed may be another: it is
   * that of the IDs which the checkpoint does not know.
   *
   * @throws DicmException as {@link #restore}
   */
  void warmStart(Checkpoint checkpoint, WarmStartMode mode) throws IOException {
    check(
        "embedding dimension", checkpoint.manifest().embeddingDimension(), embeddings.dimension());
    check("image vectors' length", checkpoint.manifest().inputDimension(), inputDimension());
    Optimizer networks = options.optimizers().networks();
    check("networks' optimiser", checkpoint.manifest().networkOptimizer(), networks.name());
    if (mode == WarmStartMode.FULL) {
      String ids = options.optimizers().ids().name();
      check("ID embeddings' optimiser", checkpoint.manifest().idOptimizer(), ids);
    }
    takeNetworks(checkpoint, networks);
    if (mode == WarmStartMode.FULL) {
      takeEmbeddings(checkpoint);
    }
  }

  private void takeNetworks(Checkpoint checkpoint, Optimizer optimizer) throws IOException {
    for (CodeNetwork network : subModel.networks()) {
      network.restore(
          checkpoint.networkUpdates(network.name()),
          checkpoint.network(network.name(), network.layout(), optimizer));
    }
    DenseRange range = DenseRange.of(checkpoint.denseLength(), options.index(), options.servers());
    dense.restore(
        checkpoint.denseLength(),
        checkpoint.denseUpdates(),
        checkpoint.dense(optimizer).range(range.from(), range.to()));
  }

  private void takeEmbeddings(Checkpoint checkpoint) throws IOException {
    checkpoint.forEachEmbedding(
        options.optimizers().ids(),
        (key, updates, state) -> {
          if (Buckets.serverOf(key, options.servers()) == options.index()) {
            embeddings.restore(key, updates, state);
          }
        });
  }

  private int inputDimension() {
    return (int) subModel.ad().layout().tensors().get(0).shape()[1];
  }

  private static void check(String what, Object there, Object here) {
    if (!there.equals(here)) {
      throw new DicmException(
          ErrorCode.SCHEMA_MISMATCH,
          "Cannot restore the checkpoint: its " + what + " is " + there + ", needed " + here + ".");
    }
  }
}
