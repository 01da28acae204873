package io.dicm.app.master.checkpoint;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.dicm.ams.shard.ImageControl;
import io.dicm.ams.shard.VectorPrecision;
import io.dicm.ams.submodel.MissingImages;
import io.dicm.ams.submodel.SubModelShape;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.json.JsonFiles;
import io.dicm.trainer.model.Aggregation;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.model.NetworkChoice;
import io.dicm.trainer.network.NetworkOptions;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Whose checkpoint one is and what its numbers mean, {@code origin.json} beside the manifest: the
 * servers know neither the pictures' extractor nor the features.
 *
 * @param applicationId YARN's, of the application that trained
 * @param run its run
 * @param date its day
 * @param extractorId of the image vectors
 * @param schemaDigest of the features
 * @param images where pictures enter the network
 * @param aggregation how behaviours' pictures are pooled; absent, as imageControl, in the files of
 *     older versions
 * @param subModel layers of the networks that make codes of images; absent in the files of older
 *     versions, which had the usual ones
 * @param networkOptions the network on the side of IDs; absent, as the next, in the files of older
 *     versions, which had the usual one
 * @param imageBranch whether the image path trained alone at first
 * @param imageControl what was done to the pictures' vectors
 * @param negativeKeepFraction share of the training impressions without a click that the samples
 *     kept; absent in the files of older versions, which kept all
 * @param missingImages what stood for images without a vector; null, as the next, in the files of
 *     older versions
 * @param vectorPrecision how servers held the images' vectors
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record CheckpointOrigin(
    String applicationId,
    String run,
    String date,
    String extractorId,
    String schemaDigest,
    ImageMode images,
    Aggregation aggregation,
    SubModelShape subModel,
    NetworkOptions networkOptions,
    boolean imageBranch,
    ImageControl imageControl,
    Double negativeKeepFraction,
    MissingImages missingImages,
    VectorPrecision vectorPrecision) {
  private static final String FILE = "origin.json";

  public CheckpointOrigin {
    aggregation = aggregation == null ? Aggregation.USUAL : aggregation;
    subModel = subModel == null ? SubModelShape.USUAL : subModel;
    networkOptions = networkOptions == null ? NetworkOptions.USUAL : networkOptions;
    imageControl = imageControl == null ? ImageControl.NONE : imageControl;
    negativeKeepFraction = negativeKeepFraction == null ? Double.valueOf(1) : negativeKeepFraction;
  }

  /** What was chosen of the model. */
  public NetworkChoice choice() {
    return new NetworkChoice(images, aggregation, networkOptions, imageBranch);
  }

  /** What stood for images without a vector; as configured where an older version wrote it. */
  public MissingImages missingImagesOr(MissingImages configured) {
    return missingImages == null ? configured : missingImages;
  }

  /** How servers held vectors; as configured where an older version wrote it. */
  public VectorPrecision vectorPrecisionOr(VectorPrecision configured) {
    return vectorPrecision == null ? configured : vectorPrecision;
  }

  /**
   * Reads a checkpoint's origin.
   *
   * @throws DicmException {@link ErrorCode#STORE_CORRUPT} when it is missing or unreadable
   */
  public static CheckpointOrigin read(Configuration conf, Path checkpoint) {
    return new JsonFiles(conf)
        .read(new Path(checkpoint, FILE), CheckpointOrigin.class, ErrorCode.STORE_CORRUPT);
  }

  /** Writes it into a checkpoint's directory. */
  void write(Configuration conf, Path checkpoint) throws IOException {
    new JsonFiles(conf).write(new Path(checkpoint, FILE), this);
  }
}
