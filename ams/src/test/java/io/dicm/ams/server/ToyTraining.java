package io.dicm.ams.server;

import io.dicm.ams.client.GrpcAmsClient;
import io.dicm.ams.client.Welcome;
import io.dicm.ams.embedding.EmbeddingOptions;
import io.dicm.ams.embedding.EmbeddingStatistics;
import io.dicm.ams.server.ToyWorker.Example;
import io.dicm.ams.submodel.MissingImages;
import io.dicm.ams.window.Staleness;
import io.dicm.ams.wire.RowPrecision;
import io.dicm.feature.store.FeatureSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * Whole trainings with toy workers over gRPC on loopback; for tests.
 *
 * @param batches the batch of each step, spread over the workers in whole parts
 * @param embeddingOptions of all servers
 */
record ToyTraining(
    FeatureSnapshot snapshot,
    LongFunction<List<Example>> batches,
    EmbeddingOptions embeddingOptions) {
  private static final long LIMIT_SECONDS = 60;

  /** With embeddings of every ID. */
  ToyTraining(FeatureSnapshot snapshot, LongFunction<List<Example>> batches) {
    this(snapshot, batches, EmbeddingOptions.everyId(Gang.EMBEDDING_BYTES));
  }

  /**
   * How many of what.
   *
   * @param shared one sub-model for ad and behaviour images
   * @param precision of rows on the way
   * @param missingImages what stands for images that the snapshot does not have
   * @param threads that each server computes with
   */
  record Layout(
      int servers,
      int workers,
      boolean shared,
      RowPrecision precision,
      MissingImages missingImages,
      Staleness staleness,
      int threads) {
    Layout(int servers, int workers) {
      this(servers, workers, Staleness.SYNCHRONOUS);
    }

    Layout(int servers, int workers, boolean shared, RowPrecision precision) {
      this(servers, workers, shared, precision, MissingImages.ZERO, Staleness.SYNCHRONOUS, 1);
    }

    Layout(
        int servers,
        int workers,
        boolean shared,
        RowPrecision precision,
        MissingImages missingImages) {
      this(servers, workers, shared, precision, missingImages, Staleness.SYNCHRONOUS, 1);
    }

    Layout(int servers, int workers, Staleness staleness) {
      this(servers, workers, false, RowPrecision.FLOAT32, MissingImages.ZERO, staleness, 1);
    }

    Layout withThreads(int otherThreads) {
      return new Layout(
          servers, workers, shared, precision, missingImages, staleness, otherThreads);
    }
  }

  /**
   * What came of it.
   *
   * @param losses mean loss of each step made
   * @param digests of the sub-model by server
   * @param embeddings by server
   */
  record Result(
      List<Double> losses,
      float[] dense,
      List<String> digests,
      List<EmbeddingStatistics> embeddings) {}

  Result run(Layout layout, long untilStep) throws Exception {
    return run(layout, untilStep, server -> {});
  }

  /**
   * Trains up to a step.
   *
   * @param beforeStart done to each loaded server
   */
  Result run(Layout layout, long untilStep, Consumer<AmsServer> beforeStart) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(layout.workers());
    try (Gang gang =
        new Gang(
            snapshot,
            layout.servers(),
            layout.workers(),
            layout.shared(),
            layout.missingImages(),
            layout.staleness(),
            Gang.TIMEOUT_MS,
            embeddingOptions,
            layout.threads(),
            beforeStart)) {
      List<GrpcAmsClient> clients = new ArrayList<>();
      List<Future<List<Double>>> running = new ArrayList<>();
      for (int w = 0; w < layout.workers(); w++) {
        int worker = w;
        GrpcAmsClient client = gang.client(w, layout.precision());
        clients.add(client);
        running.add(threads.submit(() -> work(client, worker, layout.workers(), untilStep)));
      }
      List<List<Double>> shares = new ArrayList<>();
      for (Future<List<Double>> one : running) {
        shares.add(one.get(LIMIT_SECONDS, TimeUnit.SECONDS));
      }
      gang.servers.forEach(AmsServer::awaitCheckpoints);
      float[] dense = clients.get(0).dense();
      clients.forEach(GrpcAmsClient::close);
      return new Result(
          sums(shares),
          dense,
          gang.servers.stream().map(AmsServer::subModelDigest).toList(),
          gang.servers.stream().map(server -> server.statistics().embeddings()).toList());
    } finally {
      threads.shutdownNow();
    }
  }

  /** The worker's share of each step's mean loss. */
  private List<Double> work(GrpcAmsClient client, int worker, int workers, long untilStep) {
    Welcome welcome = client.join(ToyWorker.initialDense());
    ToyWorker toy = new ToyWorker(client);
    List<Double> losses = new ArrayList<>();
    for (long step = welcome.firstStep(); step < untilStep; step++) {
      toy.ask(step, share(step, worker, workers));
      if (toy.openSteps() > welcome.stepsAhead()) {
        losses.add(toy.train() / batches.apply(step).size());
      }
    }
    client.leave(untilStep);
    while (toy.openSteps() > 0) {
      losses.add(toy.train() / batches.apply(0).size());
    }
    toy.awaitUpdate();
    return losses;
  }

  private List<Example> share(long step, int worker, int workers) {
    List<Example> batch = batches.apply(step);
    return batch.subList(batch.size() * worker / workers, batch.size() * (worker + 1) / workers);
  }

  private static List<Double> sums(List<List<Double>> shares) {
    List<Double> sums = new ArrayList<>();
    for (int step = 0; step < shares.get(0).size(); step++) {
      double sum = 0;
      for (List<Double> share : shares) {
        sum += share.get(step);
      }
      sums.add(sum);
    }
    return sums;
  }
}
