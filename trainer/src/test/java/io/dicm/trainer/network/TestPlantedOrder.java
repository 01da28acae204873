package io.dicm.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.ams.client.StepInputs;
import io.dicm.trainer.model.DicmNetwork;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.model.NetworkShape;
import io.dicm.trainer.model.StepOutcome;
import io.dicm.trainer.sample.Behaviors;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.ItemCatalogue;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.train.Batch;
import io.dicm.trainer.train.BatchAssembler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Clicks that depend on which behavior is that of the shown item, and on what came right before it:
 * users click again what they clicked before, unless that was right after an item on offer. A mean
 * of behaviors has forgotten which color went with which category; attention finds the very item,
 * but not what was before it; a network of sequences can know.
 */
class TestPlantedOrder {
  private static final int CATEGORIES = 4;
  private static final int COLORS = 4;
  private static final int ON_OFFER = 0;
  private static final int BEHAVIORS = 6;
  private static final int DIMENSION = 6;
  private static final double SHOWN_AGAIN = 0.7;
  private static final double CLICK_IF_WANTED = 0.95;
  private static final double CLICK_ELSE = 0.1;
  private static final int TRAINED = 6000;
  private static final int TESTED = 1500;
  private static final int BATCH = 100;
  private static final int EPOCHS = 6;

  /** Less than half of the smallest difference of the seeds 1 to 3. */
  private static final double ATTENTION_MARGIN = 0.025;

  private static final double ORDER_MARGIN = 0.05;

  @Test
  void sequencesBeatAttentionAndAttentionBeatsPooling() {
    Map<IdNetworkKind, List<Double>> aucs = new EnumMap<>(IdNetworkKind.class);
    for (IdNetworkKind kind :
        List.of(IdNetworkKind.EMBEDDING_MLP, IdNetworkKind.DIN, IdNetworkKind.DIEN)) {
      for (long seed = 1; seed <= 3; seed++) {
        aucs.computeIfAbsent(kind, k -> new ArrayList<>()).add(aucOf(kind, seed));
      }
    }
    for (int run = 0; run < 3; run++) {
      double mlp = aucs.get(IdNetworkKind.EMBEDDING_MLP).get(run);
      double din = aucs.get(IdNetworkKind.DIN).get(run);
      double dien = aucs.get(IdNetworkKind.DIEN).get(run);
      assertThat(din).as("DIN, %s", aucs).isGreaterThan(mlp + ATTENTION_MARGIN);
      assertThat(dien).as("DIEN, %s", aucs).isGreaterThan(din + ORDER_MARGIN);
    }
  }

  private static double aucOf(IdNetworkKind kind, long seed) {
    NetworkOptions usual = NetworkOptions.usual(kind);
    NetworkOptions options =
        new NetworkOptions(
            kind,
            List.of(32, 16),
            usual.activation(),
            usual.dropout(),
            null,
            usual.attentionHidden() == null ? null : List.of(32, 16),
            usual.attentionSoftmax(),
            usual.auxiliaryWeight());
    NetworkShape shape =
        new NetworkShape(0, 2, 2, 0, List.of(), DIMENSION, DIMENSION, ImageMode.NONE)
            .with(options, List.of());
    List<Sample> samples = samples(TRAINED + TESTED, new SplittableRandom(seed));
    Training training = new Training(shape, seed);
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      for (int from = 0; from < TRAINED; from += BATCH) {
        training.step(samples.subList(from, from + BATCH));
      }
    }
    return training.auc(samples.subList(TRAINED, samples.size()));
  }

  private static List<Sample> samples(int count, SplittableRandom random) {
    return IntStream.range(0, count).mapToObj(number -> sample(number, random)).toList();
  }

  private static Sample sample(int number, SplittableRandom random) {
    int[] categories = new int[BEHAVIORS];
    int[] colors = new int[BEHAVIORS];
    for (int i = 0; i < BEHAVIORS; i++) {
      categories[i] = random.nextInt(CATEGORIES);
      colors[i] = random.nextDouble() < 0.3 ? ON_OFFER : random.nextInt(COLORS);
    }
    int again = random.nextInt(BEHAVIORS);
    boolean shownAgain = random.nextDouble() < SHOWN_AGAIN;
    int category = shownAgain ? categories[again] : random.nextInt(CATEGORIES);
    int color = shownAgain ? colors[again] : random.nextInt(COLORS);
    boolean wanted = false;
    for (int i = 0; i < BEHAVIORS; i++) {
      boolean same = categories[i] == category && colors[i] == color;
      wanted |= same && (i == 0 || colors[i - 1] != ON_OFFER);
    }
    int label = random.nextDouble() < (wanted ? CLICK_IF_WANTED : CLICK_ELSE) ? 1 : 0;
    Impression impression =
        new Impression(
            "i" + number,
            "item",
            "",
            label,
            0,
            new long[][] {{categoryKey(category)}, {colorKey(color)}},
            new long[0][]);
    long[][] keys = {
      Arrays.stream(categories).mapToLong(TestPlantedOrder::categoryKey).toArray(),
      Arrays.stream(colors).mapToLong(TestPlantedOrder::colorKey).toArray()
    };
    return new Sample(
        "u" + number,
        number,
        new long[0][],
        new Behaviors(new long[BEHAVIORS], keys),
        List.of(impression));
  }

  /** An item of each category and color. */
  private static ItemCatalogue catalogue() {
    List<ItemCatalogue.Item> items = new ArrayList<>();
    for (int category = 0; category < CATEGORIES; category++) {
      for (int color = 0; color < COLORS; color++) {
        items.add(new ItemCatalogue.Item(new long[] {categoryKey(category), colorKey(color)}, 1));
      }
    }
    return ItemCatalogue.of(items);
  }

  private static long categoryKey(int category) {
    return 1L + category;
  }

  private static long colorKey(int color) {
    return 1L + CATEGORIES + color;
  }

  /** Adam (arXiv 1412.6980) on all values, and running means of the statistics of batches. */
  private static final class Training {
    private static final double RATE = 0.01;
    private static final double KEPT = 0.95;

    private final DicmNetwork network;
    private final BatchAssembler assembler;
    private final float[] dense;
    private final Map<Long, float[]> rows = new HashMap<>();
    private final Map<Object, double[][]> moments = new HashMap<>();
    private final SplittableRandom random;
    private int steps;

    Training(NetworkShape shape, long seed) {
      this.network = new DicmNetwork(shape);
      this.assembler = new BatchAssembler(shape, catalogue(), seed);
      this.dense = network.initialDense(seed);
      this.random = new SplittableRandom(seed);
    }

    void step(List<Sample> samples) {
      Batch batch = assembler.assemble(samples);
      StepOutcome outcome =
          network.train(
              batch.indices(),
              batch.labels(),
              inputs(batch),
              new StepContext(Objective.WHOLE, random.nextLong()));
      steps++;
      float share = 1f / samples.size();
      int statistics = network.statisticCount();
      for (int i = 0; i < statistics; i++) {
        dense[i] += (float) (1 - KEPT) * (share * outcome.dense()[i] - dense[i]);
      }
      adam("dense", dense, statistics, outcome.dense(), 0, share);
      for (int i = 0; i < batch.idKeys().length; i++) {
        long key = batch.idKeys()[i];
        adam(key, rows.get(key), 0, outcome.idEmbeddings(), i * DIMENSION, share);
      }
    }

    /** Values from {@code first} on; the gradient of value i is at {@code offset + i}. */
    private void adam(
        Object name, float[] values, int first, float[] gradients, int offset, float share) {
      double[][] moment = moments.computeIfAbsent(name, n -> new double[2][values.length]);
      double correction = Math.sqrt(1 - Math.pow(0.999, steps)) / (1 - Math.pow(0.9, steps));
      for (int i = first; i < values.length; i++) {
        double gradient = share * gradients[offset + i];
        moment[0][i] += 0.1 * (gradient - moment[0][i]);
        moment[1][i] += 0.001 * (gradient * gradient - moment[1][i]);
        values[i] -= (float) (RATE * correction * moment[0][i] / (Math.sqrt(moment[1][i]) + 1e-8));
      }
    }

    double auc(List<Sample> samples) {
      Batch batch = assembler.assemble(samples);
      float[] scores = network.predict(batch.indices(), inputs(batch));
      double won = 0;
      long pairs = 0;
      for (int i = 0; i < scores.length; i++) {
        for (int j = 0; j < scores.length; j++) {
          if (batch.labels()[i] == 1 && batch.labels()[j] == 0) {
            won += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
            pairs++;
          }
        }
      }
      return won / pairs;
    }

    private StepInputs inputs(Batch batch) {
      float[] ids = new float[batch.idKeys().length * DIMENSION];
      for (int i = 0; i < batch.idKeys().length; i++) {
        float[] row = rows.computeIfAbsent(batch.idKeys()[i], key -> initialRow());
        System.arraycopy(row, 0, ids, i * DIMENSION, DIMENSION);
      }
      return new StepInputs(new float[0], new float[0], ids, dense);
    }

    private float[] initialRow() {
      float[] row = new float[DIMENSION];
      for (int d = 0; d < DIMENSION; d++) {
        row[d] = (float) (2 * random.nextDouble() - 1);
      }
      return row;
    }
  }
}
