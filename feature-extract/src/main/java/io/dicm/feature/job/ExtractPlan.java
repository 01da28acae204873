package io.dicm.feature.job;

import io.dicm.common.key.Buckets;
import java.util.Arrays;

/**
 * What an extraction would do, from a listing and the store's index: no image is opened.
 *
 * @param images images in the input
 * @param imagesExact whether {@code images} is a count; else it is estimated from bytes
 * @param newImages images to be read since the store does not know their files; within files of
 *     many images estimated by the files' times and the number of images that the store lacks
 * @param imageBytes bytes of all images
 * @param mapTasks map tasks; 0: nothing is new, and there is no job
 * @param concurrentMaps map tasks at a time; as many as there are when the settings do not limit
 *     them
 * @param mapMemoryMb container memory of a map task, MiB
 * @param mapMemoryNeededMb what it needs, about, MiB
 * @param reduceTasks reduce tasks
 * @param reduceMemoryMb container memory of a reduce task, MiB
 * @param masterHeapNeededMb heap that the application master needs for the index, about, MiB
 * @param bucketBytes bytes of the vectors of each bucket, uncompressed, [1024]: those of the
 *     snapshot that the extraction builds on and the new ones
 * @param serverBytes bytes of the vectors of each server, uncompressed, [servers]
 * @param seconds time, about
 */
public record ExtractPlan(
    long images,
    boolean imagesExact,
    long newImages,
    long imageBytes,
    int mapTasks,
    int concurrentMaps,
    int mapMemoryMb,
    int mapMemoryNeededMb,
    int reduceTasks,
    int reduceMemoryMb,
    long masterHeapNeededMb,
    long[] bucketBytes,
    long[] serverBytes,
    double seconds) {

  /** Bytes of all vectors, uncompressed. */
  public long vectorBytes() {
    return Arrays.stream(bucketBytes).sum();
  }

  /** Bytes of the fullest of the {@link Buckets#COUNT} buckets. */
  public long largestBucketBytes() {
    return Arrays.stream(bucketBytes).max().orElse(0);
  }

  /** Container memory of all tasks that run at a time, MiB. */
  public long peakMemoryMb() {
    return mapTasks == 0
        ? 0
        : Math.max((long) concurrentMaps * mapMemoryMb, (long) reduceTasks * reduceMemoryMb);
  }
}
