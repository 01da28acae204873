package io.dicm.feature.job;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Fingerprints;
import io.dicm.feature.decode.DecodeLimits;
import io.dicm.feature.decode.ImageDecoder;
import io.dicm.feature.decode.RejectedImage;
import io.dicm.feature.decode.RejectionReason;
import io.dicm.feature.encode.EncodingPipeline;
import io.dicm.feature.encode.ImageEncoder;
import io.dicm.feature.source.MapHeap;
import io.dicm.feature.store.FeatureRecord;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The way from image files to vectors: files are decoded ahead on other threads while the network
 * computes a batch, which the calling thread does, or a GPU while this thread puts the next batch
 * together. What comes out is in the order of the files, whatever the threads do. For one thread;
 * does not close the encoder.
 */
public final class BatchExtractor implements AutoCloseable {
  /**
   * Pictures of 600 KB (for VGG16) that wait for the network, at most; a part of the task's heap.
   */
  private static final int MOST_AHEAD = 64;

  /** Files that wait for a decoder, bytes. */
  private static final long MOST_BYTES_AHEAD = (long) MapHeap.FILES_AHEAD_MB << 20;

  private static final int MOST_DECODE_THREADS = 256;

  /** For whatever holds up a thread beside its work, such as a machine that swaps. */
  private static final Duration GRACE = Duration.ofMinutes(2);

  private final Clock clock = Clock.systemUTC();
  private final DecodePipeline pipeline;
  private final EncodingPipeline network;
  private final int batchSize;
  private final Output output;
  private final ExtractListener listener;

  /** Pictures of the batch that is put together; the network has their pixels. */
  private final List<PreparedImage.Pixels> pending = new ArrayList<>();

  private final Deque<Submitted> underWay = new ArrayDeque<>();
  private long waitNanos;
  private long decodeNanos;

  /** A batch that the network has, and what it took so far. */
  private record Submitted(List<PreparedImage.Pixels> pictures, ExtractListener.BatchTimes times) {}

  /** Takes vectors and rejections. */
  @FunctionalInterface
  public interface Output {
    void write(ExtractedImage image) throws IOException, InterruptedException;
  }

  BatchExtractor(
      DecodePipeline pipeline,
      ImageEncoder encoder,
      int batchSize,
      Output output,
      ExtractListener listener) {
    this.pipeline = pipeline;
    this.network = encoder.pipeline(batchSize);
    this.batchSize = batchSize;
    this.output = output;
    this.listener = listener;
  }

  /** One with the configured limits, batches and decoding threads, which start now. */
  public static BatchExtractor start(
      DicmConfiguration settings, ImageEncoder encoder, Output output, ExtractListener listener) {
    int threads = settings.integer(DicmKeys.EXTRACT_DECODE_THREADS, 1, MOST_DECODE_THREADS);
    int batchSize = settings.integer(DicmKeys.EXTRACT_BATCH_SIZE, 1, ExtractSettings.MOST_IN_BATCH);
    DecodeLimits limits = DecodeLimits.of(settings, threads);
    // A whole batch, so that decoders have work as long as the network has.
    int ahead = Math.min(batchSize, MOST_AHEAD) + threads;
    DecodePipeline pipeline =
        new DecodePipeline(
            new ImagePreparer(new ImageDecoder(limits), encoder.preprocessing()),
            threads,
            ahead,
            MOST_BYTES_AHEAD,
            limits.maxTime().plus(GRACE));
    return new BatchExtractor(pipeline, encoder, batchSize, output, listener);
  }

  /**
   * Adds an image; may compute a batch of earlier ones.
   *
   * @param contentDigest SHA-256 of its bytes
   */
  public void add(InputImage image, String contentDigest) throws IOException, InterruptedException {
    while (!pipeline.hasRoomFor(image)) {
      takeOne();
    }
    pipeline.submit(image, contentDigest);
  }

  /** Computes what is left. */
  public void finish() throws IOException, InterruptedException {
    while (!pipeline.isEmpty()) {
      takeOne();
    }
    submitPending();
    while (!underWay.isEmpty()) {
      takeBatch();
    }
  }

  /** Ends the decoding threads, and the batches that are under way if there was an error. */
  @Override
  public void close() {
    try {
      pipeline.close();
    } finally {
      network.close();
    }
  }

  private void takeOne() throws IOException, InterruptedException {
    long start = System.nanoTime();
    PreparedImage image = pipeline.take();
    waitNanos += System.nanoTime() - start;
    decodeNanos += image.decodeNanos();
    if (image instanceof PreparedImage.Pixels picture) {
      listener.decoded();
      network.put(pending.size(), picture.pixels());
      pending.add(withoutPixels(picture));
      if (pending.size() == batchSize) {
        submitPending();
      }
    } else if (image instanceof PreparedImage.Rejected rejected) {
      listener.rejected(rejected.rejection().reason());
      output.write(
          ExtractedImage.rejected(rejected.imageId(), rejected.path(), rejected.rejection()));
    }
  }

  private void submitPending() throws IOException, InterruptedException {
    if (pending.isEmpty()) {
      return;
    }
    long start = System.nanoTime();
    network.submit(pending.size());
    long encodeNanos = System.nanoTime() - start;
    underWay.add(
        new Submitted(
            List.copyOf(pending),
            new ExtractListener.BatchTimes(encodeNanos, waitNanos, decodeNanos)));
    pending.clear();
    waitNanos = 0;
    decodeNanos = 0;
    if (underWay.size() == network.depth()) {
      takeBatch();
    }
  }

  /** Waits for the oldest batch; a later one may be computed meanwhile. */
  private void takeBatch() throws IOException, InterruptedException {
    Submitted batch = underWay.remove();
    long start = System.nanoTime();
    float[][] vectors = network.take();
    if (vectors.length != batch.pictures().size()) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot use the encoder of %s: it gave %d vectors for %d pictures, needed is one for each, in their order."
              .formatted(DicmKeys.EXTRACT_ENCODER, vectors.length, batch.pictures().size()));
    }
    ExtractListener.BatchTimes times = batch.times().withEncoding(System.nanoTime() - start);
    long now = clock.millis();
    int finite = 0;
    for (int i = 0; i < vectors.length; i++) {
      finite += write(batch.pictures().get(i), vectors[i], now) ? 1 : 0;
    }
    listener.encoded(finite, times);
  }

  /** False: the vector was rejected. */
  private boolean write(PreparedImage.Pixels image, float[] vector, long now)
      throws IOException, InterruptedException {
    int index = firstNotFinite(vector);
    if (index < 0) {
      output.write(ExtractedImage.of(image.path(), record(image, vector, now)));
      return true;
    }
    listener.rejected(RejectionReason.VECTOR_NOT_FINITE);
    output.write(
        ExtractedImage.rejected(
            image.imageId(),
            image.path(),
            new RejectedImage(
                RejectionReason.VECTOR_NOT_FINITE,
                "value " + index + " of the vector is " + vector[index])));
    return false;
  }

  /** Where the first such value is; -1: there is none. */
  private static int firstNotFinite(float[] vector) {
    for (int i = 0; i < vector.length; i++) {
      if (!Float.isFinite(vector[i])) {
        return i;
      }
    }
    return -1;
  }

  private static FeatureRecord record(PreparedImage.Pixels image, float[] vector, long now) {
    return new FeatureRecord(
        image.imageId(),
        Fingerprints.imageKey(image.imageId()),
        image.contentDigest(),
        vector,
        image.width(),
        image.height(),
        now,
        image.perceptualHash());
  }

  /** The network has the pixels. */
  private static PreparedImage.Pixels withoutPixels(PreparedImage.Pixels image) {
    return new PreparedImage.Pixels(
        image.imageId(),
        image.path(),
        image.decodeNanos(),
        image.contentDigest(),
        new float[0],
        image.width(),
        image.height(),
        image.perceptualHash());
  }
}
