package io.dicm.trainer.train;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.trainer.model.NetworkChoice;
import io.dicm.trainer.network.IdNetworkKind;
import io.dicm.trainer.network.Objective;

/**
 * How one worker trains.
 *
 * @param worker the worker's number, from 0
 * @param workers how many workers there are
 * @param batchSize impressions of one step of this worker
 * @param epochs passes over the samples
 * @param seed of the initial dense parameters; sample order has it from the source
 * @param threads compute threads
 * @param expectedImpressions impressions of one epoch, for progress and for the curve's windows; 0
 *     when unknown
 * @param imageEpochs passes in which the image path trains alone, before the others
 * @param pretrainFraction share of the epochs in which a network that has one trains what its
 *     embeddings begin as; needs the expected impressions
 */
public record TrainingOptions(
    int worker,
    int workers,
    int batchSize,
    int epochs,
    long seed,
    int threads,
    long expectedImpressions,
    int imageEpochs,
    double pretrainFraction) {
  private static final int MAX_BATCH_SIZE = 1 << 20;
  private static final int MAX_EPOCHS = 10_000;
  private static final int MAX_THREADS = 1024;
  private static final double MAX_PRETRAIN_FRACTION = 0.9;
  private static final double USUAL_PRETRAIN_FRACTION = 0.05;

  public TrainingOptions {
    if (worker < 0 || worker >= workers) {
      throw new IllegalArgumentException("Worker was " + worker + " of " + workers);
    }
    if (batchSize < 1 || epochs < 1 || threads < 1) {
      throw new IllegalArgumentException(
          "Batch size, epochs and threads were "
              + batchSize
              + ", "
              + epochs
              + " and "
              + threads
              + ", needed 1 or more");
    }
  }

  /** All of the model from the first step on. */
  public TrainingOptions(
      int worker,
      int workers,
      int batchSize,
      int epochs,
      long seed,
      int threads,
      long expectedImpressions) {
    this(worker, workers, batchSize, epochs, seed, threads, expectedImpressions, 0, 0);
  }

  /** All passes over the samples. */
  public int passes() {
    return imageEpochs + epochs;
  }

  /** What is trained in a pass, counted from 0, after so many impressions of the epochs before. */
  Objective objective(int pass, long impressionsOfEpochs) {
    if (pass < imageEpochs) {
      return Objective.IMAGE_BRANCH;
    }
    return impressionsOfEpochs < pretrainFraction * epochs * expectedImpressions
        ? Objective.PRETRAINING
        : Objective.WHOLE;
  }

  /** Which phase of the training, counted from 0, an objective is. */
  int phase(Objective objective) {
    int imagePhases = imageEpochs > 0 ? 1 : 0;
    return switch (objective) {
      case IMAGE_BRANCH -> 0;
      case PRETRAINING -> imagePhases;
      case WHOLE -> imagePhases + (pretrainFraction > 0 ? 1 : 0);
    };
  }

  /** The options of a worker, by the configuration. */
  public static TrainingOptions of(
      DicmConfiguration conf, int worker, int workers, long expectedImpressions) {
    return new TrainingOptions(
        worker,
        workers,
        conf.integer(DicmKeys.TRAIN_BATCH_SIZE, 1, MAX_BATCH_SIZE),
        conf.integer(DicmKeys.TRAIN_EPOCHS, 1, MAX_EPOCHS),
        conf.longInteger(DicmKeys.TRAIN_SEED),
        threads(conf),
        expectedImpressions,
        NetworkChoice.imageEpochs(conf),
        pretrainFraction(conf));
  }

  /** Compute threads of a worker, by the configuration. */
  public static int threads(DicmConfiguration conf) {
    return conf.integer(DicmKeys.TRAIN_THREADS, 1, MAX_THREADS);
  }

  private static double pretrainFraction(DicmConfiguration conf) {
    IdNetworkKind network = conf.choice(DicmKeys.MODEL_NETWORK, IdNetworkKind.class);
    String fraction = conf.text(DicmKeys.TRAIN_PRETRAIN_FRACTION);
    if (!network.hasPretraining()) {
      if (!fraction.isEmpty()) {
        throw new DicmException(
            ErrorCode.CONFIGURATION_INVALID,
            "Cannot use %s=%s with %s=%s: only %s is pre-trained. Leave it out."
                .formatted(
                    DicmKeys.TRAIN_PRETRAIN_FRACTION,
                    fraction,
                    DicmKeys.MODEL_NETWORK,
                    network.label(),
                    IdNetworkKind.FNN.label()));
      }
      return 0;
    }
    return fraction.isEmpty()
        ? USUAL_PRETRAIN_FRACTION
        : conf.number(DicmKeys.TRAIN_PRETRAIN_FRACTION, 0, MAX_PRETRAIN_FRACTION);
  }
}
