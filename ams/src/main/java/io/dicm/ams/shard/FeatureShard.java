package io.dicm.ams.shard;

import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.table.KeyIndex;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Buckets;
import io.dicm.common.progress.ProgressListener;
import io.dicm.feature.store.FeaturePart;
import io.dicm.feature.store.FeatureSnapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
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

  /** A record, a short string and its bytes, and their places in the list. */
  private static final long NAME_BYTES = 104;

  /** Fewer keys are not worth a thread. */
  private static final int LEAST_KEYS = 8192;

  /** Keys and names may take one of so many parts of the heap. */
  private static final int HEAP_PARTS = 2;

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

  /** Loads vectors as they are; see the method with a control. */
  public static FeatureShard load(
      FeatureSnapshot snapshot,
      int server,
      int servers,
      VectorPrecision precision,
      long memoryLimitBytes,
      int threads,
      ProgressListener listener)
      throws IOException {
    VectorControl none = new VectorControl.None();
    return load(snapshot, none, server, servers, precision, memoryLimitBytes, threads, listener);
  }

  /**
   * Loads the vectors of the buckets that server {@code server} of {@code servers} owns.
   *
   * @param control what is done to them
   * @param precision of the vectors in memory
   * @param memoryLimitBytes most bytes outside the Java heap that the vectors may take; keys and
   *     names may take half the heap
   * @param threads how many read at a time, at most one for each part of the snapshot; rows are in
   *     the order of parts whatever their number
   * @param listener told of all threads' images together
   * @throws DicmException {@code MEMORY_PLAN_TOO_LARGE} before anything is read; {@code
   *     IMAGE_KEY_COLLISION} when two images have one key
   */
  public static FeatureShard load(
      FeatureSnapshot snapshot,
      VectorControl control,
      int server,
      int servers,
      VectorPrecision precision,
      long memoryLimitBytes,
      int threads,
      ProgressListener listener)
      throws IOException {
    IntPredicate owned = bucket -> Buckets.serverOf(bucket, servers) == server;
    List<FeaturePart> parts =
        snapshot.parts().stream().filter(part -> part.imageCount(owned) > 0).toList();
    long images = parts.stream().mapToLong(part -> part.imageCount(owned)).sum();
    int dimension = snapshot.dimension();
    checkMemory(bytesFor(images, dimension, precision), images, server, memoryLimitBytes);
    long heapBytes = Runtime.getRuntime().maxMemory() / HEAP_PARTS;
    checkHeap(images, server, heapBytes - control.heapBytes());
    VectorScaling scaling = VectorScaling.of(snapshot);
    ImageName[] names = new ImageName[(int) images];
    Tensor vectors = precision.allocate(images + FIRST_ROW, dimension);
    LoadingThreads loading = new LoadingThreads(threads);
    try (PointerScope scope = new PointerScope()) {
      Pointer memory = vectors.data_ptr();
      precision.put(memory, 0, new float[dimension]);
      PartLoader.Target target =
          new PartLoader.Target(memory, dimension, scaling, precision, control, names);
      load(parts, owned, target, loading, new LoadProgress(images, listener));
      control.arrange(names);
      return new FeatureShard(
          scaling, precision, vectors, index(names), Arrays.asList(names), dimension);
    } catch (IOException | RuntimeException | Error e) {
      // A thread that is stuck in a file system may still write.
      if (loading.haveEnded()) {
        vectors.close();
      }
      throw e;
    }
  }

  private static void load(
      List<FeaturePart> parts,
      IntPredicate owned,
      PartLoader.Target target,
      LoadingThreads loading,
      LoadProgress progress)
      throws IOException {
    List<PartLoader> loaders = new ArrayList<>();
    int first = 0;
    for (FeaturePart part : parts) {
      int end = first + (int) part.imageCount(owned);
      loaders.add(new PartLoader(part, owned, first, end, target, progress, loading::isStopped));
      first = end;
    }
    loading.run(loaders);
  }

  /** After all are loaded, in the order of rows: so it does not depend on who was first. */
  private static KeyIndex index(ImageName[] names) {
    KeyIndex index = new KeyIndex(names.length);
    for (ImageName name : names) {
      if (index.add(name.imageKey()) == KeyIndex.ABSENT) {
        String other = names[index.rowOf(name.imageKey())].imageId();
        throw new DicmException(
            ErrorCode.IMAGE_KEY_COLLISION,
            "Cannot load the vectors: images "
                + other
                + " and "
                + name.imageId()
                + " have one key.");
      }
    }
    return index;
  }

  /** Bytes outside the Java heap that the vectors of this many images take. */
  public static long bytesFor(long images, int dimension, VectorPrecision precision) {
    return (images + FIRST_ROW) * dimension * precision.valueBytes();
  }

  /** Bytes of the Java heap that the keys and names of this many images take. */
  public static long heapBytesFor(long images) {
    return KeyIndex.bytesFor(images) + images * NAME_BYTES;
  }

  /** Messages and the sub-model's values need the rest of the heap. */
  static void checkHeap(long images, int server, long limitBytes) {
    long needed = heapBytesFor(images);
    if (needed > limitBytes) {
      throw new DicmException(
          ErrorCode.MEMORY_PLAN_TOO_LARGE,
          "Cannot load the vectors of server %d: keys and names of %d images need %d bytes of the Java heap, allowed %d, half of it. Give the servers more memory (%s, %s) or use more of them."
              .formatted(
                  server,
                  images,
                  needed,
                  limitBytes,
                  DicmKeys.YARN_SERVER_MEMORY_MB,
                  DicmKeys.YARN_SERVER_HEAP_FRACTION));
    }
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
              + " bytes outside the Java heap, allowed "
              + limitBytes
              + ". Give the servers more memory, use more of them, or hold the vectors in float16.");
    }
  }

  /** The rows of these image keys; {@link #MISSING_ROW} for each that is not there. */
  public int[] rowsOf(long[] imageKeys) {
    return rowsOf(imageKeys, ComputeCrew.alone());
  }

  /** The same, found by a crew. */
  public int[] rowsOf(long[] imageKeys, ComputeCrew crew) {
    int[] rows = new int[imageKeys.length];
    crew.run(
        crew.pieces(
            rows.length,
            LEAST_KEYS,
            (from, count) -> {
              for (int i = (int) from; i < from + count; i++) {
                int row = index.rowOf(imageKeys[i]);
                rows[i] = row == KeyIndex.ABSENT ? MISSING_ROW : row + FIRST_ROW;
              }
            }));
    return rows;
  }

  /** The number of images. */
  public int images() {
    return names.size();
  }

  /** The images in the order of their rows; the first one has row 1. */
  public List<ImageName> names() {
    return Collections.unmodifiableList(names);
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
  public VectorPrecision precision() {
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

  /**
   * Copies a row in single precision.
   *
   * @param target gets it, [dimension]
   */
  public void copyRow(int row, float[] target) {
    try (PointerScope scope = new PointerScope()) {
      precision.get(vectors.data_ptr(), (long) row * dimension, target);
    }
  }

  @Override
  public void close() {
    vectors.close();
  }
}
