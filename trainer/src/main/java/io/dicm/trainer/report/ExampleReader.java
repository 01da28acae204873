package io.dicm.trainer.report;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Fingerprints;
import io.dicm.feature.store.FeatureSnapshot;
import io.dicm.trainer.model.AttentionChannel;
import io.dicm.trainer.model.Bags;
import io.dicm.trainer.predict.Model;
import io.dicm.trainer.predict.PictureVectors;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.Reservoir;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.sample.SampleSource;
import io.dicm.trainer.schema.FeatureSchema;
import io.dicm.trainer.train.Batch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Draws test impressions and asks the model about them. Impressions count that have a picture and
 * whose user clicked enough different pictures before; of a sample one clicked and one unclicked
 * impression at most. Memory is that of the drawn samples and of the model's rows for them.
 */
final class ExampleReader {
  /** Of either label. */
  private static final int EXAMPLES = 10;

  private static final int LEAST_PICTURES = 3;
  private static final int MOST_SHOWN = 6;

  /** More samples than these are not read: a draw among them is as good. */
  private static final long MOST_SAMPLES = 200_000;

  private final Configuration conf;
  private final Path model;
  private final FeatureSchema schema;
  private final FeatureSnapshot pictures;
  private final long seed;

  /**
   * @param model the model's directory
   * @param schema its features
   * @param pictures vectors of its extractor
   * @param seed of the draw
   */
  ExampleReader(
      Configuration conf, Path model, FeatureSchema schema, FeatureSnapshot pictures, long seed) {
    this.pictures = pictures;
    this.conf = conf;
    this.model = model;
    this.schema = schema;
    this.seed = seed;
  }

  private record Drawn(List<Sample> samples, long impressions, boolean all) {}

  /**
   * Draws and scores.
   *
   * @param samples the test samples; closed
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} when no impression qualifies; those of
   *     the model
   */
  ExampleImpressions read(SampleSource samples, ImageNames names) throws IOException {
    Drawn drawn = draw(samples);
    if (drawn.samples().isEmpty()) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING,
          "Of "
              + drawn.impressions()
              + " test impressions none has a picture and a user who clicked "
              + LEAST_PICTURES
              + " different pictures before.");
    }
    try (Model loaded = load(drawn.samples())) {
      Batch batch = loaded.assembler().assemble(drawn.samples());
      return examples(
          drawn, batch, loaded.predict(batch), loaded.attention(batch), names.of(images(drawn)));
    }
  }

  private Drawn draw(SampleSource source) throws IOException {
    Reservoir<Sample> clicked = new Reservoir<>(EXAMPLES, seed);
    Reservoir<Sample> unclicked = new Reservoir<>(EXAMPLES, seed + 1);
    SplittableRandom random = new SplittableRandom(seed + 2);
    long samples = 0;
    long impressions = 0;
    Sample next;
    try (source) {
      for (next = source.next(); next != null && samples < MOST_SAMPLES; next = source.next()) {
        samples++;
        impressions += next.impressions().size();
        offer(next, 1, clicked, random);
        offer(next, 0, unclicked, random);
      }
    }
    List<Sample> drawn = new ArrayList<>(clicked.drawn());
    drawn.addAll(unclicked.drawn());
    return new Drawn(drawn, impressions, next == null);
  }

  private static void offer(
      Sample sample, int label, Reservoir<Sample> drawn, SplittableRandom random) {
    List<Impression> fitting =
        sample.impressions().stream()
            .filter(one -> one.label() == label && one.imageKey() != Fingerprints.NONE)
            .toList();
    if (!fitting.isEmpty() && pictures(sample) >= LEAST_PICTURES) {
      Impression one = fitting.get(random.nextInt(fitting.size()));
      drawn.offer(
          new Sample(
              sample.userId(),
              sample.timestampSeconds(),
              sample.userKeys(),
              sample.behaviors(),
              List.of(one)));
    }
  }

  private static long pictures(Sample sample) {
    return Arrays.stream(sample.behaviors().imageKeys())
        .filter(key -> key != Fingerprints.NONE)
        .distinct()
        .count();
  }

  private Model load(List<Sample> samples) throws IOException {
    Set<Long> ids = new HashSet<>();
    Set<Long> images = new HashSet<>();
    for (Sample sample : samples) {
      addAll(sample.userKeys(), ids);
      addAll(sample.behaviors().idKeys(), ids);
      Arrays.stream(sample.behaviors().imageKeys()).forEach(images::add);
      for (Impression impression : sample.impressions()) {
        addAll(impression.itemKeys(), ids);
        addAll(impression.contextKeys(), ids);
        images.add(impression.imageKey());
      }
    }
    Model loaded = Model.load(conf, model, schema, ids::contains, images::contains);
    return loaded.needsVectors()
        ? loaded.with(
            PictureVectors.copy(
                pictures,
                images::contains,
                Model.scaling(conf, model),
                loaded.description().training().vectorPrecision(),
                Long.MAX_VALUE))
        : loaded;
  }

  private static void addAll(long[][] keys, Set<Long> target) {
    for (long[] values : keys) {
      Arrays.stream(values).forEach(target::add);
    }
  }

  private static Set<Long> images(Drawn drawn) {
    Set<Long> images = new HashSet<>();
    for (Sample sample : drawn.samples()) {
      Arrays.stream(sample.behaviors().imageKeys()).forEach(images::add);
      sample.impressions().forEach(impression -> images.add(impression.imageKey()));
    }
    return images;
  }

  private static ExampleImpressions examples(
      Drawn drawn,
      Batch batch,
      float[] probabilities,
      List<AttentionChannel> channels,
      Map<Long, String> names) {
    List<ExampleImpressions.Example> examples = new ArrayList<>();
    for (int i = 0; i < probabilities.length; i++) {
      Sample sample = drawn.samples().get(i);
      Impression impression = sample.impressions().get(0);
      List<Pooled> pooled = channels.isEmpty() ? latest(sample) : attended(batch, i, channels);
      examples.add(
          new ExampleImpressions.Example(
              impression.impressionId(),
              sample.userId(),
              impression.itemId(),
              impression.category(),
              impression.label() == 1,
              probabilities[i],
              shown(impression.imageKey(), names),
              pooled.stream().mapToInt(Pooled::times).sum(),
              pooled.stream()
                  .limit(MOST_SHOWN)
                  .map(
                      one ->
                          new ExampleImpressions.Attended(
                              shown(one.imageKey(), names), one.times(), one.weights()))
                  .toList()));
    }
    return new ExampleImpressions(
        channels.stream().map(AttentionChannel::query).toList(),
        examples,
        drawn.impressions(),
        drawn.all());
  }

  private static ShownImage shown(long imageKey, Map<Long, String> names) {
    return new ShownImage(imageKey, names.getOrDefault(imageKey, ""));
  }

  /** A picture among an impression's behaviours, all its places together. */
  private record Pooled(long imageKey, int times, double[] weights) {}

  /** The same picture has the same weight wherever it is: it depends on the codes alone. */
  private static List<Pooled> attended(Batch batch, int row, List<AttentionChannel> channels) {
    Bags bags = batch.indices().behaviorImages();
    Map<Long, Pooled> byImage = new LinkedHashMap<>();
    double[] largest = new double[channels.size()];
    for (int entry = bags.offsets()[row]; entry < bags.end(row); entry++) {
      double[] weights = new double[channels.size()];
      for (int c = 0; c < weights.length; c++) {
        weights[c] = channels.get(c).weights()[entry];
        largest[c] = Math.max(largest[c], Math.abs(weights[c]));
      }
      long key = batch.behaviorImageKeys()[bags.rows()[entry]];
      byImage.merge(
          key,
          new Pooled(key, 1, weights),
          (one, other) -> new Pooled(key, one.times() + 1, weights));
    }
    return byImage.values().stream()
        .sorted(Comparator.comparingDouble(one -> -attention(one, largest)))
        .toList();
  }

  /** Channels differ in scale: each counts by its largest weight. */
  private static double attention(Pooled pooled, double[] largest) {
    double sum = 0;
    for (int c = 0; c < largest.length; c++) {
      sum += largest[c] == 0 ? 0 : Math.abs(pooled.weights()[c]) / largest[c];
    }
    return sum;
  }

  private static List<Pooled> latest(Sample sample) {
    long[] keys = sample.behaviors().imageKeys();
    Set<Long> newestFirst = new LinkedHashSet<>();
    for (int i = keys.length - 1; i >= 0; i--) {
      if (keys[i] != Fingerprints.NONE) {
        newestFirst.add(keys[i]);
      }
    }
    return newestFirst.stream()
        .map(
            key ->
                new Pooled(
                    key,
                    (int) Arrays.stream(keys).filter(other -> other == key).count(),
                    new double[0]))
        .toList();
  }
}
