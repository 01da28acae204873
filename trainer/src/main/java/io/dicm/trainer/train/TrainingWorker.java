package io.dicm.trainer.train;

import io.dicm.ams.client.AmsClient;
import io.dicm.ams.client.Answer;
import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.client.Welcome;
import io.dicm.ams.compute.NativeThreads;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.model.DicmNetwork;
import io.dicm.trainer.model.PreparedIndices;
import io.dicm.trainer.model.StepOutcome;
import io.dicm.trainer.network.Objective;
import io.dicm.trainer.network.StepContext;
import io.dicm.trainer.sample.ItemCatalogue;
import io.dicm.trainer.train.BatchPrefetcher.ReadyBatch;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The training loop of one worker (algorithm 1 of arXiv 1711.06505, lines 1 to 6): for each batch
 * it gets image codes, ID embeddings and dense parameters from the servers, computes loss and
 * gradients, and gives the gradients back. Where the servers allow staleness, it asks for the next
 * steps before it computes this one, so that servers and worker compute at the same time. Workers
 * may have different numbers of steps; one that has finished leaves and the others go on.
 *
 * <p>Unless the servers train asynchronously deterministic: the same samples in the same order give
 * the same steps. For one thread; batches are read ahead on a second one, which ends with {@link
 * #run}.
 */
public final class TrainingWorker {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingWorker.class);

  /** Odd, so that no two steps of a training have the same seed. */
  private static final long SEED_STRIDE = 0x9E3779B97F4A7C15L;

  private final TrainingOptions options;
  private final DicmNetwork network;
  private final AmsClient servers;
  private final TrainingBatches batches;
  private final ProgressListener progress;
  private final TrainingListener listener;
  private final CurveRecorder recorder = new CurveRecorder();
  private final ProgressiveMetrics progressive;
  private final Deque<AskedStep> asked = new ArrayDeque<>();
  private Answer<Void> lastUpdate = () -> null;
  private Welcome welcome;
  private long nextStep;
  private long lapNanos;

  /** A step that the servers were asked for. */
  private record AskedStep(long step, ReadyBatch ready, Answer<StepInputs> inputs) {
    Batch batch() {
      return ready.batch().batch();
    }

    int epoch() {
      return ready.batch().epoch();
    }

    Objective objective() {
      return ready.batch().objective();
    }
  }

  /**
   * Draws no items.
   *
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
        new TrainingBatches(options, network.shape(), samples, ItemCatalogue.EMPTY),
        progress,
        TrainingListener.NONE);
  }

  /**
   * With batches that may have been read on to the first step before.
   *
   * @param servers connected, not yet joined; stays the caller's to close
   * @param batches of the same options, closed by {@link #run}; the caller's to close before
   * @param progress told impressions after each step
   * @param listener told what was measured, after each step
   */
  public TrainingWorker(
      TrainingOptions options,
      DicmNetwork network,
      AmsClient servers,
      TrainingBatches batches,
      ProgressListener progress,
      TrainingListener listener) {
    this.options = options;
    this.network = network;
    this.servers = servers;
    this.batches = batches;
    this.progress = progress;
    this.listener = listener;
    this.progressive =
        ProgressiveMetrics.forImpressions(options.expectedImpressions() * options.passes());
  }

  /**
   * Joins, trains all epochs and leaves. Where the servers go on from a checkpoint, the batches of
   * the steps before it are left out. Other workers may still be training when it returns: the
   * final dense parameters are there only when all have left.
   *
   * @throws DicmException of the servers' client, or when samples cannot be read; {@link
   *     ErrorCode#TRAINING_DIVERGED} when a loss is not a finite number. Unless it was in its last
   *     steps, the worker has then not left, so that the servers' deadline or the master ends the
   *     others
   */
  public TrainingResult run() {
    try {
      return trained();
    } finally {
      // Of a training that failed.
      asked.forEach(step -> step.ready.indices().close());
    }
  }

  private TrainingResult trained() {
    NativeThreads.use(options.threads());
    welcome = servers.join(network.initialDense(options.seed()), network.statisticCount());
    batches.skipTo(welcome.firstStep(), progress);
    nextStep = batches.skippedSteps();
    long skippedImpressions = batches.skippedImpressions();
    recorder.startAfter(nextStep, skippedImpressions);
    lapNanos = System.nanoTime();
    trainAll();
    servers.leave(nextStep);
    trainUntilOpen(0);
    lastUpdate.await();
    long impressions = recorder.impressions() - skippedImpressions;
    LOG.info(
        "Worker {} of {} trained {} impressions and has made {} steps",
        options.worker(),
        options.workers(),
        impressions,
        nextStep);
    return new TrainingResult(
        nextStep,
        impressions,
        recorder.runningLoss(),
        new TrainingCurve(options.worker(), recorder.points(), progressive.points()));
  }

  private void trainAll() {
    String thread = "batches-worker-" + options.worker();
    try (BatchPrefetcher ahead = new BatchPrefetcher(batches, network, thread)) {
      for (ReadyBatch next = ahead.next(); next != null; next = ahead.next()) {
        asked.add(ask(next));
        nextStep++;
        trainUntilOpen(welcome.stepsAhead());
      }
    }
  }

  private AskedStep ask(ReadyBatch ready) {
    try {
      Answer<StepInputs> inputs = servers.ask(ready.batch().batch().request(nextStep));
      return new AskedStep(nextStep, ready, inputs);
    } catch (RuntimeException | Error e) {
      ready.indices().close();
      throw e;
    }
  }

  /** Trains the oldest steps until only so many are open. */
  private void trainUntilOpen(int steps) {
    while (asked.size() > steps) {
      AskedStep oldest = asked.remove();
      StepOutcome outcome = train(oldest);
      progressive.add(recorder.steps() + 1, oldest.epoch(), oldest.batch(), outcome);
      long now = System.nanoTime();
      recorder.add(oldest.epoch(), oldest.batch().impressions(), outcome.lossSum(), now - lapNanos);
      lapNanos = now;
      tell(oldest.epoch());
    }
  }

  /** Computes one step and sends its gradients. */
  private StepOutcome train(AskedStep asked) {
    Batch batch = asked.batch();
    StepOutcome outcome = computed(asked);
    if (!Double.isFinite(outcome.lossSum())) {
      throw new DicmException(
          ErrorCode.TRAINING_DIVERGED,
          "Cannot go on training: the loss of step "
              + asked.step
              + " was "
              + outcome.lossSum()
              + ". Train again with a smaller "
              + DicmKeys.TRAIN_LEARNING_RATE
              + ".");
    }
    lastUpdate.await();
    lastUpdate =
        servers.send(
            new StepGradients(
                asked.step,
                batch.impressions(),
                outcome.adCodes(),
                outcome.behaviorCodes(),
                outcome.idEmbeddings(),
                outcome.dense(),
                options.phase(asked.objective())));
    return outcome;
  }

  /**
   * Indices may be closed as soon as the network is done: it has read what its last kernel gives.
   */
  private StepOutcome computed(AskedStep asked) {
    try (PreparedIndices indices = asked.ready.indices()) {
      return network.train(
          indices,
          asked.batch().labels(),
          asked.inputs.await(),
          new StepContext(asked.objective(), seed(asked.step)));
    }
  }

  /** Another one for each step of each worker, the same in every training of the same seed. */
  private long seed(long step) {
    return options.seed() + SEED_STRIDE * (step * options.workers() + options.worker() + 1);
  }

  private void tell(int epoch) {
    listener.measured(recorder.steps(), recorder.runningLoss(), progressive.latest());
    progress.progress(
        recorder.impressions(),
        options.expectedImpressions() * options.passes(),
        String.format(
            Locale.ROOT,
            "epoch %d/%d loss %.4f",
            epoch + 1,
            options.passes(),
            recorder.runningLoss()));
  }
}
