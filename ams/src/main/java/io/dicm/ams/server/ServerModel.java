package io.dicm.ams.server;

import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.client.StepRequest;
import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.dense.DenseParameters;
import io.dicm.ams.embedding.EmbeddingTable;
import io.dicm.ams.memory.ReusedFloats;
import io.dicm.ams.reduce.ReplicaExchange;
import io.dicm.ams.table.MergedRows;
import io.dicm.ams.window.OpenStep;
import io.dicm.ams.window.StepComputation;
import io.dicm.common.error.DicmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A server's part of the model: images, ID embeddings and dense parameters of a window. */
final class ServerModel implements StepComputation {
  private final ImagePath images;
  private final EmbeddingTable embeddings;
  private final DenseParameters dense;
  private final ReplicaExchange exchange;
  private final OptimizerOptions optimizers;
  private final ComputeCrew crew;

  /** Of the workers' gradients of IDs, in one step after another. */
  private final ReusedFloats idSums = new ReusedFloats();

  private long computeNs;

  /**
   * Takes none of them over.
   *
   * @param crew merges the workers' IDs and adds up their gradients
   */
  ServerModel(
      ImagePath images,
      EmbeddingTable embeddings,
      DenseParameters dense,
      ReplicaExchange exchange,
      OptimizerOptions optimizers,
      ComputeCrew crew) {
    this.crew = crew;
    this.images = images;
    this.embeddings = embeddings;
    this.dense = dense;
    this.exchange = exchange;
    this.optimizers = optimizers;
  }

  /**
   * Waits for an update.
   *
   * @throws DicmException why it was not made
   */
  static void await(CompletionStage<Void> update) {
    try {
      update.toCompletableFuture().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof DicmException known ? known : e;
    }
  }

  @Override
  public OpenStep forward(List<StepRequest> requests) {
    return timed(() -> new Step(requests));
  }

  /**
   * Begins a step of the only worker, in this process and on this GPU.
   *
   * @param finished is told when the update is made
   * @throws IllegalStateException as {@link ImageStep#codesOnDevice}
   */
  DeviceStep beginOnDevice(StepRequest request, Runnable finished) {
    return timed(() -> new OnDevice(request, finished));
  }

  /** Time spent computing so far, ns; what requests waited for each other is not in it. */
  long computeNs() {
    return computeNs + exchange.computeNs();
  }

  private <T> T timed(Supplier<T> work) {
    long start = System.nanoTime();
    T result = work.get();
    computeNs += System.nanoTime() - start;
    return result;
  }

  private void timed(Runnable work) {
    timed(
        () -> {
          work.run();
          return null;
        });
  }

  /**
   * What one step used of the model. Where a GPU computes the images, the processor's threads work
   * on the IDs meanwhile.
   */
  private final class Step implements OpenStep {
    private final ImageStep step;
    private final MergedRows ids;
    private final List<StepInputs> answers = new ArrayList<>();

    Step(List<StepRequest> requests) {
      step = images.forward(requests);
      try {
        ids = rowsOf(requests);
        answer(embeddings.values(ids.uniqueRows()), step.rows());
      } catch (RuntimeException | Error e) {
        // Nobody else knows of what the pass keeps outside the heap.
        step.close();
        throw e;
      }
    }

    private void answer(float[] idValues, ImageRows rows) {
      float[] denseValues = dense.values();
      for (int i = 0; i < ids.requesters(); i++) {
        answers.add(
            new StepInputs(
                rows.ads().get(i),
                rows.behaviors().get(i),
                ids.scatter(i, idValues, embeddings.columns().width()),
                denseValues));
      }
    }

    @Override
    public List<StepInputs> answers() {
      return answers;
    }

    @Override
    public boolean trainsImages() {
      return images.trainsImages();
    }

    /** A step without impressions has nothing to learn from: no server changes anything. */
    @Override
    public CompletionStage<Void> backward(long round, List<StepGradients> gradients) {
      long impressions = gradients.stream().mapToLong(StepGradients::impressions).sum();
      float scale = impressions == 0 ? 0 : 1f / impressions;
      long number = gradients.get(0).step();
      float rate = optimizers.learningRate().at(number);
      ImageGradients begun = timed(() -> step.backward(gradients, scale));
      if (impressions == 0) {
        int networks = timed(begun::networks).size();
        return exchange.step(round, Collections.nCopies(networks, new float[0]), rate);
      }
      if (begun.computedBeside()) {
        timed(() -> updateOwn(ids, gradients, scale, number));
        return exchange.step(round, timed(begun::networks), rate);
      }
      // The other servers are to have this one's gradients while it updates what is its own.
      CompletionStage<Void> updated = exchange.step(round, timed(begun::networks), rate);
      timed(() -> updateOwn(ids, gradients, scale, number));
      return updated;
    }

    @Override
    public void close() {
      step.close();
    }
  }

  /** A step whose images' codes never leave the GPU. */
  private final class OnDevice implements DeviceStep {
    private final ImageStep step;
    private final MergedRows ids;
    private final StepInputs inputs;
    private final DeviceCodes codes;
    private final Runnable finished;
    private ImageGradients begun;

    OnDevice(StepRequest request, Runnable finished) {
      this.finished = finished;
      step = images.forward(List.of(request));
      try {
        codes = step.codesOnDevice();
        ids = rowsOf(List.of(request));
        float[] values = embeddings.values(ids.uniqueRows());
        inputs =
            new StepInputs(
                new float[0],
                new float[0],
                ids.scatter(0, values, embeddings.columns().width()),
                dense.values());
      } catch (RuntimeException | Error e) {
        step.close();
        throw e;
      }
    }

    @Override
    public StepInputs inputs() {
      return inputs;
    }

    @Override
    public DeviceCodes codes() {
      return codes;
    }

    @Override
    public void beginImages(DeviceCodes gradients, int impressions) {
      begun = timed(() -> step.backwardOnDevice(gradients, 1f / impressions));
    }

    @Override
    public void finish(StepGradients gradients) {
      long number = gradients.step();
      timed(() -> updateOwn(ids, List.of(gradients), 1f / gradients.impressions(), number));
      await(exchange.step(number, timed(begun::networks), optimizers.learningRate().at(number)));
      finished.run();
    }

    @Override
    public void close() {
      step.close();
    }
  }

  private void updateOwn(MergedRows ids, List<StepGradients> gradients, float scale, long number) {
    int[] rows = ids.uniqueRows();
    int width = embeddings.columns().width();
    float[] summed = idSums.atLeast(Math.multiplyExact(rows.length, width));
    ids.sum(gradients.stream().map(StepGradients::idEmbeddings).toList(), width, scale, summed);
    embeddings.update(rows, summed, optimizers.idRateAt(number), optimizers.weightRateAt(number));
    dense.update(
        denseSum(gradients, scale),
        optimizers.learningRate().at(number),
        gradients.stream().mapToInt(StepGradients::phase).max().orElse(0));
  }

  private float[] denseSum(List<StepGradients> gradients, float scale) {
    float[] sum = new float[dense.length()];
    for (StepGradients some : gradients) {
      float[] gradient = some.dense();
      for (int i = 0; i < sum.length; i++) {
        sum[i] += gradient[i];
      }
    }
    for (int i = 0; i < sum.length; i++) {
      sum[i] *= scale;
    }
    return sum;
  }

  /** The rows of the workers' IDs; a worker's keys are different, and so are its rows. */
  private MergedRows rowsOf(List<StepRequest> requests) {
    List<int[]> rows =
        requests.stream()
            .map(request -> embeddings.rowsOf(request.step(), request.idKeys()))
            .toList();
    return rows.size() == 1 ? MergedRows.ofDistinct(rows.get(0), crew) : MergedRows.of(rows, crew);
  }
}
