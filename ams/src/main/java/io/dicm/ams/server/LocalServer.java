package io.dicm.ams.server;

import io.dicm.ams.client.AmsClient;
import io.dicm.ams.client.Answer;
import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.client.StepRequest;
import io.dicm.ams.client.Welcome;
import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.dense.DenseParameters;
import io.dicm.ams.embedding.EmbeddingTable;
import io.dicm.ams.memory.MemoryBudget;
import io.dicm.ams.reduce.ReplicaExchange;
import io.dicm.ams.reduce.RoundNumbers;
import io.dicm.ams.shard.FeatureShard;
import io.dicm.ams.shard.ShardRows;
import io.dicm.ams.shard.VectorControl;
import io.dicm.ams.window.OpenStep;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.progress.ProgressListener;
import io.dicm.feature.store.FeatureSnapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A model server and the client of its only worker in one, with nothing between them: what a step
 * costs where nothing is sent. Makes the steps that an {@link AmsServer} makes, synchronously and
 * without checkpoints, on the calling thread. For one thread.
 */
public final class LocalServer implements AmsClient {
  private static final Welcome FROM_THE_START = new Welcome(0, 0);

  private final ComputeCrew crew;
  private final ServerImages images;
  private final EmbeddingTable embeddings;
  private final DenseParameters dense;
  private final ServerModel model;
  private final DeviceSteps deviceSteps;
  private final Map<Long, OpenStep> open = new HashMap<>();
  private long steps;

  /**
   * Loads the vectors.
   *
   * @param options of one server and one worker
   * @throws DicmException {@code MEMORY_PLAN_TOO_LARGE} when the vectors do not fit the limit,
   *     {@code STORAGE_FAILED}; {@link ErrorCode#CONFIGURATION_INVALID} for more than one server or
   *     worker, or with staleness
   */
  public LocalServer(
      AmsServerOptions options, FeatureSnapshot snapshot, ProgressListener progress) {
    requireAlone(options);
    MemoryBudget memory =
        new MemoryBudget(
            "the ID embeddings and open steps' images",
            "Use smaller batches.",
            options.embeddings().memoryLimitBytes());
    this.crew = new ComputeCrew("local-crew-", options.threads());
    this.images =
        ServerImages.load(snapshot, new VectorControl.None(), options, crew, memory, progress);
    OptimizerOptions optimizers = options.optimizers();
    this.embeddings =
        new EmbeddingTable(
            optimizers.ofRows(options.rowColumns()),
            options.seed(),
            optimizers.idL2(),
            options.embeddings(),
            memory,
            crew);
    this.dense = new DenseParameters(0, 1, optimizers.networks());
    ReplicaExchange exchange =
        new ReplicaExchange(
            0, 1, images.subModel(), new NoPeers(), Runnable::run, RoundNumbers.ordered(0));
    OwnParameters own = new OwnParameters(embeddings, dense, optimizers, crew);
    this.model = new ServerModel(images.path(), own, exchange, optimizers);
    this.deviceSteps =
        new DeviceSteps(images.path(), own, exchange, optimizers, this::stepFinished);
  }

  private static void requireAlone(AmsServerOptions options) {
    if (options.servers() != 1 || options.workers() != 1 || options.staleness().stepsAhead() > 0) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot make steps within one process: there were %d servers, %d workers and %d steps of staleness, allowed are 1, 1 and 0."
              .formatted(options.servers(), options.workers(), options.staleness().stepsAhead()));
    }
  }

  @Override
  public Welcome join(float[] initialDense, int statistics) {
    dense.offer(0, initialDense.length, statistics, initialDense);
    return FROM_THE_START;
  }

  /** The answer is there when this returns. */
  @Override
  public Answer<StepInputs> ask(StepRequest request) {
    OpenStep step = model.forward(List.of(request));
    open.put(request.step(), step);
    return () -> step.answers().get(0);
  }

  /** The update is made when this returns. */
  @Override
  public Answer<Void> send(StepGradients gradients) {
    try (OpenStep step = open.remove(gradients.step())) {
      ServerModel.await(step.backward(gradients.step(), List.of(gradients)));
    }
    stepFinished();
    return () -> null;
  }

  /**
   * Begins a step whose worker computes on the server's GPU, instead of {@link #ask}: what the
   * images give and take stays there.
   *
   * @param request with each picture once, of which one at most is not there, and its code is not
   *     learned
   * @return the caller's to finish and to close
   * @throws IllegalStateException where the sub-model is not two networks on a GPU, or for other
   *     requests
   */
  public DeviceStep beginOnDevice(StepRequest request) {
    try (PreparedDeviceStep prepared = prepareOnDevice(request)) {
      return prepared.begin();
    }
  }

  /**
   * Does what {@link #beginOnDevice} needs no parameters for, so that it can be done while the step
   * before this one is being made. Where the processor collects the vectors, since they do not fit
   * the GPU and no kernel reads them there, it does so now and waits for the copy.
   *
   * @param request of the step that is begun next; as {@link #beginOnDevice} takes it
   * @return the caller's to begin and to close; before this is closed
   * @throws IllegalStateException as {@link #beginOnDevice}; no ID was asked for then
   */
  public PreparedDeviceStep prepareOnDevice(StepRequest request) {
    return deviceSteps.prepare(request);
  }

  private void stepFinished() {
    steps++;
    embeddings.stepFinished(steps);
  }

  @Override
  public void leave(long nextStep) {
    // Nobody else waits.
  }

  @Override
  public float[] dense() {
    return dense.values();
  }

  /** Whether a kernel of our own collects the vectors. */
  public boolean areVectorsCollectedByKernel() {
    return images.rows().map(ShardRows::areCollectedByKernel).orElse(false);
  }

  /**
   * The pictures' part of a step for the device alone; to be closed before this.
   *
   * @param adImages keys of shown items' pictures, each once
   * @param behaviorImages keys of behaviours' pictures, each once
   * @throws IllegalStateException without a sub-model
   */
  public ImageRounds imageRounds(long[] adImages, long[] behaviorImages) {
    ShardRows rows =
        images.rows().orElseThrow(() -> new IllegalStateException("There is no sub-model"));
    FeatureShard shard = images.shard().orElseThrow();
    return new ImageRounds(
        rows, images.subModel(), shard.rowsOf(adImages), shard.rowsOf(behaviorImages));
  }

  @Override
  public void close() {
    open.values().forEach(OpenStep::close);
    images.close();
    embeddings.close();
    crew.close();
  }
}
