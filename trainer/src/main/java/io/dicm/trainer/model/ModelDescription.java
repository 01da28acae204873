package io.dicm.trainer.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.dicm.ams.shard.ImageControl;
import io.dicm.ams.shard.VectorPrecision;
import io.dicm.ams.submodel.MissingImages;
import io.dicm.ams.submodel.SubModelShape;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.json.JsonFiles;
import io.dicm.trainer.network.DenseLayout;
import io.dicm.trainer.network.NetworkOptions;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeaturePair;
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
 * @param crosses pairs of them that networks with crosses read; absent without any, and in the
 *     files of older versions
 * @param embeddingDimension floats of an ID embedding
 * @param codeDimension floats of an image code
 * @param subModel layers of the networks that make the codes; absent in the files of older
 *     versions, which had the usual ones
 * @param images where pictures enter
 * @param aggregation how behaviours' image codes are pooled; absent in the files of older versions,
 *     which had the usual one
 * @param networkOptions the network on the side of IDs; absent in the files of older versions,
 *     which had the usual one
 * @param extractorId whose image vectors the servers held in training, also where {@code images}
 *     says that none entered
 * @param randomWeights whether the extractor's weights were random, so that pictures meant nothing
 * @param denseLayout names, shapes and places of the dense parameters
 * @param training how it was trained
 * @param beginning what the training began with; null for initial values
 * @param samplesRun the run whose samples it was trained on; null in the files of older versions
 */
public record ModelDescription(
    int formatVersion,
    String schemaDigest,
    List<FeatureField> fields,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<FeaturePair> crosses,
    int embeddingDimension,
    int codeDimension,
    SubModelShape subModel,
    ImageMode images,
    Aggregation aggregation,
    NetworkOptions networkOptions,
    String extractorId,
    boolean randomWeights,
    DenseLayout denseLayout,
    Training training,
    Beginning beginning,
    String samplesRun) {
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
   * @param imageControl what was done to the pictures' vectors so that they mean nothing, or the
   *     answer; absent in the files of older versions, which did nothing
   * @param imageEpochs passes before the epochs in which the image path trained alone; absent in
   *     the files of older versions, which had none
   * @param vectorPrecision how servers held the pictures' vectors; absent in the files of older
   *     versions, to whose models it does not matter
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
      Double negativeKeepFraction,
      ImageControl imageControl,
      int imageEpochs,
      VectorPrecision vectorPrecision) {
    public Training {
      vectorPrecision = vectorPrecision == null ? VectorPrecision.FLOAT32 : vectorPrecision;
      negativeKeepFraction =
          negativeKeepFraction == null ? Double.valueOf(1) : negativeKeepFraction;
      imageControl = imageControl == null ? ImageControl.NONE : imageControl;
      missingImages = missingImages == null ? MissingImages.ZERO : missingImages;
    }
  }

  /**
   * Another training, whose values one began with.
   *
   * @param run its run
   * @param date its day
   * @param checkpoint the directory of its state, which need not be there any more
   * @param mode how much of it was taken: the name of a {@code WarmStartMode}
   */
  public record Beginning(String run, String date, String checkpoint, String mode) {}

  public ModelDescription {
    fields = List.copyOf(fields);
    subModel = subModel == null ? SubModelShape.USUAL : subModel;
    crosses = crosses == null ? List.of() : List.copyOf(crosses);
    aggregation = aggregation == null ? Aggregation.USUAL : aggregation;
    networkOptions = networkOptions == null ? NetworkOptions.USUAL : networkOptions;
  }

  /**
   * The description of a network trained with these features.
   *
   * @param subModel that made the codes
   */
  public static ModelDescription of(
      FeatureSchema schema,
      DicmNetwork network,
      SubModelShape subModel,
      String extractorId,
      boolean randomWeights,
      Training training) {
    NetworkShape shape = network.shape();
    return new ModelDescription(
        FORMAT_VERSION,
        schema.digest(),
        schema.fields(),
        schema.crosses(),
        shape.embeddingDimension(),
        shape.codeDimension(),
        subModel,
        shape.images(),
        shape.aggregation(),
        shape.network(),
        extractorId,
        randomWeights,
        network.layout(),
        training,
        null,
        null);
  }

  /**
   * The same of a model whose training began with another's values.
   *
   * @param other null for initial values
   */
  public ModelDescription startedFrom(Beginning other) {
    return new ModelDescription(
        formatVersion,
        schemaDigest,
        fields,
        crosses,
        embeddingDimension,
        codeDimension,
        subModel,
        images,
        aggregation,
        networkOptions,
        extractorId,
        randomWeights,
        denseLayout,
        training,
        other,
        samplesRun);
  }

  /**
   * The same of a model that was trained on the samples of a run.
   *
   * @param run its own, or another one that it shares samples with
   */
  public ModelDescription trainedOn(String run) {
    return new ModelDescription(
        formatVersion,
        schemaDigest,
        fields,
        crosses,
        embeddingDimension,
        codeDimension,
        subModel,
        images,
        aggregation,
        networkOptions,
        extractorId,
        randomWeights,
        denseLayout,
        training,
        beginning,
        run);
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

  /** The features that it was trained with. */
  public FeatureSchema schema() {
    return FeatureSchema.of(fields, crosses, FILE);
  }

  /** The network that the parameters are for. */
  public DicmNetwork network() {
    return new DicmNetwork(
        NetworkShape.of(fields, embeddingDimension, images, aggregation)
            .withCodes(codeDimension)
            .with(networkOptions, FeatureCross.of(schema()))
            .withImageBranch(training.imageEpochs() > 0));
  }
}
