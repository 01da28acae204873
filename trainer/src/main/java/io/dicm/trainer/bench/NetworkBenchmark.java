package io.dicm.trainer.bench;

import io.dicm.ams.compute.NativeThreads;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.model.Aggregation;
import io.dicm.trainer.model.DicmNetwork;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.model.NetworkChoice;
import io.dicm.trainer.model.NetworkShape;
import io.dicm.trainer.network.IdNetworkKind;
import io.dicm.trainer.network.NetworkOptions;
import io.dicm.trainer.sample.ItemCatalogue;
import io.dicm.trainer.sample.ShuffleOptions;
import io.dicm.trainer.schema.FeatureSchema;
import io.dicm.trainer.train.Batch;
import io.dicm.trainer.train.BatchAssembler;
import io.dicm.trainer.train.BatchReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * Measures a worker's part of a step, forward and backward in this process without servers, for
 * every network over IDs without and with pictures, beside a plain libtorch Embedding &amp; MLP
 * with the same pictures. All take turns in every round, so that they see the same machine. For one
 * thread; nothing else should compute meanwhile.
 */
public final class NetworkBenchmark {
  /** Different batches, which come again when there are more steps. */
  private static final int BATCHES = 8;

  private static final long DRAW_SEED = 1;
  private static final List<ImageMode> MODES = List.of(ImageMode.NONE, ImageMode.JOINT);

  private final Configuration conf;
  private final NetworkPlan plan;
  private final FeatureSchema schema;
  private final List<String> leftOut = new ArrayList<>();

  /** What takes turns, and the median step of each of its rounds, ms. */
  private static final class Contender {
    private final IdNetworkKind network;
    private final ImageMode images;
    private final Turn turn;
    private final List<WorkerBatch> batches;
    private final List<Double> medians = new ArrayList<>();

    Contender(IdNetworkKind network, ImageMode images, Turn turn, List<WorkerBatch> batches) {
      this.network = network;
      this.images = images;
      this.turn = turn;
      this.batches = batches;
    }

    void round(NetworkPlan plan) {
      double[] times = new double[plan.steps()];
      for (int i = -plan.warmUpSteps(); i < times.length; i++) {
        WorkerBatch batch = batches.get(Math.floorMod(i, batches.size()));
        long start = System.nanoTime();
        turn.step(batch);
        if (i >= 0) {
          times[i] = (System.nanoTime() - start) / 1e6;
        }
      }
      medians.add(median(times));
    }
  }

  private interface Turn {
    void step(WorkerBatch batch);
  }

  /**
   * @param conf options of networks and of the samples' order; which network and whether pictures
   *     enter are not looked at
   */
  public NetworkBenchmark(Configuration conf, NetworkPlan plan) {
    this.conf = conf;
    this.plan = plan;
    this.schema = plan.data().schema(conf);
  }

  /** Measures all networks that these samples and options can serve. */
  public List<NetworkRate> run(ProgressListener progress) throws IOException {
    NativeThreads.use(plan.threads());
    leftOut.clear();
    try (PlainWorkerStep plainIds = plain(ImageMode.NONE);
        PlainWorkerStep plainJoint = plain(ImageMode.JOINT)) {
      Map<ImageMode, Contender> plains =
          Map.of(
              ImageMode.NONE, contender(ImageMode.NONE, plainIds),
              ImageMode.JOINT, contender(ImageMode.JOINT, plainJoint));
      List<Contender> ours = contenders();
      List<Contender> all = new ArrayList<>(plains.values());
      all.addAll(ours);
      for (int round = 0; round < plan.rounds(); round++) {
        for (int i = 0; i < all.size(); i++) {
          Contender one = all.get(i);
          progress.progress(
              (long) round * all.size() + i,
              (long) plan.rounds() * all.size(),
              one.network.label());
          one.round(plan);
        }
      }
      return ours.stream().map(one -> rate(one, plains.get(one.images))).toList();
    }
  }

  /** Why networks were left out, a sentence each, after {@link #run}. */
  public List<String> leftOut() {
    return List.copyOf(leftOut);
  }

  private static NetworkRate rate(Contender one, Contender plain) {
    double[] fractions = new double[one.medians.size()];
    Arrays.setAll(fractions, round -> plain.medians.get(round) / one.medians.get(round));
    return new NetworkRate(
        one.network,
        one.images,
        median(values(one.medians)),
        median(values(plain.medians)),
        median(fractions));
  }

  private List<Contender> contenders() throws IOException {
    ItemCatalogue catalogue = plan.data().catalogue(conf);
    List<Contender> contenders = new ArrayList<>();
    for (IdNetworkKind kind : IdNetworkKind.values()) {
      for (ImageMode images : MODES) {
        try {
          contenders.add(contender(kind, images, catalogue));
        } catch (DicmException e) {
          if (e.code() != ErrorCode.CONFIGURATION_INVALID) {
            throw e;
          }
          leftOut.add(kind.label() + ", images " + label(images) + ": " + e.getMessage());
        }
      }
    }
    return contenders;
  }

  private Contender contender(IdNetworkKind kind, ImageMode images, ItemCatalogue catalogue)
      throws IOException {
    Configuration own = new Configuration(conf);
    own.set(DicmKeys.MODEL_NETWORK, kind.label());
    own.set(DicmKeys.TRAIN_IMAGES, label(images));
    NetworkShape shape =
        NetworkChoice.of(DicmConfiguration.of(own)).shape(schema, plan.embeddingDimension());
    DicmNetwork network = new DicmNetwork(shape);
    List<WorkerBatch> batches =
        batches(new BatchAssembler(shape, catalogue, DRAW_SEED)).stream()
            .map(batch -> WorkerBatch.of(network, batch))
            .toList();
    return new Contender(
        kind,
        images,
        batch -> network.train(batch.batch().indices(), batch.batch().labels(), batch.inputs()),
        batches);
  }

  private Contender contender(ImageMode images, PlainWorkerStep plain) throws IOException {
    NetworkShape shape = plainShape(images);
    List<WorkerBatch> batches =
        batches(new BatchAssembler(shape)).stream()
            .map(batch -> WorkerBatch.withoutDense(shape, batch))
            .toList();
    return new Contender(IdNetworkKind.EMBEDDING_MLP, images, plain::step, batches);
  }

  private PlainWorkerStep plain(ImageMode images) {
    return new PlainWorkerStep(plainShape(images));
  }

  private NetworkShape plainShape(ImageMode images) {
    return NetworkShape.of(schema.fields(), plan.embeddingDimension(), images, Aggregation.USUAL)
        .with(NetworkOptions.USUAL, List.of());
  }

  private List<Batch> batches(BatchAssembler assembler) throws IOException {
    ShuffleOptions shuffle = ShuffleOptions.of(DicmConfiguration.of(conf));
    long impressions = (long) BATCHES * plan.batchSize();
    StepSamples samples =
        new StepSamples(epoch -> plan.data().open(conf, epoch, shuffle), impressions);
    List<Batch> batches = new ArrayList<>();
    try (BatchReader reader = new BatchReader(samples, assembler, plan.batchSize())) {
      while (batches.size() < BATCHES) {
        batches.add(reader.next());
      }
    }
    return batches;
  }

  private static String label(ImageMode images) {
    return images.name().toLowerCase(Locale.ROOT);
  }

  private static double[] values(List<Double> list) {
    return list.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
