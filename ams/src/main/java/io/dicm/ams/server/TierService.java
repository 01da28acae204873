package io.dicm.ams.server;

import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.memory.MemoryBudget;
import io.dicm.ams.proto.ForwardRequest;
import io.dicm.ams.proto.TierQuestion;
import io.dicm.ams.proto.VectorsRequest;
import io.dicm.ams.shard.FeatureShard;
import io.dicm.ams.submodel.MissingImageCount;
import io.dicm.ams.submodel.MissingImages;
import io.dicm.ams.tier.PeerSource;
import io.dicm.ams.tier.PeerVectors;
import io.dicm.ams.tier.ShardTiers;
import io.dicm.ams.tier.StoredVectors;
import io.dicm.ams.tier.TierCounter;
import io.dicm.ams.tier.TierRequest;
import io.dicm.ams.wire.KeyLists;
import io.dicm.ams.wire.TierMessages;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Buckets;
import io.dicm.common.key.Fingerprints;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/**
 * Answers questions for tier histograms as they come, beside the window's steps, and other servers'
 * questions for vectors: each kind on a thread of its own, since who counts waits for vectors of
 * others, who do the same. Counts depend on the question alone, so that it may be repeated. Safe
 * for use by many threads.
 */
final class TierService implements AutoCloseable {
  private static final long CLOSE_SECONDS = 60;

  private final AmsServerOptions options;
  private final FeatureShard shard;
  private final PeerVectors peers;
  private final ShardTiers tiers;
  private final ExecutorService counting;
  private final ExecutorService serving;
  private final LongAdder computeNs = new LongAdder();

  /**
   * Takes none of them over.
   *
   * @param crew counts
   * @param source of other servers' vectors
   * @param memory what their memory is taken of
   */
  TierService(
      AmsServerOptions options,
      FeatureShard shard,
      ComputeCrew crew,
      PeerSource source,
      MemoryBudget memory) {
    this.options = options;
    this.shard = shard;
    this.peers =
        new PeerVectors(
            source,
            options.servers(),
            shard.dimension(),
            shard.precision(),
            memory,
            options.peerVectorBytes(),
            options.windowTimeoutMs());
    this.tiers = new ShardTiers(shard, this::owns, peers, new TierCounter(shard.dimension(), crew));
    this.counting = thread("ams-" + options.index() + "-tiers");
    this.serving = thread("ams-" + options.index() + "-vectors");
  }

  /** Begins with its first task: most trainings ask for no histograms. */
  private static ExecutorService thread(String name) {
    return new ThreadPoolExecutor(
        1,
        1,
        0,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(),
        task -> {
          Thread thread = new Thread(task, name);
          thread.setDaemon(true);
          return thread;
        });
  }

  /**
   * Counts for a step's request.
   *
   * @return [impressions, tiers]; fails when another server does not send its vectors
   * @throws DicmException {@link ErrorCode#INTERNAL}: only a defect or a stranger asks so
   */
  CompletableFuture<int[]> count(ForwardRequest message) {
    TierRequest request = read(message);
    return CompletableFuture.supplyAsync(() -> count(message.getStep(), request), counting);
  }

  private TierRequest read(ForwardRequest message) {
    TierQuestion question = message.getTiers();
    long keys =
        (long) KeyLists.count(question.getAdImageKeys(), "ad_image_keys")
            + KeyLists.count(question.getBehaviorImageKeys(), "behavior_image_keys");
    long counts =
        (long) TierMessages.impressions(question)
            * Math.max(0, Math.min(question.getTiers(), TierRequest.MOST_TIERS));
    long bytes =
        keys * Long.BYTES
            + ((long) question.getBehaviors().size() + question.getImpressions().size() + counts)
                * Integer.BYTES;
    if (bytes > options.messageLimitBytes()) {
      throw refused(
          message,
          "its tier histograms would have %d bytes with their keys, allowed %d, which follows the server's heap. Use smaller batches or larger servers"
              .formatted(bytes, options.messageLimitBytes()));
    }
    TierRequest request = TierMessages.record(question);
    for (long key : request.behaviorImageKeys()) {
      if (key == Fingerprints.NONE || !owns(key)) {
        throw refused(message, "key " + key + " is not one of server " + options.index());
      }
    }
    if (Arrays.stream(request.adImageKeys()).anyMatch(key -> key == Fingerprints.NONE)) {
      throw refused(message, "it shows an image without a key");
    }
    return request;
  }

  private boolean owns(long key) {
    return Buckets.serverOf(key, options.servers()) == options.index();
  }

  private int[] count(long step, TierRequest request) {
    long start = System.nanoTime();
    MissingImageCount missing = new MissingImageCount();
    int[] counts = tiers.count(request, missing);
    computeNs.add(System.nanoTime() - start);
    if (options.missingImages() == MissingImages.FAIL && missing.missing() > 0) {
      throw missing.refusal("run step " + step);
    }
    return counts;
  }

  /**
   * Answers another server.
   *
   * @throws DicmException {@link ErrorCode#INTERNAL}: only a defect or a stranger asks so
   */
  CompletableFuture<StoredVectors> vectors(VectorsRequest message) {
    int count = KeyLists.count(message.getImageKeys(), "image_keys");
    long bytes = (long) count * shard.dimension() * shard.precision().valueBytes();
    if (count > 1 && bytes > options.messageLimitBytes()) {
      throw new DicmException(
          ErrorCode.INTERNAL,
          "Cannot send %d image vectors: they would have %d bytes, allowed %d."
              .formatted(count, bytes, options.messageLimitBytes()));
    }
    long[] keys = KeyLists.keys(message.getImageKeys(), "image_keys");
    for (long key : keys) {
      if (!owns(key)) {
        throw new DicmException(
            ErrorCode.INTERNAL,
            "Cannot send image vectors: key %d is not one of server %d."
                .formatted(key, options.index()));
      }
    }
    return CompletableFuture.supplyAsync(() -> stored(keys), serving);
  }

  private StoredVectors stored(long[] keys) {
    int[] rows = shard.rowsOf(keys);
    int[] missing =
        IntStream.range(0, rows.length).filter(i -> rows[i] == FeatureShard.MISSING_ROW).toArray();
    int bytes = shard.dimension() * shard.precision().valueBytes();
    ByteBuffer vectors =
        ByteBuffer.allocate((rows.length - missing.length) * bytes).order(ByteOrder.LITTLE_ENDIAN);
    float[] vector = new float[shard.dimension()];
    for (int row : rows) {
      if (row != FeatureShard.MISSING_ROW) {
        shard.copyRow(row, vector);
        shard.precision().encode(vector, vectors);
        vectors.position(vectors.position() + bytes);
      }
    }
    return new StoredVectors(vectors.flip(), missing);
  }

  /** Time spent counting so far, waits for other servers included, ns. */
  long computeNs() {
    return computeNs.sum();
  }

  private static DicmException refused(ForwardRequest message, String why) {
    return new DicmException(
        ErrorCode.INTERNAL,
        "Cannot run step "
            + message.getStep()
            + " for worker "
            + message.getWorker()
            + ": "
            + why
            + ".");
  }

  /**
   * Lets what is under way end, drops the rest, and frees the others' vectors.
   *
   * @throws DicmException {@code INTERNAL} when it does not end; the shard must then stay
   */
  @Override
  public void close() {
    counting.shutdownNow();
    serving.shutdownNow();
    boolean interrupted = false;
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_SECONDS);
    while (!haveEnded() && System.nanoTime() < deadlineNs) {
      try {
        long leftNs = Math.max(1, deadlineNs - System.nanoTime());
        if (counting.awaitTermination(leftNs, TimeUnit.NANOSECONDS)) {
          serving.awaitTermination(leftNs, TimeUnit.NANOSECONDS);
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (!haveEnded()) {
      throw new DicmException(
          ErrorCode.INTERNAL,
          "Cannot close the model server: its tier histograms did not end within "
              + CLOSE_SECONDS
              + " s.");
    }
    peers.close();
  }

  private boolean haveEnded() {
    return counting.isTerminated() && serving.isTerminated();
  }
}
