package io.dicm.app.container;

import io.dicm.ams.embedding.EmbeddingOptions;
import io.dicm.ams.optimizer.Adagrad;
import io.dicm.ams.optimizer.Adam;
import io.dicm.ams.optimizer.Ftrl;
import io.dicm.ams.optimizer.LearningRate;
import io.dicm.ams.optimizer.Optimizer;
import io.dicm.ams.optimizer.Sgd;
import io.dicm.ams.server.AmsServerOptions;
import io.dicm.ams.server.OptimizerOptions;
import io.dicm.ams.server.WeightOptimizer;
import io.dicm.ams.shard.VectorPrecision;
import io.dicm.ams.submodel.MissingImages;
import io.dicm.ams.window.Staleness;
import io.dicm.app.launch.ContainerMemory;
import io.dicm.app.launch.ContainerSettings;
import io.dicm.app.launch.Role;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;

/** How a server is set up by the configuration. */
public final class ServerSettings {
  private static final double SMALLEST_RATE = 1e-12;
  private static final double MOST_RATE_RATIO = 1e6;
  private static final double MOST_REGULARISATION = 1e6;

  /** Of the memory outside the heap, for image vectors, open steps' images and ID embeddings. */
  private static final double DATA_SHARE = 0.66;

  /** Of those, for image vectors: with default settings 36 % of the container. */
  private static final double VECTOR_SHARE = 0.78;

  /** The optimisers of ID embeddings and IDs' weights by the names that configuration has. */
  private enum IdOptimizer {
    ADAM,
    ADAGRAD,
    FTRL,
    SGD;

    Optimizer with(float l1, float l2) {
      return switch (this) {
        case ADAM -> new Adam();
        case ADAGRAD -> new Adagrad();
        case FTRL -> new Ftrl(l1, l2);
        case SGD -> new Sgd();
      };
    }
  }

  /** The optimisers of the networks, in the same way. */
  private enum NetworkOptimizer {
    ADAM,
    ADAGRAD;

    Optimizer optimizer() {
      return switch (this) {
        case ADAM -> new Adam();
        case ADAGRAD -> new Adagrad();
      };
    }
  }

  private ServerSettings() {}

  /**
   * The options of one server of a gang.
   *
   * @param index this server, from 0
   * @param epoch the gang's incarnation
   * @param host name or address to listen at
   */
  public static AmsServerOptions of(
      DicmConfiguration conf, int index, int servers, int workers, long epoch, String host) {
    return AmsServerOptions.of(index, servers, workers)
        .embeddingDimension(ContainerSettings.embeddingDimension(conf))
        .weightColumns(ContainerSettings.weightColumns(conf))
        .optimizers(optimizers(conf))
        .seed(conf.longInteger(DicmKeys.TRAIN_SEED))
        .shareSubModel(conf.flag(DicmKeys.MODEL_SHARE_SUB_MODEL))
        .missingImages(conf.choice(DicmKeys.TRAIN_MISSING_IMAGE, MissingImages.class))
        .staleness(staleness(conf))
        .windowTimeoutMs(conf.nonNegativeLong(DicmKeys.TRAIN_WINDOW_TIMEOUT_MS))
        .epoch(epoch)
        .threads(ContainerSettings.threads(conf))
        .vectorPrecision(conf.choice(DicmKeys.TRAIN_VECTOR_PRECISION, VectorPrecision.class))
        .memoryLimitBytes(vectorBytes(conf))
        .embeddings(embeddings(conf))
        .bindHost(host)
        .build();
  }

  /** How all servers update parameters. */
  static OptimizerOptions optimizers(DicmConfiguration conf) {
    LearningRate rate =
        new LearningRate(
            (float) conf.number(DicmKeys.TRAIN_LEARNING_RATE, SMALLEST_RATE, 1),
            (float) conf.number(DicmKeys.TRAIN_LEARNING_RATE_FACTOR, SMALLEST_RATE, 1),
            conf.nonNegativeLong(DicmKeys.TRAIN_LEARNING_RATE_STEPS));
    OptimizerOptions withoutWeights =
        new OptimizerOptions(
            rate,
            conf.choice(DicmKeys.TRAIN_NETWORK_OPTIMIZER, NetworkOptimizer.class).optimizer(),
            conf.choice(DicmKeys.TRAIN_ID_OPTIMIZER, IdOptimizer.class)
                .with(regularisation(conf, DicmKeys.TRAIN_ID_L1), 0),
            rateRatio(conf, DicmKeys.TRAIN_ID_LEARNING_RATE_RATIO),
            regularisation(conf, DicmKeys.TRAIN_ID_L2));
    WeightOptimizer weights = weights(conf);
    return ContainerSettings.weightColumns(conf) > 0
        ? withoutWeights.withWeights(weights)
        : withoutWeights;
  }

  /** How the IDs' weights are updated in networks where they have some. */
  static WeightOptimizer weights(DicmConfiguration conf) {
    return new WeightOptimizer(
        conf.choice(DicmKeys.TRAIN_WEIGHT_OPTIMIZER, IdOptimizer.class)
            .with(
                regularisation(conf, DicmKeys.TRAIN_WEIGHT_L1),
                regularisation(conf, DicmKeys.TRAIN_WEIGHT_L2)),
        rateRatio(conf, DicmKeys.TRAIN_WEIGHT_LEARNING_RATE_RATIO));
  }

  private static float regularisation(DicmConfiguration conf, String key) {
    return (float) conf.number(key, 0, MOST_REGULARISATION);
  }

  private static float rateRatio(DicmConfiguration conf, String key) {
    return (float) conf.number(key, 1 / MOST_RATE_RATIO, MOST_RATE_RATIO);
  }

  /** How far a step's parameters may lie behind. */
  public static Staleness staleness(DicmConfiguration conf) {
    return new Staleness(conf.integer(DicmKeys.TRAIN_STALENESS, -1, Staleness.MOST_STEPS));
  }

  private static EmbeddingOptions embeddings(DicmConfiguration conf) {
    return new EmbeddingOptions(
        conf.integer(DicmKeys.TRAIN_ID_ADMISSION_COUNT, 1, Integer.MAX_VALUE),
        conf.nonNegativeLong(DicmKeys.TRAIN_ID_EXPIRY_STEPS),
        conf.nonNegativeLong(DicmKeys.TRAIN_ID_FLOOR_ROWS),
        dataBytes(conf) - vectorBytes(conf));
  }

  /**
   * What image vectors may take; what they leave, ID embeddings and open steps' images may have
   * besides theirs: the server counts both as it runs.
   */
  private static long vectorBytes(DicmConfiguration conf) {
    return (long) (dataBytes(conf) * VECTOR_SHARE);
  }

  /** The container's native share, less room for the sub-model, gradients and gRPC. */
  private static long dataBytes(DicmConfiguration conf) {
    ContainerMemory memory =
        ContainerSettings.memory(conf, Role.SERVER.label(), DicmKeys.YARN_SERVER_MEMORY_MB);
    return (long) ((memory.totalMb() - memory.heapMb()) * DATA_SHARE) << 20;
  }
}
