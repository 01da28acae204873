package io.dicm.trainer.train;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.feature.device.GpuFailures;
import io.dicm.trainer.model.DicmNetwork;
import io.dicm.trainer.model.PreparedIndices;
import io.dicm.trainer.train.TrainingBatches.EpochBatch;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads and assembles batches ahead of the training loop, over the ends of epochs too, on a thread
 * of its own, which {@link #close} ends. For a network on a GPU it takes the batches' indices there
 * too, beside what the GPU computes meanwhile.
 */
final class BatchPrefetcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BatchPrefetcher.class);
  private static final int BATCHES_AHEAD = 4;
  private static final long READ_TIMEOUT_SECONDS = 600;
  private static final long END_TIMEOUT_MS = 10_000;
  private static final long OFFER_MS = 200;

  private sealed interface Outcome {
    record Ready(ReadyBatch batch) implements Outcome {}

    record Finished() implements Outcome {}

    record Failed(Throwable cause) implements Outcome {}
  }

  /**
   * A batch and its indices, which the taker closes.
   *
   * @param indices as the network's passes take them
   */
  record ReadyBatch(EpochBatch batch, PreparedIndices indices) {}

  private final BlockingQueue<Outcome> outcomes = new ArrayBlockingQueue<>(BATCHES_AHEAD);
  private final TrainingBatches batches;
  private final DicmNetwork network;
  private final Thread thread;
  private volatile boolean closing;

  /**
   * Starts reading.
   *
   * @param batches belong to the prefetcher's thread, which closes them
   * @param network that the batches are for
   */
  BatchPrefetcher(TrainingBatches batches, DicmNetwork network, String threadName) {
    this.batches = batches;
    this.network = network;
    this.thread = new Thread(this::readAll, threadName);
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * The next batch, or null after the last one.
   *
   * @throws DicmException {@link ErrorCode#STORAGE_FAILED} when the samples cannot be read or do
   *     not come in time; {@link ErrorCode#INTERRUPTED}
   */
  ReadyBatch next() {
    Outcome outcome = poll();
    if (outcome instanceof Outcome.Ready ready) {
      return ready.batch();
    }
    if (outcome instanceof Outcome.Failed failed) {
      throw failure(failed.cause());
    }
    return null;
  }

  @Override
  public void close() {
    closing = true;
    thread.interrupt();
    try {
      thread.join(END_TIMEOUT_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      LOG.warn("Thread {} did not end within {} ms", thread.getName(), END_TIMEOUT_MS);
    }
    for (Outcome left = outcomes.poll(); left != null; left = outcomes.poll()) {
      if (left instanceof Outcome.Ready ready) {
        ready.batch().indices().close();
      }
    }
  }

  private Outcome poll() {
    try {
      Outcome outcome = outcomes.poll(READ_TIMEOUT_SECONDS, TimeUnit.SECONDS);
      if (outcome == null) {
        throw new DicmException(
            ErrorCode.STORAGE_FAILED,
            "Cannot go on training: no samples came for " + READ_TIMEOUT_SECONDS + " s.");
      }
      return outcome;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DicmException(
          ErrorCode.INTERRUPTED, "Cannot go on training: the worker was interrupted.", e);
    }
  }

  private void readAll() {
    try {
      offerAll();
    } catch (InterruptedException e) {
      // close() asked for the end: nobody waits for an outcome.
      Thread.currentThread().interrupt();
    }
  }

  private void offerAll() throws InterruptedException {
    try (batches) {
      network.device().useOwnStreamHere();
      EpochBatch batch = batches.next();
      while (batch != null && !closing) {
        offer(new ReadyBatch(batch, prepared(batch.batch())));
        batch = batches.next();
      }
    } catch (IOException | RuntimeException | Error e) {
      offer(new Outcome.Failed(e));
      return;
    }
    offer(new Outcome.Finished());
  }

  /**
   * On the processor indices are made by the step that needs them: to make them here would keep
   * them for all batches ahead.
   */
  private PreparedIndices prepared(Batch batch) {
    if (network.device().isProcessor()) {
      return network.prepare(batch.indices());
    }
    PreparedIndices prepared =
        network.prepareStep(
            batch.indices(),
            batch.idKeys().length,
            batch.adImageKeys().length,
            batch.behaviorImageKeys().length);
    network.device().finishStreamHere();
    return prepared;
  }

  private void offer(ReadyBatch batch) throws InterruptedException {
    if (!offer(new Outcome.Ready(batch))) {
      batch.indices().close();
    }
  }

  /**
   * Waits for room, but not for ever: file systems turn the interrupt of {@link #close} into an
   * error of their own, and nobody takes that one.
   */
  private boolean offer(Outcome outcome) throws InterruptedException {
    boolean taken = false;
    while (!taken && !closing) {
      taken = outcomes.offer(outcome, OFFER_MS, TimeUnit.MILLISECONDS);
    }
    return taken;
  }

  private static DicmException failure(Throwable cause) {
    if (cause instanceof IOException) {
      return new DicmException(
          ErrorCode.STORAGE_FAILED, "Cannot read samples: " + cause.getMessage(), cause);
    }
    return GpuFailures.explained("make a batch of samples", cause);
  }
}
