package io.dicm.trainer.model;

import io.dicm.ams.submodel.MissingImages;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.json.JsonFiles;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * What a model directory holds and how it was made: {@code model.json}.
 *
 * @param formatVersion of the model directory, {@value #FORMAT_VERSION}
 * @param schemaDigest of the features it was trained with
 * @param fields those features, in order
 * @param embeddingDimension floats of an ID embedding
 * @param codeDimension floats of an image code
 * @param images where pictures enter
 * @param extractorId whose image vectors the servers held in training, also where {@code images}
 *     says that none entered
 * @param randomWeights whether the extractor's weights were random, so that pictures meant nothing
 * @param denseLayout names, shapes and places of the dense parameters
 * @param training how it was trained
 */
public record ModelDescription(
    int formatVersion,
    String schemaDigest,
    List<FeatureField> fields,
    int embeddingDimension,
    int codeDimension,
    ImageMode images,
    String extractorId,
    boolean randomWeights,
    DenseLayout denseLayout,
    Training training) {
  /** The version that this software writes and reads. */
  public static final int FORMAT_VERSION = 1;

  /** The file's name in a model directory. */
  public static final String FILE = "model.json";

  /**
   * How a model was trained.
   *
   * @param seed of every initial value and of the sample order; embeddings of IDs that training
   *     never saw are made from it
   * @param epochs passes over the samples
   * @param steps of the worker that wrote the model
   * @param batchSize impressions of one worker's step
   * @param workers how many workers there were
   * @param learningRate Adam's
   * @param idLearningRateRatio learning rate of the ID embeddings by that of the rest; null, as the
   *     next two, in the files of older versions
   * @param idOptimizer name of the ID embeddings' optimiser
   * @param staleness steps by which a step's parameters lay behind, -1: asynchronous
   * @param missingImages what stood for pictures that the feature store did not have; absent in the
   *     files of older versions, which had zeros
   * @param negativeKeepFraction share of the training impressions without a click that the samples
   *     kept; absent in the files of older versions, which kept all
   */
  public record Training(
      long seed,
      int epochs,
      long steps,
      int batchSize,
      int workers,
      double learningRate,
      Float idLearningRateRatio,
      String idOptimizer,
      Integer staleness,
      MissingImages missingImages,
      Double negativeKeepFraction) {
    public Training {
      negativeKeepFraction =
          negativeKeepFraction == null ? Double.valueOf(1) : negativeKeepFraction;
      missingImages = missingImages == null ? MissingImages.ZERO : missingImages;
    }
  }

  public ModelDescription {
    fields = List.copyOf(fields);
  }

  /** The description of a network trained with these features. */
  public static ModelDescription of(
      FeatureSchema schema,
      DicmNetwork network,
      String extractorId,
      boolean randomWeights,
      Training training) {
    NetworkShape shape = network.shape();
    return new ModelDescription(
        FORMAT_VERSION,
        schema.digest(),
        schema.fields(),
        shape.embeddingDimension(),
        shape.codeDimension(),
        shape.images(),
        extractorId,
        randomWeights,
        network.layout(),
        training);
  }

  /**
   * Reads a model directory's description.
   *
   * @throws DicmException {@link ErrorCode#STORE_CORRUPT} when it is missing, unreadable or of
   *     another version
   */
  public static ModelDescription read(Configuration conf, Path directory) {
    Path file = new Path(directory, FILE);
    ModelDescription description =
        new JsonFiles(conf).read(file, ModelDescription.class, ErrorCode.STORE_CORRUPT);
    if (description.formatVersion() != FORMAT_VERSION) {
      throw new DicmException(
          ErrorCode.STORE_CORRUPT,
          "Cannot read "
              + file
              + ": its format version was "
              + description.formatVersion()
              + ", known is "
              + FORMAT_VERSION
              + ".");
    }
    return description;
  }

  /** Writes it into a model directory. */
  public void write(Configuration conf, Path directory) throws IOException {
    new JsonFiles(conf).write(new Path(directory, FILE), this);
  }

  /** How the network's probabilities become those among all impressions. */
  public NegativeSampling negativeSampling() {
    return new NegativeSampling(training.negativeKeepFraction());
  }

  /** The network that the parameters are for. */
  public DicmNetwork network() {
    return new DicmNetwork(NetworkShape.of(fields, embeddingDimension, images));
  }
}
