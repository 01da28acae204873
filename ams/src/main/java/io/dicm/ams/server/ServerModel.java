package io.dicm.ams.server;

import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.client.StepRequest;
import io.dicm.ams.dense.DenseParameters;
import io.dicm.ams.embedding.EmbeddingTable;
import io.dicm.ams.reduce.GradientExchange;
import io.dicm.ams.submodel.SubModel;
import io.dicm.ams.table.MergedRows;
import io.dicm.ams.window.StepComputation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A server's part of the model: images, ID embeddings and dense parameters of a window. */
final class ServerModel implements StepComputation {
  private final ImagePath images;
  private final SubModel subModel;
  private final EmbeddingTable embeddings;
  private final DenseParameters dense;
  private final GradientExchange exchange;
  private final OptimizerOptions optimizers;
  private MergedRows idRows = MergedRows.of(List.of());
  private long computeNs;

  ServerModel(
      ImagePath images,
      SubModel subModel,
      EmbeddingTable embeddings,
      DenseParameters dense,
      GradientExchange exchange,
      OptimizerOptions optimizers) {
    this.images = images;
    this.subModel = subModel;
    this.embeddings = embeddings;
    this.dense = dense;
    this.exchange = exchange;
    this.optimizers = optimizers;
  }

  @Override
  public List<StepInputs> forward(List<StepRequest> requests) {
    return timed(() -> answers(requests));
  }

  private List<StepInputs> answers(List<StepRequest> requests) {
    ImagePath.Codes codes = images.forward(requests);
    idRows =
        MergedRows.of(
            requests.stream()
                .map(request -> embeddings.rowsOf(request.step(), request.idKeys()))
                .toList());
    float[] idValues = embeddings.values(idRows.uniqueRows());
    float[] denseValues = dense.values();
    List<StepInputs> answers = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      answers.add(
          new StepInputs(
              codes.ads().get(i),
              codes.behaviors().get(i),
              idRows.scatter(i, idValues, embeddings.dimension()),
              denseValues));
    }
    return answers;
  }

  /** A step without impressions has nothing to learn from: no server changes anything. */
  @Override
  public CompletionStage<Void> backward(List<StepGradients> gradients) {
    long impressions = gradients.stream().mapToLong(StepGradients::impressions).sum();
    float scale = impressions == 0 ? 0 : 1f / impressions;
    List<float[]> own = timed(() -> images.backward(gradients, scale));
    CompletionStage<List<float[]>> sum = exchange.reduce(gradients.get(0).step(), own);
    if (impressions == 0) {
      return sum.thenAccept(sums -> {});
    }
    long step = gradients.get(0).step();
    float rate = optimizers.learningRate().at(step);
    timed(() -> updateOwn(gradients, scale, rate, optimizers.idRateAt(step)));
    return sum.thenAccept(sums -> timed(() -> subModel.update(sums, rate)));
  }

  /** Time spent computing so far, ns; what requests waited for each other is not in it. */
  long computeNs() {
    return computeNs;
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

  private void updateOwn(List<StepGradients> gradients, float scale, float rate, float idRate) {
    List<float[]> ids = gradients.stream().map(StepGradients::idEmbeddings).toList();
    embeddings.update(idRows.uniqueRows(), idRows.sum(ids, embeddings.dimension(), scale), idRate);
    dense.update(denseSum(gradients, scale), rate);
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
}
