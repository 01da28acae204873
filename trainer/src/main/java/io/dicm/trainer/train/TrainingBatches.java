package io.dicm.trainer.train;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.model.NetworkShape;
import java.io.Closeable;
import java.io.IOException;

/**
 * One worker's batches of all epochs. Where training goes on from a checkpoint, the batches of the
 * steps before it are read and left out: a batch's content follows from all samples before it. That
 * takes time, so a worker does it before it says that it is ready. An epoch's first samples are
 * read while the last ones of the epoch before are given out, so many as those leave room for: a
 * source that fills a large buffer first would keep all workers waiting. For one thread at a time.
 */
public final class TrainingBatches implements Closeable {
  private static final long UNKNOWN = -1;
  private static final long STEPS_AT_A_TIME = 64;

  private final TrainingOptions options;
  private final BatchAssembler assembler;
  private final EpochSource samples;
  private long firstStep = UNKNOWN;
  private long skippedSteps;
  private long skippedImpressions;
  private int epoch;
  private BatchReader open;
  private BatchReader following;

  /**
   * A batch and where it comes from.
   *
   * @param epoch from 0
   */
  record EpochBatch(int epoch, Batch batch) {}

  /**
   * @param shape of the network that the batches are for
   * @param samples the worker's share of the training samples
   */
  public TrainingBatches(TrainingOptions options, NetworkShape shape, EpochSource samples) {
    this.options = options;
    this.assembler = new BatchAssembler(shape);
    this.samples = samples;
  }

  /**
   * Leaves out the batches of the steps before this one, once; a worker may have fewer. The same
   * again does nothing.
   *
   * @param progress told impressions
   * @throws DicmException {@link ErrorCode#STORAGE_FAILED}; {@link ErrorCode#INTERNAL} when another
   *     step was asked for before
   */
  public void skipTo(long step, ProgressListener progress) {
    if (firstStep != UNKNOWN) {
      requireSame(step);
      return;
    }
    firstStep = step;
    try {
      while (skippedSteps < firstStep && epoch < options.epochs()) {
        skip(progress);
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private void skip(ProgressListener progress) throws IOException {
    if (open == null) {
      open = open(epoch);
    }
    long wanted = Math.min(STEPS_AT_A_TIME, firstStep - skippedSteps);
    long skipped = open.skip(wanted);
    skippedSteps += skipped;
    if (skipped < wanted) {
      finishEpoch();
    }
    progress.progress(
        skippedImpressions(),
        options.expectedImpressions() * options.epochs(),
        "reading on to step " + firstStep);
  }

  private void finishEpoch() throws IOException {
    skippedImpressions += open.skippedImpressions();
    open.close();
    open = following;
    following = null;
    epoch++;
  }

  private void requireSame(long step) {
    if (step != firstStep) {
      throw new DicmException(
          ErrorCode.INTERNAL,
          "Cannot train: the servers go on from step "
              + step
              + ", this worker was told step "
              + firstStep
              + ".");
    }
  }

  /** Steps that were left out. */
  long skippedSteps() {
    return skippedSteps;
  }

  /** Impressions that were left out. */
  long skippedImpressions() {
    return skippedImpressions + (open == null ? 0 : open.skippedImpressions());
  }

  /**
   * The next batch, or null after the last epoch's last.
   *
   * @throws DicmException {@link ErrorCode#STORAGE_FAILED} when an epoch's samples cannot be opened
   */
  EpochBatch next() throws IOException {
    while (epoch < options.epochs()) {
      if (open == null) {
        open = open(epoch);
      }
      Batch batch = open.next();
      if (batch != null) {
        readAhead(batch.samples().size());
        return new EpochBatch(epoch, batch);
      }
      finishEpoch();
    }
    return null;
  }

  /** Takes as many samples of the next epoch into memory as left it. */
  private void readAhead(int samples) throws IOException {
    if (open.isReadThrough() && epoch + 1 < options.epochs()) {
      if (following == null) {
        following = open(epoch + 1);
      }
      following.readAhead(samples);
    }
  }

  private BatchReader open(int ofEpoch) {
    try {
      return new BatchReader(samples.open(ofEpoch), assembler, options.batchSize());
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static DicmException unreadable(IOException cause) {
    return new DicmException(
        ErrorCode.STORAGE_FAILED, "Cannot open the training samples: " + cause.getMessage(), cause);
  }

  @Override
  public void close() throws IOException {
    try (BatchReader one = open;
        BatchReader other = following) {
      open = null;
      following = null;
    }
  }
}
