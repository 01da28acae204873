package io.dicm.trainer.predict;

import io.dicm.ams.client.StepInputs;
import io.dicm.ams.embedding.InitialValues;
import io.dicm.ams.embedding.RowColumns;
import io.dicm.ams.shard.VectorScaling;
import io.dicm.ams.submodel.MissingImageCount;
import io.dicm.ams.submodel.MissingImages;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.parquet.ParquetTables;
import io.dicm.common.tensor.SafeTensors;
import io.dicm.common.tensor.SafeTensors.FloatTensor;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.trainer.model.AttentionChannel;
import io.dicm.trainer.model.DicmNetwork;
import io.dicm.trainer.model.ModelDescription;
import io.dicm.trainer.model.NetworkShape;
import io.dicm.trainer.model.TowerOutput;
import io.dicm.trainer.schema.FeatureSchema;
import io.dicm.trainer.train.Batch;
import io.dicm.trainer.train.BatchAssembler;
import io.dicm.trainer.train.ModelWriter;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * A trained model in memory, which scores as the servers would have: a picture without a code is
 * treated as it was in training, an ID without a trained embedding (never seen, not often enough,
 * or expired) gets the initial one that its seed and key give.
 *
 * <p>Immutable and safe for use by many threads.
 */
public final class Model implements AutoCloseable {
  private static final String EMBEDDINGS = "id_embeddings";
  private static final String CODES = "image_codes";
  private static final String SUB_MODEL_FILE = "sub_model.safetensors";
  private static final String MEAN = "input.mean";
  private static final String INVERSE_DEVIATION = "input.inverse_deviation";
  private static final String FACTOR = "input.factor";

  private final ModelDescription description;
  private final DicmNetwork network;
  private final float[] dense;
  private final MissingCodes missing;
  private final VectorTable ids;
  private final VectorTable adCodes;
  private final VectorTable behaviorCodes;
  private final Optional<PictureVectors> pictures;

  private Model(
      ModelDescription description,
      float[] dense,
      MissingCodes missing,
      VectorTable ids,
      VectorTable adCodes,
      VectorTable behaviorCodes,
      Optional<PictureVectors> pictures,
      DicmNetwork network) {
    this.pictures = pictures;
    this.description = description;
    this.missing = missing;
    this.network = network;
    this.dense = dense;
    this.ids = ids;
    this.adCodes = adCodes;
    this.behaviorCodes = behaviorCodes;
  }

  /**
   * A model from memory.
   *
   * @param subModel tensors by name, as in a model directory
   */
  static Model of(
      ModelDescription description,
      float[] dense,
      Map<String, FloatTensor> subModel,
      VectorTable ids,
      VectorTable adCodes,
      VectorTable behaviorCodes) {
    MissingCodes missing =
        MissingCodes.of(
            subModel,
            description.subModel(),
            description.training().missingImages(),
            description.codeDimension());
    return new Model(
        description,
        dense,
        missing,
        ids,
        adCodes,
        behaviorCodes,
        Optional.empty(),
        description.network());
  }

  /**
   * The same model with vectors of pictures, which one with {@link #needsVectors} scores by.
   *
   * @param vectors scaled as in its training; closed with the model
   */
  public Model with(PictureVectors vectors) {
    return new Model(
        description, dense, missing, ids, adCodes, behaviorCodes, Optional.of(vectors), network);
  }

  /** The same model with its network computed on a device; one of the two is to be closed. */
  public Model on(ComputeDevice device) {
    return new Model(
        description,
        dense,
        missing,
        ids,
        adCodes,
        behaviorCodes,
        pictures,
        new DicmNetwork(network.shape(), device));
  }

  /** Whether the model compares pictures' vectors (SimTier), which its directory does not hold. */
  public boolean needsVectors() {
    return network.shape().tiers() > 0;
  }

  /**
   * How the vectors were scaled that a model was trained with.
   *
   * @throws DicmException {@link ErrorCode#WEIGHTS_INVALID} when the directory does not say
   */
  public static VectorScaling scaling(Configuration conf, Path directory) throws IOException {
    Map<String, FloatTensor> subModel =
        new SafeTensors(conf).read(new Path(directory, SUB_MODEL_FILE));
    for (String name : List.of(MEAN, INVERSE_DEVIATION, FACTOR)) {
      if (!subModel.containsKey(name)) {
        throw new DicmException(
            ErrorCode.WEIGHTS_INVALID,
            "Cannot use the sub-model in " + directory + ": it has no tensor " + name + ".");
      }
    }
    return new VectorScaling(
        subModel.get(MEAN).values(),
        subModel.get(INVERSE_DEVIATION).values(),
        subModel.get(FACTOR).values()[0]);
  }

  /**
   * Reads a model directory.
   *
   * @param schema the features of the samples to be scored
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} when the directory has no {@code
   *     _SUCCESS}; {@link ErrorCode#SCHEMA_MISMATCH} when it was trained with other features;
   *     {@link ErrorCode#WEIGHTS_INVALID}, {@link ErrorCode#STORE_CORRUPT}
   */
  public static Model load(Configuration conf, Path directory, FeatureSchema schema)
      throws IOException {
    return load(conf, directory, schema, key -> true, key -> true);
  }

  /**
   * Reads a part of a model directory, for samples that use no other keys: memory is that of the
   * part. Errors as {@link #load(Configuration, Path, FeatureSchema)}.
   *
   * @param ids the ID features whose embeddings are wanted
   * @param images the images whose codes are wanted
   */
  public static Model load(
      Configuration conf,
      Path directory,
      FeatureSchema schema,
      LongPredicate ids,
      LongPredicate images)
      throws IOException {
    if (!DirectoryPublisher.isComplete(conf, directory)) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING,
          "Cannot use the model " + directory + ": it has no _SUCCESS. Train it first.");
    }
    ModelDescription description = ModelDescription.read(conf, directory);
    requireSchema(directory, description, schema);
    SafeTensors tensors = new SafeTensors(conf);
    Map<String, FloatTensor> dense = tensors.read(new Path(directory, ModelWriter.DENSE_FILE));
    Map<String, FloatTensor> subModel = tensors.read(new Path(directory, SUB_MODEL_FILE));
    Model model =
        of(
            description,
            description.denseLayout().join(dense),
            subModel,
            new VectorTable(description.network().shape().rowWidth()),
            new VectorTable(description.codeDimension()),
            new VectorTable(description.codeDimension()));
    model.readEmbeddings(conf, new Path(directory, EMBEDDINGS), ids);
    if (description.images().usesPictures()) {
      model.readCodes(conf, new Path(directory, CODES), images);
    }
    return model;
  }

  public ModelDescription description() {
    return description;
  }

  /** Makes the batches that {@link #predict} takes. */
  public BatchAssembler assembler() {
    return new BatchAssembler(network.shape());
  }

  /**
   * The probabilities of a click, [impressions], in the batch's order; corrected where training saw
   * only a share of the impressions without one.
   *
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} when a picture has no code and training
   *     did not allow that
   */
  public float[] predict(Batch batch) {
    float[] clicks = network.predict(batch.indices(), inputs(batch));
    description.negativeSampling().correct(clicks);
    return clicks;
  }

  /** Whether there are vectors of users and of items, see {@link #towers}. */
  public boolean hasTowers() {
    return network.shape().network().kind().hasTowers();
  }

  /**
   * The probabilities that {@link #predict} gives with the vectors that they come from; the
   * correction for impressions that training did not see is in the bias.
   *
   * @throws IllegalStateException for a model without towers; other errors as {@link #predict}
   */
  public TowerOutput towers(Batch batch) {
    return network.towers(batch.indices(), inputs(batch)).corrected(description.negativeSampling());
  }

  /**
   * The weights that attention gives the behaviours of a batch, channel by channel; none for a
   * model without attention. Errors as {@link #predict}.
   */
  public List<AttentionChannel> attention(Batch batch) {
    return network.attention(batch.indices(), inputs(batch));
  }

  /** The number of ID embeddings. */
  public int idCount() {
    return ids.size();
  }

  /** The number of images with codes. */
  public int imageCount() {
    return adCodes.size();
  }

  private StepInputs inputs(Batch batch) {
    if (description.training().missingImages() == MissingImages.FAIL) {
      requireCodes(batch);
    }
    return new StepInputs(
        adCodes.gather(batch.adImageKeys(), missing.ad()),
        behaviorCodes.gather(batch.behaviorImageKeys(), missing.behavior()),
        ids.gather(batch.idKeys(), this::initialEmbedding),
        dense,
        batch.tiers().isEmpty() ? new int[0] : vectors().histograms(batch.tiers()));
  }

  private PictureVectors vectors() {
    return pictures.orElseThrow(
        () ->
            new DicmException(
                ErrorCode.INTERNAL,
                "Cannot score with "
                    + description.aggregation()
                    + ": the pictures' vectors were not loaded."));
  }

  /** As the servers count them, each key of a request once. */
  private void requireCodes(Batch batch) {
    MissingImageCount count = new MissingImageCount();
    for (long key : batch.adImageKeys()) {
      count.add(key, !adCodes.has(key));
    }
    for (long key : batch.behaviorImageKeys()) {
      count.add(key, !behaviorCodes.has(key));
    }
    for (long key : batch.tiers().adImageKeys()) {
      count.add(key, !vectors().has(key));
    }
    for (long key : batch.tiers().behaviorImageKeys()) {
      count.add(key, !vectors().has(key));
    }
    if (count.missing() > 0) {
      throw count.refusal("score the samples");
    }
  }

  private void initialEmbedding(long key, float[] target, int offset) {
    NetworkShape shape = network.shape();
    RowColumns columns = new RowColumns(shape.embeddingWidth(), shape.network().weightColumns());
    new InitialValues(description.training().seed(), columns).fill(key, target, offset);
  }

  private void readEmbeddings(Configuration conf, Path directory, LongPredicate wanted)
      throws IOException {
    for (FileStatus file : ParquetTables.files(conf, directory)) {
      ParquetTables.read(
          conf,
          file.getPath(),
          row -> {
            long key = row.getLong("id_key", 0);
            if (wanted.test(key)) {
              ids.add(file.getPath(), key, row.getGroup("embedding", 0));
            }
          });
    }
  }

  private void readCodes(Configuration conf, Path directory, LongPredicate wanted)
      throws IOException {
    for (FileStatus file : ParquetTables.files(conf, directory)) {
      ParquetTables.read(
          conf,
          file.getPath(),
          row -> {
            long key = row.getLong("image_key", 0);
            if (wanted.test(key)) {
              adCodes.add(file.getPath(), key, row.getGroup("ad_code", 0));
              behaviorCodes.add(file.getPath(), key, row.getGroup("behavior_code", 0));
            }
          });
    }
  }

  private static void requireSchema(
      Path directory, ModelDescription description, FeatureSchema schema) {
    if (!description.schemaDigest().equals(schema.digest())) {
      throw new DicmException(
          ErrorCode.SCHEMA_MISMATCH,
          "Cannot use the model "
              + directory
              + ": it was trained with features of digest "
              + description.schemaDigest()
              + ", features.json now has "
              + schema.digest()
              + ". Train again.");
    }
  }

  /** Closes the pictures' vectors, if it has any. May be called again. */
  @Override
  public void close() {
    pictures.ifPresent(PictureVectors::close);
  }
}
