package io.dicm.app.plan;

import io.dicm.ams.server.AmsServerOptions;
import io.dicm.ams.submodel.SubModelChoice;
import io.dicm.ams.submodel.SubModelDecision;
import io.dicm.app.container.ServerSettings;
import io.dicm.app.launch.ContainerSettings;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.trainer.model.ImageMode;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How images reach the workers: as codes of a sub-model on the servers, or as their vectors, and
 * what either way moves and takes. Rows are float32.
 *
 * @param chosen what the training will do
 * @param otherwise the other way
 * @param imagesOfStep different images that the workers of a step ask for, an upper bound; nothing:
 *     not known before there are samples
 */
public record ServingPlan(Way chosen, Way otherwise, OptionalDouble imagesOfStep) {
  /** Each replica sends parts of its gradients and gets new values. */
  private static final int DIRECTIONS = 2;

  /**
   * One way of serving images.
   *
   * @param decision the sub-model
   * @param exchangeBytes that a step moves between the servers to keep the sub-model equal
   * @param serverBytes memory of the sub-model in each server, with gradients and optimiser
   */
  public record Way(SubModelDecision decision, double exchangeBytes, long serverBytes) {
    /** Bytes between workers and servers for so many images, without their keys. */
    public double imageBytes(double images) {
      return images * decision.bytesOfImage();
    }
  }

  /**
   * The plan for vectors of a length.
   *
   * @param vectors the images, where they are known
   * @param samples that will be trained on, or such as they are
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} when the configured sub-model
   *     does not go with such vectors, or with so many servers
   */
  public static ServingPlan of(
      DicmConfiguration conf,
      int dimension,
      Optional<VectorCounts> vectors,
      Optional<SampleCounts> samples) {
    OptionalDouble images =
        vectors.isPresent() && samples.isPresent()
            ? OptionalDouble.of(imagesOfStep(conf, vectors.get(), samples.get()))
            : OptionalDouble.empty();
    return of(conf, dimension, images);
  }

  private static double imagesOfStep(
      DicmConfiguration conf, VectorCounts vectors, SampleCounts samples) {
    ImageMode images = conf.choice(DicmKeys.TRAIN_IMAGES, ImageMode.class);
    double ofImpression =
        (images.usesPictures() ? 1 : 0)
            + (images.poolsBehaviors() ? samples.behaviorsOfAnImpression() : 0);
    return ContainerSettings.count(conf, DicmKeys.TRAIN_WORKERS)
        * VectorCounts.different(
            (double) vectors.images(), ContainerSettings.batchSize(conf) * ofImpression);
  }

  /** The plan for counts that are not there yet; errors as the other one. */
  public static ServingPlan of(DicmConfiguration conf, AssumedCounts counts) {
    return of(conf, counts.dimension(), OptionalDouble.of(counts.uniqueImagesOfBatch()));
  }

  private static ServingPlan of(
      DicmConfiguration conf, int dimension, OptionalDouble imagesOfStep) {
    int servers = ContainerSettings.count(conf, DicmKeys.TRAIN_SERVERS);
    SubModelDecision decision = SubModelChoice.of(conf).decide(dimension);
    decision.requirePartsFor(servers);
    AmsServerOptions options = ServerSettings.of(conf, 0, servers, 1, 1, "");
    return new ServingPlan(
        way(options, decision), way(options, decision.alternative()), imagesOfStep);
  }

  private static Way way(AmsServerOptions options, SubModelDecision decision) {
    double parameterBytes =
        (double) ServerPlan.networks(options) * decision.parameters() * Float.BYTES;
    return new Way(
        decision,
        DIRECTIONS * (options.servers() - 1) * parameterBytes,
        ServerPlan.subModelBytes(options, decision));
  }
}
