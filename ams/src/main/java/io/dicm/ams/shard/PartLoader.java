package io.dicm.ams.shard;

import io.dicm.ams.shard.FeatureShard.ImageName;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.feature.store.FeaturePart;
import io.dicm.feature.store.FeatureRecord;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;
import org.bytedeco.javacpp.Pointer;

/**
 * Reads one part of the feature store into its rows of a shard, which no other thread writes. Which
 * rows these are was known before anything was read.
 */
final class PartLoader implements Callable<Void> {
  private final FeaturePart part;
  private final IntPredicate owned;
  private final int firstImage;
  private final int endImage;
  private final Target target;
  private final LoadProgress progress;
  private final BooleanSupplier stopped;
  private int image;

  /**
   * Where vectors and names go.
   *
   * @param memory of the shard's vectors
   * @param dimension length of each
   * @param control changes each vector
   * @param names by image, [images]
   */
  record Target(
      Pointer memory,
      int dimension,
      VectorScaling scaling,
      VectorPrecision precision,
      VectorControl control,
      ImageName[] names) {
    void put(int image, FeatureRecord record) {
      float[] vector = record.feature();
      scaling.apply(vector);
      control.change(record.imageKey(), vector);
      precision.put(memory, (long) (image + FeatureShard.FIRST_ROW) * dimension, vector);
      names[image] = new ImageName(record.imageId(), record.imageKey());
    }
  }

  /**
   * @param owned buckets of the shard
   * @param firstImage number of the part's first image in the shard
   * @param endImage number after its last one
   * @param stopped whether another part has failed
   */
  PartLoader(
      FeaturePart part,
      IntPredicate owned,
      int firstImage,
      int endImage,
      Target target,
      LoadProgress progress,
      BooleanSupplier stopped) {
    this.part = part;
    this.owned = owned;
    this.firstImage = firstImage;
    this.endImage = endImage;
    this.target = target;
    this.progress = progress;
    this.stopped = stopped;
  }

  @Override
  public Void call() throws IOException {
    image = firstImage;
    part.scan(owned, this::take);
    if (image != endImage) {
      throw corrupt(
          "it was to hold "
              + (endImage - firstImage)
              + " images of this shard, but held "
              + (image - firstImage));
    }
    return null;
  }

  private void take(FeatureRecord record) {
    if (stopped.getAsBoolean()) {
      throw new DicmException(
          ErrorCode.INTERRUPTED, "Cannot load the vectors: another part of them has failed.");
    }
    if (image == endImage) {
      throw corrupt(
          "it holds more than the "
              + (endImage - firstImage)
              + " images of this shard it was to hold");
    }
    if (record.feature().length != target.dimension()) {
      throw corrupt(
          "image "
              + record.imageId()
              + " has a vector of "
              + record.feature().length
              + " values, needed "
              + target.dimension());
    }
    target.put(image++, record);
    progress.loadedOne();
  }

  private static DicmException corrupt(String why) {
    return new DicmException(
        ErrorCode.STORE_CORRUPT, "Cannot load the vectors from the feature store: " + why + ".");
  }
}
