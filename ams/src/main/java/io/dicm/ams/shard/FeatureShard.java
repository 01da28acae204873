package io.dicm.ams.shard;

import io.dicm.ams.table.KeyIndex;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Buckets;
import io.dicm.common.progress.ProgressListener;
import io.dicm.feature.store.FeatureRecord;
import io.dicm.feature.store.FeatureSnapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The vectors of one server's buckets, scaled once when they are loaded, as one tensor outside the
 * Java heap: [images + 1, dimension]. Row {@value #MISSING_ROW} is all zeros and stands for every
 * image that the feature store does not have. After loading it only is read; reading is safe for
 * many threads.
 */
public final class FeatureShard implements AutoCloseable {
  /** The row of images that are not in the feature store. */
  public static final int MISSING_ROW = 0;

  /** The row of the first image. */
  public static final int FIRST_ROW = 1;

  private static final int PROGRESS_EVERY = 1000;

  private final VectorScaling scaling;
  private final VectorPrecision precision;
  private final Tensor vectors;
  private final KeyIndex index;
  private final List<ImageName> names;
  private final int dimension;

  private FeatureShard(
      VectorScaling scaling,
      VectorPrecision precision,
      Tensor vectors,
      KeyIndex index,
      List<ImageName> names,
      int dimension) {
    this.scaling = scaling;
    this.precision = precision;
    this.vectors = vectors;
    this.index = index;
    this.names = names;
    this.dimension = dimension;
  }

  /** An image's name and key. */
  public record ImageName(String imageId, long imageKey) {}

  /**
   * Loads the vectors of the buckets that server {@code server} of {@code servers} owns.
   *
   * @param precision of the vectors in memory
   * @param memoryLimitBytes most bytes that the vectors and their index may take
   * @throws DicmException {@code MEMORY_PLAN_TOO_LARGE} before anything is read; {@code
   *     IMAGE_KEY_COLLISION} when two images have one key
   */
  public static FeatureShard load(
      FeatureSnapshot snapshot,
      int server,
      int servers,
      VectorPrecision precision,
      long memoryLimitBytes,
      ProgressListener listener)
      throws IOException {
    IntPredicate owned = bucket -> Buckets.serverOf(bucket, servers) == server;
    long images = snapshot.imageCount(owned);
    checkMemory(
        bytesFor(images, snapshot.dimension(), precision), images, server, memoryLimitBytes);
    int rows = (int) images + FIRST_ROW;
    Tensor vectors = precision.allocate(rows, snapshot.dimension());
    FeatureShard shard =
        new FeatureShard(
            VectorScaling.of(snapshot),
            precision,
            vectors,
            new KeyIndex(rows),
            new ArrayList<>(rows),
            snapshot.dimension());
    try {
      shard.fill(snapshot, owned, images, listener);
    } catch (IOException | RuntimeException | Error e) {
      shard.close();
      throw e;
    }
    return shard;
  }

  /** Bytes that the vectors and the index of this many images take. */
  public static long bytesFor(long images, int dimension, VectorPrecision precision) {
    return (images + FIRST_ROW) * dimension * precision.valueBytes() + KeyIndex.bytesFor(images);
  }

  private static void checkMemory(long needed, long images, int server, long limitBytes) {
    if (needed > limitBytes || images >= Integer.MAX_VALUE - 8) {
      throw new DicmException(
          ErrorCode.MEMORY_PLAN_TOO_LARGE,
          "Cannot load the vectors of server "
              + server
              + ": "
              + images
              + " images need "
              + needed
              + " bytes, allowed "
              + limitBytes
              + ". Give the servers more memory, use more of them, or hold the vectors in float16.");
    }
  }

  private void fill(
      FeatureSnapshot snapshot, IntPredicate owned, long images, ProgressListener listener)
      throws IOException {
    try (PointerScope scope = new PointerScope()) {
      Pointer memory = vectors.data_ptr();
      precision.put(memory, 0, new float[dimension]);
      snapshot.scan(
          owned,
          image -> {
            addRow(memory, image, images);
            if (names.size() % PROGRESS_EVERY == 0 || names.size() == images) {
              listener.progress(names.size(), images, "vectors loaded");
            }
          });
    }
    if (names.size() != images) {
      throw corrupt("it was to hold " + images + " images of this shard, but held " + names.size());
    }
  }

  private void addRow(Pointer memory, FeatureRecord image, long images) {
    if (names.size() == images) {
      throw corrupt("it holds more than the " + images + " images of this shard it was to hold");
    }
    float[] vector = image.feature();
    if (vector.length != dimension) {
      throw corrupt("image " + image.imageId() + " has a vector of " + vector.length + " values");
    }
    if (index.add(image.imageKey()) == KeyIndex.ABSENT) {
      String other = names.get(index.rowOf(image.imageKey())).imageId();
      throw new DicmException(
          ErrorCode.IMAGE_KEY_COLLISION,
          "Cannot load the vectors: images "
              + image.imageId()
              + " and "
              + other
              + " have one key.");
    }
    scaling.apply(vector);
    precision.put(memory, (long) (names.size() + FIRST_ROW) * dimension, vector);
    names.add(new ImageName(image.imageId(), image.imageKey()));
  }

  private static DicmException corrupt(String why) {
    return new DicmException(
        ErrorCode.STORE_CORRUPT, "Cannot load the vectors from the feature store: " + why + ".");
  }

  /** The rows of these image keys; {@link #MISSING_ROW} for each that is not there. */
  public int[] rowsOf(long[] imageKeys) {
    int[] rows = new int[imageKeys.length];
    for (int i = 0; i < rows.length; i++) {
      int row = index.rowOf(imageKeys[i]);
      rows[i] = row == KeyIndex.ABSENT ? MISSING_ROW : row + FIRST_ROW;
    }
    return rows;
  }

  /** The number of images. */
  public int images() {
    return names.size();
  }

  /** The images in the order of their rows; the first one has row 1. */
  public List<ImageName> names() {
    return List.copyOf(names);
  }

  /** Length of each vector. */
  public int dimension() {
    return dimension;
  }

  /** How the vectors were scaled. */
  public VectorScaling scaling() {
    return scaling;
  }

  /** The scaled vectors, [images + 1, dimension], in the shard's precision. Owned by the shard. */
  Tensor vectors() {
    return vectors;
  }

  /** How the vectors are held. */
  VectorPrecision precision() {
    return precision;
  }

  /**
   * Neighbouring rows in single precision, [count, dimension].
   *
   * @param from the first row
   * @return belongs to the caller's scope; not to be changed
   */
  public Tensor rows(int from, int count) {
    return vectors.narrow(0, from, count).to(ScalarType.Float);
  }

  @Override
  public void close() {
    vectors.close();
  }
}
