package io.dicm.trainer.predict;

import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.shard.VectorPrecision;
import io.dicm.ams.shard.VectorScaling;
import io.dicm.ams.table.KeyIndex;
import io.dicm.ams.tier.ImageVectors;
import io.dicm.ams.tier.TierCounter;
import io.dicm.ams.tier.TierRequest;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.feature.store.FeatureRecord;
import io.dicm.feature.store.FeatureSnapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.LongPredicate;

/**
 * The vectors of some pictures as the servers held them in training, scaled and rounded, to count
 * tier histograms as they did. In memory, or from a size on in a file. Filled by one thread, read
 * by any.
 */
public final class PictureVectors implements AutoCloseable {
  private static final int FIRST_KEYS = 1024;

  private final VectorScaling scaling;
  private final VectorPrecision precision;
  private final int dimension;
  private final KeyIndex keys = new KeyIndex(FIRST_KEYS);
  private final SpillingRows rows;
  private final TierCounter counter;

  private PictureVectors(VectorScaling scaling, VectorPrecision precision, long memoryBytes) {
    this.scaling = scaling;
    this.precision = precision;
    this.dimension = scaling.mean().length;
    this.rows = new SpillingRows(dimension * precision.valueBytes(), memoryBytes);
    this.counter = new TierCounter(dimension, ComputeCrew.alone());
  }

  /**
   * Copies vectors from the feature store.
   *
   * @param pictures of the extractor that the model was trained with
   * @param wanted tests keys of the images that will be asked for
   * @param scaling of the model's training
   * @param precision that the servers held vectors in
   * @param memoryBytes most bytes in memory; more go to a file
   * @throws DicmException {@link ErrorCode#SCHEMA_MISMATCH} when the vectors have another length
   *     than the training's; {@link ErrorCode#STORAGE_FAILED}
   */
  public static PictureVectors copy(
      FeatureSnapshot pictures,
      LongPredicate wanted,
      VectorScaling scaling,
      VectorPrecision precision,
      long memoryBytes)
      throws IOException {
    if (pictures.dimension() != scaling.mean().length) {
      throw new DicmException(
          ErrorCode.SCHEMA_MISMATCH,
          "Cannot use the vectors of %s: they have %d values, those that the model was trained with had %d."
              .formatted(pictures.extractorId(), pictures.dimension(), scaling.mean().length));
    }
    PictureVectors vectors = new PictureVectors(scaling, precision, memoryBytes);
    try {
      pictures.scanImages(wanted, vectors::add);
      return vectors;
    } catch (IOException | RuntimeException e) {
      vectors.close();
      throw e;
    }
  }

  private void add(FeatureRecord image) throws IOException {
    if (keys.add(image.imageKey()) == KeyIndex.ABSENT) {
      return;
    }
    float[] vector = image.feature().clone();
    scaling.apply(vector);
    ByteBuffer row = newRow();
    precision.encode(vector, row);
    rows.append(row.array());
  }

  private ByteBuffer newRow() {
    return ByteBuffer.allocate(dimension * precision.valueBytes()).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Whether there is a vector of an image. */
  boolean has(long imageKey) {
    return keys.rowOf(imageKey) != KeyIndex.ABSENT;
  }

  /** The number of images with vectors. */
  public int size() {
    return keys.size();
  }

  /** Whether some of them are in a file. */
  boolean isInFile() {
    return rows.isInFile();
  }

  /**
   * Answers as the servers together.
   *
   * @return [impressions, tiers]
   */
  int[] histograms(TierRequest request) {
    return counter.count(request, of(request.adImageKeys()), of(request.behaviorImageKeys()));
  }

  private ImageVectors of(long[] imageKeys) {
    return (place, target) -> {
      int row = keys.rowOf(imageKeys[place]);
      if (row == KeyIndex.ABSENT) {
        return false;
      }
      ByteBuffer held = newRow();
      rows.read(row, held.array());
      precision.decode(held, target);
      return true;
    };
  }

  /** Deletes the file, if there is one. May be called again. */
  @Override
  public void close() {
    rows.close();
  }
}
