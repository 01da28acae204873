package io.dicm.trainer.train;

import io.dicm.ams.client.AmsClient;
import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.compute.NativeThreads;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.model.DicmNetwork;
import io.dicm.trainer.model.StepOutcome;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The training loop of one worker (algorithm 1 of arXiv 1711.06505, lines 1 to 6): for each batch
 * it gets image codes, ID embeddings and dense parameters from the servers, computes loss and
 * gradients, and gives the gradients back. Workers may have different numbers of steps; one that
 * has finished leaves and the others go on.
 *
 * <p>Deterministic: the same samples in the same order give the same steps. For one thread; batches
 * are read ahead on a second one, which ends with {@link #run}.
 */
public final class TrainingWorker {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingWorker.class);

  private final TrainingOptions options;
  private final DicmNetwork network;
  private final AmsClient servers;
  private final TrainingBatches batches;
  private final ProgressListener progress;
  private final CurveRecorder recorder = new CurveRecorder();
  private long step;

  /**
   * @param servers connected, not yet joined; stays the caller's to close
   * @param samples the worker's share of the training samples
   * @param progress told impressions after each step
   */
  public TrainingWorker(
      TrainingOptions options,
      DicmNetwork network,
      AmsClient servers,
      EpochSource samples,
      ProgressListener progress) {
    this(
        options,
        network,
        servers,
        new TrainingBatches(options, network.shape(), samples),
        progress);
  }

  /**
   * With batches that may have been read on to the first step before.
   *
   * @param servers connected, not yet joined; stays the caller's to close
   * @param batches of the same options; stay the caller's to close
   * @param progress told impressions after each step
   */
  public TrainingWorker(
      TrainingOptions options,
      DicmNetwork network,
      AmsClient servers,
      TrainingBatches batches,
      ProgressListener progress) {
    this.options = options;
    this.network = network;
    this.servers = servers;
    this.batches = batches;
    this.progress = progress;
  }

  /**
   * Joins, trains all epochs and leaves. Where the servers go on from a checkpoint, the batches of
   * the steps before it are left out. Other workers may still be training when it returns: the
   * final dense parameters are there only when all have left.
   *
   * @throws DicmException of the servers' client, or when samples cannot be read; the worker has
   *     then not left, so that the servers' deadline or the master ends the others
   */
  public TrainingResult run() {
    NativeThreads.use(options.threads());
    batches.skipTo(servers.join(network.initialDense(options.seed())), progress);
    step = batches.skippedSteps();
    recorder.startAfter(step, batches.skippedImpressions());
    for (int epoch = batches.firstEpoch(); epoch < options.epochs(); epoch++) {
      trainEpoch(epoch);
    }
    servers.leave(step);
    long impressions = recorder.impressions() - batches.skippedImpressions();
    LOG.info(
        "Worker {} of {} trained {} impressions and has made {} steps",
        options.worker(),
        options.workers(),
        impressions,
        step);
    return new TrainingResult(
        step, impressions, recorder.runningLoss(), recorder.curve(options.worker()));
  }

  private void trainEpoch(int epoch) {
    String thread = "batches-worker-" + options.worker() + "-epoch-" + epoch;
    try (BatchPrefetcher ahead = new BatchPrefetcher(batches.rest(epoch), thread)) {
      for (Batch batch = ahead.next(); batch != null; batch = ahead.next()) {
        train(epoch, batch);
        step++;
      }
    }
  }

  private void train(int epoch, Batch batch) {
    long start = System.nanoTime();
    double loss = lossOfStep(batch);
    recorder.add(epoch, batch.impressions(), loss, System.nanoTime() - start);
    tell(epoch);
  }

  /** One synchronous step; gives the sum of the losses. */
  private double lossOfStep(Batch batch) {
    StepInputs inputs = servers.forward(batch.request(step));
    StepOutcome outcome = network.train(batch.indices(), batch.labels(), inputs);
    if (!Double.isFinite(outcome.lossSum())) {
      throw new DicmException(
          ErrorCode.INTERNAL,
          "Cannot go on training: the loss of step "
              + step
              + " was "
              + outcome.lossSum()
              + ". Try a smaller dicm.train.learning-rate.");
    }
    servers.backward(
        new StepGradients(
            step,
            batch.impressions(),
            outcome.adCodes(),
            outcome.behaviorCodes(),
            outcome.idEmbeddings(),
            outcome.dense()));
    return outcome.lossSum();
  }

  private void tell(int epoch) {
    progress.progress(
        recorder.impressions(),
        options.expectedImpressions() * options.epochs(),
        String.format(
            Locale.ROOT,
            "epoch %d/%d loss %.4f",
            epoch + 1,
            options.epochs(),
            recorder.runningLoss()));
  }
}
