package io.dicm.app.container;

import io.dicm.ams.optimizer.Adagrad;
import io.dicm.ams.optimizer.Adam;
import io.dicm.ams.optimizer.Ftrl;
import io.dicm.ams.optimizer.LearningRate;
import io.dicm.ams.optimizer.Optimizer;
import io.dicm.ams.optimizer.Sgd;
import io.dicm.ams.server.OptimizerOptions;
import io.dicm.ams.server.WeightOptimizer;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.trainer.network.IdNetworkKind;
import java.util.List;
import java.util.Locale;

/**
 * How servers update parameters, by the configuration; what it leaves empty is as the network's
 * paper has it.
 */
final class OptimizerSettings {
  private static final double SMALLEST_RATE = 1e-12;
  private static final double MOST_RATE_RATIO = 1e6;
  private static final double MOST_REGULARISATION = 1e6;

  private static final List<String> WEIGHT_KEYS =
      List.of(
          DicmKeys.TRAIN_WEIGHT_OPTIMIZER,
          DicmKeys.TRAIN_WEIGHT_LEARNING_RATE_RATIO,
          DicmKeys.TRAIN_WEIGHT_L1,
          DicmKeys.TRAIN_WEIGHT_L2);

  /** The optimisers of rows of IDs by the names that configuration has for them. */
  private enum RowOptimizer {
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

  /**
   * What a network is trained with unless the configuration says otherwise. Rates are by {@code
   * dicm.train.learning-rate}. Losses are means over a step's impressions, so gradients are small:
   * FTRL, whose steps shrink with 1 plus what it has seen, needs a much higher rate than Adam.
   */
  private record Usual(
      NetworkOptimizer networks,
      float networkRatio,
      RowOptimizer embeddings,
      float embeddingRatio,
      RowOptimizer weights,
      float weightRatio,
      float weightL1) {
    private static final Usual ADAM =
        new Usual(NetworkOptimizer.ADAM, 1, RowOptimizer.ADAM, 1, RowOptimizer.ADAM, 1, 0);

    /** FTRL with L1 on the wide part, AdaGrad on the deep one (arXiv 1606.07792). */
    private static final Usual WIDE_DEEP =
        new Usual(
            NetworkOptimizer.ADAGRAD, 5, RowOptimizer.ADAGRAD, 5, RowOptimizer.FTRL, 1000, 1e-5f);

    /** A weight is log odds and has to move farther than an embedding that a network amplifies. */
    private static final Usual LR =
        new Usual(NetworkOptimizer.ADAM, 1, RowOptimizer.ADAM, 1, RowOptimizer.ADAM, 10, 0);

    static Usual of(DicmConfiguration conf) {
      return switch (conf.choice(DicmKeys.MODEL_NETWORK, IdNetworkKind.class)) {
        case LR -> LR;
        case WIDE_DEEP -> WIDE_DEEP;
        default -> ADAM;
      };
    }
  }

  private OptimizerSettings() {}

  /** How all servers of a training update parameters. */
  static OptimizerOptions of(DicmConfiguration conf) {
    Usual usual = Usual.of(conf);
    float networkRatio =
        ratio(conf, DicmKeys.TRAIN_NETWORK_LEARNING_RATE_RATIO, usual.networkRatio());
    LearningRate rate =
        new LearningRate(
            networkRatio * (float) conf.number(DicmKeys.TRAIN_LEARNING_RATE, SMALLEST_RATE, 1),
            (float) conf.number(DicmKeys.TRAIN_LEARNING_RATE_FACTOR, SMALLEST_RATE, 1),
            conf.nonNegativeLong(DicmKeys.TRAIN_LEARNING_RATE_STEPS));
    OptimizerOptions withoutWeights =
        new OptimizerOptions(
            rate,
            choice(conf, DicmKeys.TRAIN_NETWORK_OPTIMIZER, NetworkOptimizer.class, usual.networks())
                .optimizer(),
            embeddings(conf, usual),
            ratio(conf, DicmKeys.TRAIN_ID_LEARNING_RATE_RATIO, usual.embeddingRatio())
                / networkRatio,
            regularisation(conf, DicmKeys.TRAIN_ID_L2));
    if (conf.choice(DicmKeys.MODEL_NETWORK, IdNetworkKind.class).weightColumns() == 0) {
      WEIGHT_KEYS.forEach(key -> refuse(conf, key));
      return withoutWeights;
    }
    return withoutWeights.withWeights(weights(conf, usual, networkRatio));
  }

  /** What only weights have. */
  private static void refuse(DicmConfiguration conf, String key) {
    if (!conf.text(key).isEmpty()) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot use %s=%s with %s=%s: only lr, fnn and wide-deep have weights of IDs. Leave it out."
              .formatted(
                  key, conf.text(key), DicmKeys.MODEL_NETWORK, conf.text(DicmKeys.MODEL_NETWORK)));
    }
  }

  private static Optimizer embeddings(DicmConfiguration conf, Usual usual) {
    RowOptimizer optimizer =
        choice(conf, DicmKeys.TRAIN_ID_OPTIMIZER, RowOptimizer.class, usual.embeddings());
    float l1 = strength(conf, DicmKeys.TRAIN_ID_L1, 0);
    if (l1 > 0 && optimizer != RowOptimizer.FTRL) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot use %s=%s with the optimiser %s of ID embeddings: only ftrl has it. Set %s=ftrl or leave it out."
              .formatted(
                  DicmKeys.TRAIN_ID_L1,
                  conf.text(DicmKeys.TRAIN_ID_L1),
                  optimizer.name().toLowerCase(Locale.ROOT),
                  DicmKeys.TRAIN_ID_OPTIMIZER));
    }
    return optimizer.with(l1, 0);
  }

  private static WeightOptimizer weights(DicmConfiguration conf, Usual usual, float networkRatio) {
    RowOptimizer optimizer =
        choice(conf, DicmKeys.TRAIN_WEIGHT_OPTIMIZER, RowOptimizer.class, usual.weights());
    float l1 = strength(conf, DicmKeys.TRAIN_WEIGHT_L1, usual.weightL1());
    float l2 = strength(conf, DicmKeys.TRAIN_WEIGHT_L2, 0);
    for (String key : List.of(DicmKeys.TRAIN_WEIGHT_L1, DicmKeys.TRAIN_WEIGHT_L2)) {
      if (optimizer != RowOptimizer.FTRL && strength(conf, key, 0) > 0) {
        throw new DicmException(
            ErrorCode.CONFIGURATION_INVALID,
            "Cannot use %s=%s with the optimiser %s of IDs' weights: only ftrl has it. Set %s=ftrl or leave it out."
                .formatted(
                    key,
                    conf.text(key),
                    optimizer.name().toLowerCase(Locale.ROOT),
                    DicmKeys.TRAIN_WEIGHT_OPTIMIZER));
      }
    }
    return new WeightOptimizer(
        optimizer.with(l1, l2),
        ratio(conf, DicmKeys.TRAIN_WEIGHT_LEARNING_RATE_RATIO, usual.weightRatio()) / networkRatio);
  }

  private static <E extends Enum<E>> E choice(
      DicmConfiguration conf, String key, Class<E> type, E usual) {
    return conf.text(key).isEmpty() ? usual : conf.choice(key, type);
  }

  private static float regularisation(DicmConfiguration conf, String key) {
    return (float) conf.number(key, 0, MOST_REGULARISATION);
  }

  private static float strength(DicmConfiguration conf, String key, float usual) {
    return conf.text(key).isEmpty() ? usual : regularisation(conf, key);
  }

  private static float ratio(DicmConfiguration conf, String key, float usual) {
    return conf.text(key).isEmpty()
        ? usual
        : (float) conf.number(key, 1 / MOST_RATE_RATIO, MOST_RATE_RATIO);
  }
}
