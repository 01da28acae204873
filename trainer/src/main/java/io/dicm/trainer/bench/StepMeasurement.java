package io.dicm.trainer.bench;

import io.dicm.ams.client.AmsClient;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.feature.store.FeatureSnapshot;
import io.dicm.trainer.model.Aggregation;
import io.dicm.trainer.model.DicmNetwork;
import io.dicm.trainer.model.NetworkShape;
import io.dicm.trainer.network.NetworkOptions;
import io.dicm.trainer.sample.ItemCatalogue;
import io.dicm.trainer.sample.ShuffleOptions;
import io.dicm.trainer.train.Batch;
import io.dicm.trainer.train.BatchAssembler;
import io.dicm.trainer.train.BatchReader;
import io.dicm.trainer.train.EpochSource;
import io.dicm.trainer.train.TrainingBatches;
import io.dicm.trainer.train.TrainingListener;
import io.dicm.trainer.train.TrainingOptions;
import io.dicm.trainer.train.TrainingWorker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Measures one way of training after the other on the same plan. For one thread. */
public final class StepMeasurement {
  private final DicmConfiguration conf;
  private final StepPlan plan;
  private final DicmNetwork network;

  /**
   * @param conf of the worker; its batch size is the plan's
   */
  public StepMeasurement(DicmConfiguration conf, StepPlan plan, DicmNetwork network) {
    this.conf = conf;
    this.plan = plan;
    this.network = network;
  }

  /**
   * Our worker against servers, connected but not joined. Each worker makes all steps of the plan,
   * on its share of the samples, so that the work of each is the same whatever their number.
   *
   * @param worker 0 to {@code workers} - 1
   * @param beginning run once when the last warm-up step has ended
   */
  public StepRate ofWorker(AmsClient servers, int worker, int workers, Runnable beginning)
      throws IOException {
    BatchShape shape = BatchShape.of(batches(network.shape(), worker, workers));
    long[] ends = new long[plan.steps() + 1];
    long warmUp = (long) plan.warmUpSteps() * plan.batchSize();
    TrainingOptions options = TrainingOptions.of(conf, worker, workers, 0);
    new TrainingWorker(
            options,
            network,
            servers,
            new TrainingBatches(
                options, network.shape(), epoch -> samples(worker, workers), catalogue()),
            (done, total, note) -> {
              long measured = (done - warmUp) / plan.batchSize();
              if (measured >= 0 && measured < ends.length) {
                ends[(int) measured] = System.nanoTime();
              }
              if (done == warmUp) {
                beginning.run();
              }
            },
            TrainingListener.NONE)
        .run();
    return StepRate.of(ends, (long) plan.steps() * plan.batchSize(), shape);
  }

  /**
   * The plain loop, of Embedding &amp; MLP with multi-query attention whatever our network, on
   * batches that are ready in memory, which favours it.
   */
  public StepRate ofPlainLoop(FeatureSnapshot pictures) throws IOException {
    NetworkShape shape =
        network.shape().with(Aggregation.USUAL).with(NetworkOptions.USUAL, List.of());
    List<Batch> batches = batches(shape, 0, 1);
    long[] ends = new long[plan.steps() + 1];
    try (PlainLoop loop = new PlainLoop(shape, pictures, batches)) {
      for (int step = 0; step < batches.size(); step++) {
        loop.step(step);
        int measured = step + 1 - plan.warmUpSteps();
        if (measured >= 0) {
          ends[measured] = System.nanoTime();
        }
      }
    }
    return StepRate.of(ends, (long) plan.steps() * plan.batchSize(), BatchShape.of(batches));
  }

  private List<Batch> batches(NetworkShape shape, int worker, int workers) throws IOException {
    List<Batch> batches = new ArrayList<>();
    try (BatchReader reader =
        new BatchReader(samples(worker, workers), new BatchAssembler(shape), plan.batchSize())) {
      while (batches.size() < plan.warmUpSteps() + plan.steps()) {
        batches.add(reader.next());
      }
    }
    return batches;
  }

  private ItemCatalogue catalogue() throws IOException {
    return network.shape().drawsItems()
        ? plan.data().catalogue(conf.hadoop())
        : ItemCatalogue.EMPTY;
  }

  private StepSamples samples(int worker, int workers) {
    EpochSource epochs = plan.data().share(conf.hadoop(), worker, workers, ShuffleOptions.of(conf));
    return new StepSamples(epochs, plan.impressions());
  }
}
