package io.dicm.ams.server;

import io.dicm.ams.checkpoint.Checkpoint;
import io.dicm.ams.checkpoint.ServerSnapshot;
import io.dicm.ams.dense.DenseParameters;
import io.dicm.ams.dense.DenseRange;
import io.dicm.ams.embedding.EmbeddingTable;
import io.dicm.ams.embedding.EmbeddingVisitor;
import io.dicm.ams.embedding.IdHistory;
import io.dicm.ams.optimizer.Optimizer;
import io.dicm.ams.optimizer.OptimizerState;
import io.dicm.ams.submodel.CodeNetwork;
import io.dicm.ams.submodel.SubModel;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Buckets;
import java.io.IOException;

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
    return new ServerSnapshot(
        options.index(),
        options.servers(),
        steps,
        options.optimizers().networks(),
        options.optimizers().ids(),
        dense.snapshot(),
        subModel.networks().stream().map(CodeNetwork::snapshot).toList(),
        embeddings.snapshot());
  }

  /**
   * Takes this server's share of a checkpoint, however many servers wrote it.
   *
   * @throws DicmException {@link ErrorCode#SCHEMA_MISMATCH} when it is of another kind of training;
   *     {@link ErrorCode#STORE_CORRUPT}
   */
  void restore(Checkpoint checkpoint) throws IOException {
    check(
        "embedding dimension", checkpoint.manifest().embeddingDimension(), embeddings.dimension());
    check(
        "image vectors' length",
        checkpoint.manifest().inputDimension(),
        subModel.ad().layout().inputDimension());
    check("seed", checkpoint.manifest().seed(), options.seed());
    Optimizer networks = options.optimizers().networks();
    Optimizer ids = options.optimizers().ids();
    check("networks' optimiser", checkpoint.manifest().networkOptimizer(), networks.name());
    check("ID embeddings' optimiser", checkpoint.manifest().idOptimizer(), ids.name());
    for (CodeNetwork network : subModel.networks()) {
      long updates = checkpoint.networkUpdates(network.name());
      check(
          "number of parameters in the network '" + network.name() + "'",
          checkpoint.networkLength(network.name()),
          network.layout().length());
      network.restore(updates, checkpoint.network(network.name(), network.layout(), networks));
    }
    DenseRange range = DenseRange.of(checkpoint.denseLength(), options.index(), options.servers());
    dense.restore(
        checkpoint.denseLength(),
        checkpoint.denseUpdates(),
        checkpoint.dense(networks).range(range.from(), range.to()));
    checkpoint.forEachEmbedding(ids, new OwnEmbeddings());
    embeddings.restored(checkpoint.manifest().steps());
  }

  /** Restores the IDs whose buckets this server owns. */
  private final class OwnEmbeddings implements EmbeddingVisitor<RuntimeException> {
    @Override
    public void row(long key, IdHistory history, OptimizerState state) {
      if (isOwn(key)) {
        embeddings.restoreRow(key, history, state);
      }
    }

    @Override
    public void candidate(long key, IdHistory history) {
      if (isOwn(key)) {
        embeddings.restoreCandidate(key, history);
      }
    }

    private boolean isOwn(long key) {
      return Buckets.serverOf(key, options.servers()) == options.index();
    }
  }

  private static void check(String what, Object there, Object here) {
    if (!there.equals(here)) {
      throw new DicmException(
          ErrorCode.SCHEMA_MISMATCH,
          "Cannot restore the checkpoint: its " + what + " is " + there + ", needed " + here + ".");
    }
  }
}
