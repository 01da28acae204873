package io.dicm.ams.server;

import io.dicm.ams.checkpoint.Checkpoint;
import io.dicm.ams.checkpoint.CheckpointManifest;
import io.dicm.ams.checkpoint.CheckpointPart;
import io.dicm.ams.checkpoint.ServerSnapshot;
import io.dicm.ams.dense.DenseParameters;
import io.dicm.ams.dense.DenseRange;
import io.dicm.ams.dense.DenseSnapshot;
import io.dicm.ams.embedding.EmbeddingTable;
import io.dicm.ams.embedding.EmbeddingVisitor;
import io.dicm.ams.embedding.IdHistory;
import io.dicm.ams.embedding.RowColumns;
import io.dicm.ams.optimizer.Optimizer;
import io.dicm.ams.optimizer.OptimizerState;
import io.dicm.ams.submodel.CodeNetwork;
import io.dicm.ams.submodel.SubModel;
import io.dicm.ams.submodel.SubModelDecision;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Buckets;
import io.dicm.common.progress.ProgressListener;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** All that a server trains, as one thing to be snapshot and restored. For one thread. */
final class ServerState {
  private static final int PROGRESS_EVERY = 10_000;

  /** What begins from another training's end goes through the phases again. */
  private static final int FIRST_PHASE = 0;

  private final AmsServerOptions options;
  private final SubModelDecision decision;
  private final SubModel subModel;
  private final EmbeddingTable embeddings;
  private final DenseParameters dense;

  ServerState(
      AmsServerOptions options,
      SubModelDecision decision,
      SubModel subModel,
      EmbeddingTable embeddings,
      DenseParameters dense) {
    this.options = options;
    this.decision = decision;
    this.subModel = subModel;
    this.embeddings = embeddings;
    this.dense = dense;
  }

  /**
   * The state after so many steps; embeddings are shared until they change.
   *
   * @throws DicmException {@link ErrorCode#TRAINING_DIVERGED} when a dense parameter or one of the
   *     sub-model is not a finite number
   */
  ServerSnapshot snapshot(long steps) {
    return finite(steps, "take the checkpoint of step " + steps);
  }

  /**
   * Looks whether what has been trained is worth writing.
   *
   * @throws DicmException as {@link #snapshot}
   */
  void requireFinite(long steps) {
    finite(steps, "write the model after step " + steps).release();
  }

  private ServerSnapshot finite(long steps, String what) {
    ServerSnapshot snapshot =
        new ServerSnapshot(
            options.index(),
            options.servers(),
            steps,
            options.optimizers().networks(),
            options.optimizers().idSettings(),
            options.optimizers().weightSettings(),
            dense.snapshot(),
            subModel.networks().stream().map(CodeNetwork::snapshot).toList(),
            HexFormat.of().toHexDigits(subModel.checksum()),
            embeddings.snapshot());
    try {
      new FiniteCheck(what, options.index()).check(snapshot);
      return snapshot;
    } catch (RuntimeException e) {
      snapshot.release();
      throw e;
    }
  }

  /**
   * Takes this server's share of a checkpoint, however many servers wrote it, to go on from it.
   *
   * @throws DicmException {@link ErrorCode#SCHEMA_MISMATCH} when it is of another kind of training;
   *     {@link ErrorCode#STORE_CORRUPT}
   */
  void restore(Checkpoint checkpoint, ProgressListener progress) throws IOException {
    check("seed", checkpoint.manifest().seed(), options.seed());
    checkSame(checkpoint);
    checkSameIds(checkpoint);
    takeNetworks(checkpoint, checkpoint.densePhase());
    takeEmbeddings(checkpoint, history -> history, progress);
    embeddings.restored(checkpoint.manifest().steps());
  }

  /**
   * Takes this server's share of what another training ended with. The seed may be another: it is
   * that of the IDs which the checkpoint does not know. All IDs count as asked for at the start.
   *
   * @throws DicmException as {@link #restore}
   */
  void warmStart(Checkpoint checkpoint, WarmStartMode mode, ProgressListener progress)
      throws IOException {
    checkSame(checkpoint);
    if (mode == WarmStartMode.FULL) {
      checkSameIds(checkpoint);
    }
    takeNetworks(checkpoint, FIRST_PHASE);
    if (mode == WarmStartMode.FULL) {
      takeEmbeddings(
          checkpoint,
          history -> new IdHistory(0, history.references(), history.updates()),
          progress);
      embeddings.restored(0);
    }
  }

  private void checkSame(Checkpoint checkpoint) {
    CheckpointManifest manifest = checkpoint.manifest();
    RowColumns columns = options.rowColumns();
    check("embedding dimension", manifest.embeddingDimension(), columns.embedding());
    check("number of weights of each ID", manifest.weightColumns(), columns.weights());
    check("image vectors' length", manifest.inputDimension(), decision.inputDimension());
    checkSameSubModel(manifest);
    check(
        "networks' optimiser", manifest.networkOptimizer(), options.optimizers().networks().name());
  }

  private void checkSameSubModel(CheckpointManifest manifest) {
    if (!manifest.subModel().equals(decision.shape())) {
      throw new DicmException(
          ErrorCode.SCHEMA_MISMATCH,
          "Cannot restore the checkpoint: its sub-model is %s, here it is %s (%s). Set %s=%s to go on from it."
              .formatted(
                  manifest.subModel(),
                  decision.shape(),
                  decision.because(),
                  DicmKeys.MODEL_SUB_MODEL,
                  manifest.subModel()));
    }
  }

  private void checkSameIds(Checkpoint checkpoint) {
    CheckpointManifest manifest = checkpoint.manifest();
    OptimizerOptions optimizers = options.optimizers();
    if (options.rowColumns().embedding() > 0) {
      check("ID embeddings' optimiser", manifest.idOptimizer(), optimizers.ids().name());
      for (CheckpointPart part : manifest.parts()) {
        checkSameSettings(
            "ID embeddings",
            optimizers.ids().name(),
            part.idSettings(),
            optimizers.idSettings(),
            "dicm.train.id-l1, and dicm.train.learning-rate times dicm.train.id-learning-rate-ratio");
      }
    }
    check(
        "optimiser of the IDs' weights",
        manifest.weightOptimizer(),
        optimizers.weightOptimizerName());
    for (CheckpointPart part : manifest.parts()) {
      checkSameSettings(
          "weights of IDs",
          optimizers.weightOptimizerName(),
          part.weightSettings(),
          optimizers.weightSettings(),
          "dicm.train.weight-l1, dicm.train.weight-l2, and dicm.train.learning-rate times"
              + " dicm.train.weight-learning-rate-ratio");
    }
  }

  /** Older checkpoints do not say what theirs were. */
  private static void checkSameSettings(
      String what,
      String optimizer,
      Map<String, Float> settingsThere,
      Map<String, Float> settingsHere,
      String keys) {
    Map<String, Float> there = new TreeMap<>(settingsThere);
    Map<String, Float> here = new TreeMap<>(settingsHere);
    if (!there.isEmpty() && !there.equals(here)) {
      throw new DicmException(
          ErrorCode.SCHEMA_MISMATCH,
          "Cannot go on with the checkpoint's "
              + what
              + ": "
              + optimizer
              + " trained them with "
              + there
              + ", now it has "
              + here
              + ", which would rescale them. Set "
              + keys
              + ", to what they were, or leave the embeddings out by"
              + " dicm.train.warm-start-mode=partial.");
    }
  }

  /**
   * @param phase that the dense parameters are in
   */
  private void takeNetworks(Checkpoint checkpoint, int phase) throws IOException {
    Optimizer optimizer = options.optimizers().networks();
    for (CodeNetwork network : subModel.networks()) {
      long updates = checkpoint.networkUpdates(network.name());
      check(
          "number of parameters in the network '" + network.name() + "'",
          checkpoint.networkLength(network.name()),
          network.layout().length());
      network.restore(updates, checkpoint.network(network.name(), network.layout(), optimizer));
    }
    DenseRange range = DenseRange.of(checkpoint.denseLength(), options.index(), options.servers());
    dense.restore(
        new DenseSnapshot(
            checkpoint.denseLength(),
            checkpoint.denseStatistics(),
            checkpoint.denseUpdates(),
            phase,
            checkpoint.dense(optimizer).range(range.from(), range.to())));
  }

  private void takeEmbeddings(
      Checkpoint checkpoint, UnaryOperator<IdHistory> history, ProgressListener progress)
      throws IOException {
    long all =
        checkpoint.manifest().parts().stream().mapToLong(CheckpointPart::embeddingRows).sum();
    checkpoint.forEachEmbedding(
        options.optimizers().ofRows(options.rowColumns()),
        new OwnEmbeddings(history, all, progress));
  }

  /** Restores the IDs whose buckets this server owns. */
  private final class OwnEmbeddings implements EmbeddingVisitor<RuntimeException> {
    private final UnaryOperator<IdHistory> newHistory;
    private final long all;
    private final ProgressListener progress;
    private long read;

    private OwnEmbeddings(
        UnaryOperator<IdHistory> newHistory, long all, ProgressListener progress) {
      this.newHistory = newHistory;
      this.all = all;
      this.progress = progress;
    }

    @Override
    public void row(long key, IdHistory history, OptimizerState state) {
      if (isOwn(key)) {
        embeddings.restoreRow(key, newHistory.apply(history), state);
      }
    }

    @Override
    public void candidate(long key, IdHistory history) {
      if (isOwn(key)) {
        embeddings.restoreCandidate(key, newHistory.apply(history));
      }
    }

    private boolean isOwn(long key) {
      if (++read % PROGRESS_EVERY == 0 || read == all) {
        progress.progress(read, all, "IDs read");
      }
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
