package io.dicm.trainer.bench;

import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.compute.NativeThreads;
import io.dicm.ams.server.DeviceStep;
import io.dicm.ams.server.LocalServer;
import io.dicm.ams.server.PreparedDeviceStep;
import io.dicm.trainer.model.DeviceTraining;
import io.dicm.trainer.model.DicmNetwork;
import io.dicm.trainer.model.PreparedIndices;
import io.dicm.trainer.model.StepOutcome;
import io.dicm.trainer.network.StepContext;
import io.dicm.trainer.train.Batch;

/** Makes steps of a server and its worker in one process, one way for each kind of device. */
sealed interface LargeSteps extends AutoCloseable {
  /** Does beforehand what the first step needs no parameters for; later ones do it themselves. */
  void prepare(int step, Ready ready);

  /**
   * Makes a step; when it returns, the next one may begin.
   *
   * @param ready what it was prepared with
   * @param next what the next step is made with
   */
  Times step(int step, Ready ready, Ready next);

  /** Frees what is there of a step that was not made. */
  @Override
  void close();

  /**
   * A batch and its indices on the device.
   *
   * @param indices closed with this
   */
  record Ready(Batch batch, PreparedIndices indices) implements AutoCloseable {
    @Override
    public void close() {
      indices.close();
    }
  }

  /**
   * What a step took.
   *
   * @param forwardMs until the network could begin
   * @param networkMs until the network's part was done, and on a GPU the images' way back begun and
   *     the next step prepared
   * @param backwardMs until all updates were made
   */
  record Times(double forwardMs, double networkMs, double backwardMs, double lossSum) {
    private static final double NANOS_A_MS = 1e6;

    private static Times of(long start, long asked, long trained, long sent, double lossSum) {
      return new Times(
          (asked - start) / NANOS_A_MS,
          (trained - asked) / NANOS_A_MS,
          (sent - trained) / NANOS_A_MS,
          lossSum);
    }

    double serverMs() {
      return forwardMs + backwardMs;
    }
  }

  /** What a worker sends after a pass. */
  private static StepGradients gradients(int step, Batch batch, StepOutcome outcome) {
    return new StepGradients(
        step,
        batch.impressions(),
        outcome.adCodes(),
        outcome.behaviorCodes(),
        outcome.idEmbeddings(),
        outcome.dense());
  }

  /**
   * Codes and their gradients go by Java's arrays, as between processes.
   *
   * @param threads of libtorch in the network
   */
  record ByArrays(LocalServer server, DicmNetwork network, int threads) implements LargeSteps {
    @Override
    public void prepare(int step, Ready ready) {
      // All is done when it is asked for.
    }

    @Override
    public Times step(int step, Ready ready, Ready next) {
      // A server computes on its crew's threads, a worker on libtorch's.
      NativeThreads.use(1);
      long start = System.nanoTime();
      StepInputs inputs = server.forward(ready.batch.request(step));
      long asked = System.nanoTime();
      NativeThreads.use(threads);
      StepOutcome outcome =
          network.train(ready.indices, ready.batch.labels(), inputs, StepContext.PLAIN);
      long trained = System.nanoTime();
      NativeThreads.use(1);
      server.backward(gradients(step, ready.batch, outcome));
      return Times.of(start, asked, trained, System.nanoTime(), outcome.lossSum());
    }

    @Override
    public void close() {
      // Nothing was prepared.
    }
  }

  /**
   * Codes and their gradients stay on the GPU, which is waited for when the network's outcome is
   * needed, and then for the gradients of the sub-model's networks. Before the first wait the next
   * step's pictures and IDs are looked up, and the GPU is told to collect the pictures: it does
   * that while the processor makes updates.
   */
  final class OnGpu implements LargeSteps {
    private final LocalServer server;
    private final DicmNetwork network;
    private final int threads;

    /** The next step; null while it is being made. */
    private PreparedDeviceStep prepared;

    /**
     * Takes neither of them over.
     *
     * @param threads of libtorch in the network
     */
    OnGpu(LocalServer server, DicmNetwork network, int threads) {
      this.server = server;
      this.network = network;
      this.threads = threads;
    }

    @Override
    public void prepare(int step, Ready ready) {
      NativeThreads.use(1);
      prepared = server.prepareOnDevice(ready.batch.request(step));
    }

    @Override
    public Times step(int step, Ready ready, Ready next) {
      NativeThreads.use(1);
      long start = System.nanoTime();
      try (DeviceStep begun = begin()) {
        long asked = System.nanoTime();
        NativeThreads.use(threads);
        try (DeviceTraining training =
            network.beginTraining(
                ready.indices, ready.batch.labels(), begun.inputs(), begun.codes())) {
          begun.beginImages(training.codeGradients(), ready.batch.impressions());
          prepare(step + 1, next);
          StepOutcome outcome = training.await();
          long trained = System.nanoTime();
          begun.finish(gradients(step, ready.batch, outcome));
          return Times.of(start, asked, trained, System.nanoTime(), outcome.lossSum());
        }
      }
    }

    private DeviceStep begin() {
      try (PreparedDeviceStep step = prepared) {
        prepared = null;
        return step.begin();
      }
    }

    @Override
    public void close() {
      if (prepared != null) {
        prepared.close();
        prepared = null;
      }
    }
  }
}
