package io.dicm.ams.server;

import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.client.StepRequest;
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
  private final OwnParameters own;
  private final ReplicaExchange exchange;
  private final OptimizerOptions optimizers;
  private long computeNs;

  /** Takes none of them over. */
  ServerModel(
      ImagePath images, OwnParameters own, ReplicaExchange exchange, OptimizerOptions optimizers) {
    this.images = images;
    this.own = own;
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
        ids = own.find(requests);
        answer(own.idValues(ids), step.rows());
      } catch (RuntimeException | Error e) {
        // Nobody else knows of what the pass keeps outside the heap.
        step.close();
        throw e;
      }
    }

    private void answer(float[] idValues, ImageRows rows) {
      float[] denseValues = own.denseValues();
      for (int i = 0; i < ids.requesters(); i++) {
        answers.add(
            new StepInputs(
                rows.ads().get(i),
                rows.behaviors().get(i),
                ids.scatter(i, idValues, own.idWidth()),
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
        timed(() -> own.update(ids, gradients, scale, number));
        return exchange.step(round, timed(begun::networks), rate);
      }
      // The other servers are to have this one's gradients while it updates what is its own.
      CompletionStage<Void> updated = exchange.step(round, timed(begun::networks), rate);
      timed(() -> own.update(ids, gradients, scale, number));
      return updated;
    }

    @Override
    public void close() {
      step.close();
    }
  }
}
