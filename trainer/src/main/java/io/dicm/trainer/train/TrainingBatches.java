package io.dicm.trainer.train;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.SplitMix64;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.model.NetworkShape;
import io.dicm.trainer.network.Objective;
import io.dicm.trainer.sample.ItemCatalogue;
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
  private final NetworkShape shape;
  private final ItemCatalogue catalogue;
  private final BatchAssembler imageAssembler;
  private final EpochSource samples;
  private long firstStep = UNKNOWN;
  private long skippedSteps;
  private long skippedImpressions;
  private long givenImpressions;
  private long impressionsOfImageEpochs;
  private int epoch;
  private BatchReader open;
  private BatchReader following;

  /**
   * A batch and where it comes from.
   *
   * @param epoch pass over the samples, from 0
   * @param objective what it is to train
   */
  record EpochBatch(int epoch, Objective objective, Batch batch) {}

  /**
   * @param shape of the network that the batches are for
   * @param samples the worker's share of the training samples
   * @param catalogue where a network draws items that draws any; empty: none are drawn
   */
  public TrainingBatches(
      TrainingOptions options, NetworkShape shape, EpochSource samples, ItemCatalogue catalogue) {
    this.options = options;
    this.shape = shape;
    this.catalogue = catalogue;
    this.imageAssembler = BatchAssembler.ofPictures(shape);
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
      while (skippedSteps < firstStep && epoch < options.passes()) {
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
        options.expectedImpressions() * options.passes(),
        "reading on to step " + firstStep);
  }

  private void finishEpoch() throws IOException {
    skippedImpressions += open.skippedImpressions();
    open.close();
    open = following;
    following = null;
    epoch++;
    if (epoch == options.imageEpochs()) {
      impressionsOfImageEpochs = givenImpressions + skippedImpressions();
    }
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
    while (epoch < options.passes()) {
      if (open == null) {
        open = open(epoch);
      }
      Batch batch = open.next();
      if (batch != null) {
        readAhead(batch.samples().size());
        Objective objective = options.objective(epoch, impressionsOfEpochs());
        givenImpressions += batch.impressions();
        return new EpochBatch(epoch, objective, batch);
      }
      finishEpoch();
    }
    return null;
  }

  /** Impressions of batches that were given or left out since the image path trained alone. */
  private long impressionsOfEpochs() {
    return epoch < options.imageEpochs()
        ? 0
        : givenImpressions + skippedImpressions() - impressionsOfImageEpochs;
  }

  /** Takes as many samples of the next epoch into memory as left it. */
  private void readAhead(int samples) throws IOException {
    if (open.isReadThrough() && epoch + 1 < options.passes()) {
      if (following == null) {
        following = open(epoch + 1);
      }
      following.readAhead(samples);
    }
  }

  private BatchReader open(int ofEpoch) {
    try {
      BatchAssembler batches =
          ofEpoch < options.imageEpochs()
              ? imageAssembler
              : new BatchAssembler(shape, catalogue, options.seed() + ofEpoch * SplitMix64.GAMMA);
      return new BatchReader(samples.open(ofEpoch), batches, options.batchSize());
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
