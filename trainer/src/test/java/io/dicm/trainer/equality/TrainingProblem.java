package io.dicm.trainer.equality;

import io.dicm.trainer.MemorySnapshot;
import io.dicm.trainer.model.Aggregation;
import io.dicm.trainer.model.DicmNetwork;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.model.NetworkShape;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureKind;
import io.dicm.trainer.schema.FeatureSchema;
import io.dicm.trainer.schema.FeatureSide;
import io.dicm.trainer.train.EpochSource;
import io.dicm.trainer.train.ListSource;
import io.dicm.trainer.train.RandomSamples;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A small training with everything in it that a real one has, the same for whoever makes it:
 * samples, pictures and sizes, and how each step's batch is spread over any number of workers.
 *
 * @param images where pictures enter
 * @param shared one sub-model network for ad and behaviour images instead of two
 * @param aggregation how behaviours' codes are pooled
 * @param steps of one epoch
 */
public record TrainingProblem(
    ImageMode images, boolean shared, Aggregation aggregation, int steps) {
  /** Length of the image vectors. */
  public static final int VECTOR_DIMENSION = 32;

  /** Length of the ID embeddings. */
  public static final int EMBEDDING_DIMENSION = 8;

  /** Of all initial values. */
  public static final long SEED = 23;

  /** Of everything. */
  public static final double LEARNING_RATE = 0.001;

  /** Impressions of one step, over all workers. */
  public static final int BATCH_SIZE = 16;

  private static final int IMPRESSIONS_A_SAMPLE = 2;
  private static final int SAMPLES_A_BATCH = BATCH_SIZE / IMPRESSIONS_A_SAMPLE;
  private static final long SAMPLE_SEED = 31;

  /**
   * With the other one one gradient, with sums and with one attention, cancels out to 1e-8 once:
   * Adam makes a whole step of what rounding leaves of it.
   */
  private static final long SAMPLE_SEED_OF_OTHER_POOLINGS = 32;

  private static final long VECTOR_SEED = 37;

  private static final FeatureSchema SCHEMA =
      FeatureSchema.of(
          List.of(
              new FeatureField("user_id", FeatureSide.USER, FeatureKind.ID, false, false),
              new FeatureField("item_id", FeatureSide.ITEM, FeatureKind.ID, true, true),
              new FeatureField("image_id", FeatureSide.ITEM, FeatureKind.ID, true, false),
              new FeatureField("category", FeatureSide.ITEM, FeatureKind.IDS, false, true),
              new FeatureField("place", FeatureSide.CONTEXT, FeatureKind.ID, false, false)),
          "test");

  /** With the usual pooling. */
  public TrainingProblem(ImageMode images, boolean shared, int steps) {
    this(images, shared, Aggregation.USUAL, steps);
  }

  public FeatureSchema schema() {
    return SCHEMA;
  }

  /** The workers' network. */
  public DicmNetwork network() {
    return new DicmNetwork(
        NetworkShape.of(SCHEMA.fields(), EMBEDDING_DIMENSION, images, aggregation));
  }

  /** Names of the sub-model's networks. */
  public List<String> subModelNetworks() {
    return shared ? List.of("shared") : List.of("ad", "behavior");
  }

  /** Those of them that pictures go through. */
  public List<String> learningNetworks() {
    return switch (images) {
      case NONE -> List.of();
      case AD -> subModelNetworks().subList(0, 1);
      case BEHAVIOR ->
          shared || aggregation.kind().asksWithAdCode()
              ? subModelNetworks()
              : subModelNetworks().subList(1, 2);
      case JOINT -> subModelNetworks();
    };
  }

  /** The pictures' vectors; the samples use one picture more, which is missing. */
  public MemorySnapshot snapshot() {
    List<String> imageIds = IntStream.range(1, 8).mapToObj(i -> "image" + i).toList();
    return MemorySnapshot.random(imageIds, VECTOR_DIMENSION, VECTOR_SEED);
  }

  /** The batches of all steps, [steps] of {@value #BATCH_SIZE} impressions. */
  public List<List<Sample>> batches() {
    long seed = aggregation.equals(Aggregation.USUAL) ? SAMPLE_SEED : SAMPLE_SEED_OF_OTHER_POOLINGS;
    RandomSamples source = new RandomSamples(network().shape(), seed);
    List<Sample> samples = new ArrayList<>();
    while (samples.size() < steps * SAMPLES_A_BATCH) {
      Sample sample = source.list(1).get(0);
      if (sample.impressions().size() >= IMPRESSIONS_A_SAMPLE) {
        samples.add(firstImpressions(sample));
      }
    }
    return IntStream.range(0, steps)
        .mapToObj(step -> samples.subList(step * SAMPLES_A_BATCH, (step + 1) * SAMPLES_A_BATCH))
        .toList();
  }

  private static Sample firstImpressions(Sample sample) {
    return new Sample(
        sample.userId(),
        sample.timestampSeconds(),
        sample.userKeys(),
        sample.behaviors(),
        sample.impressions().subList(0, IMPRESSIONS_A_SAMPLE));
  }

  /** Impressions of one step of one of so many workers. */
  public static int shareOf(int workers) {
    if (SAMPLES_A_BATCH % workers != 0) {
      throw new IllegalArgumentException(
          SAMPLES_A_BATCH + " samples cannot be spread over " + workers + " workers");
    }
    return BATCH_SIZE / workers;
  }

  /** A worker's part of each step's batch, one after the other. */
  public EpochSource samplesOf(int worker, int workers) {
    int share = SAMPLES_A_BATCH / workers;
    List<Sample> samples = new ArrayList<>();
    for (List<Sample> batch : batches()) {
      samples.addAll(batch.subList(worker * share, (worker + 1) * share));
    }
    return epoch -> new ListSource(samples);
  }
}
