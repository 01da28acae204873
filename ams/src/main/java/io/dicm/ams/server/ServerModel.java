package io.dicm.ams.server;

import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.client.StepRequest;
import io.dicm.ams.dense.DenseParameters;
import io.dicm.ams.embedding.EmbeddingTable;
import io.dicm.ams.reduce.ReplicaExchange;
import io.dicm.ams.table.MergedRows;
import io.dicm.ams.window.OpenStep;
import io.dicm.ams.window.StepComputation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A server's part of the model: images, ID embeddings and dense parameters of a window. */
final class ServerModel implements StepComputation {
  private final ImagePath images;
  private final EmbeddingTable embeddings;
  private final DenseParameters dense;
  private final ReplicaExchange exchange;
  private final OptimizerOptions optimizers;
  private long computeNs;

  ServerModel(
      ImagePath images,
      EmbeddingTable embeddings,
      DenseParameters dense,
      ReplicaExchange exchange,
      OptimizerOptions optimizers) {
    this.images = images;
    this.embeddings = embeddings;
    this.dense = dense;
    this.exchange = exchange;
    this.optimizers = optimizers;
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

  /** What one step used of the model. */
  private final class Step implements OpenStep {
    private final ImageStep codes;
    private final MergedRows ids;
    private final List<StepInputs> answers = new ArrayList<>();

    Step(List<StepRequest> requests) {
      codes = images.forward(requests);
      try {
        ids =
            MergedRows.of(
                requests.stream()
                    .map(request -> embeddings.rowsOf(request.step(), request.idKeys()))
                    .toList());
        answer(requests);
      } catch (RuntimeException | Error e) {
        // Nobody else knows of what the pass keeps outside the heap.
        codes.close();
        throw e;
      }
    }

    private void answer(List<StepRequest> requests) {
      float[] idValues = embeddings.values(ids.uniqueRows());
      float[] denseValues = dense.values();
      for (int i = 0; i < requests.size(); i++) {
        answers.add(
            new StepInputs(
                codes.ads().get(i),
                codes.behaviors().get(i),
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
      long step = gradients.get(0).step();
      float rate = optimizers.learningRate().at(step);
      List<float[]> own = timed(() -> codes.backward(gradients, scale));
      if (impressions == 0) {
        return exchange.step(round, Collections.nCopies(own.size(), new float[0]), rate);
      }
      CompletionStage<Void> updated = exchange.step(round, own, rate);
      timed(() -> updateOwn(gradients, scale, step));
      return updated;
    }

    private void updateOwn(List<StepGradients> gradients, float scale, long step) {
      List<float[]> idGradients = gradients.stream().map(StepGradients::idEmbeddings).toList();
      embeddings.update(
          ids.uniqueRows(),
          ids.sum(idGradients, embeddings.columns().width(), scale),
          optimizers.idRateAt(step),
          optimizers.weightRateAt(step));
      dense.update(
          denseSum(gradients, scale),
          optimizers.learningRate().at(step),
          gradients.stream().mapToInt(StepGradients::phase).max().orElse(0));
    }

    private float[] denseSum(List<StepGradients> gradients, float scale) {
      float[] sum = new float[dense.length()];
      for (StepGradients some : gradients) {
        for (int i = 0; i < sum.length; i++) {
          sum[i] += some.dense()[i];
        }
      }
      for (int i = 0; i < sum.length; i++) {
        sum[i] *= scale;
      }
      return sum;
    }

    @Override
    public void close() {
      codes.close();
    }
  }
}
