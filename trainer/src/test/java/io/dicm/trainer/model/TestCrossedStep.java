package io.dicm.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dicm.ams.client.StepInputs;
import io.dicm.common.key.Fingerprints;
import io.dicm.trainer.network.IdNetworkKind;
import io.dicm.trainer.network.NetworkOptions;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureKind;
import io.dicm.trainer.schema.FeaturePair;
import io.dicm.trainer.schema.FeatureSchema;
import io.dicm.trainer.schema.FeatureSide;
import io.dicm.trainer.train.Batch;
import io.dicm.trainer.train.BatchAssembler;
import io.dicm.trainer.train.RandomSamples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A step of a logistic regression with crosses from samples to the gradients of its rows, against
 * sums over samples: z = b + the sum of all fields' and crosses' mean weights. What behaviours
 * carry counts with an ID's second weight, all else with its first.
 */
class TestCrossedStep {
  private static final float BIAS = 0.3f;
  private static final FeatureSchema SCHEMA =
      FeatureSchema.of(
          List.of(
              new FeatureField("user_id", FeatureSide.USER, FeatureKind.ID, false, false),
              new FeatureField("item_id", FeatureSide.ITEM, FeatureKind.ID, true, true),
              new FeatureField("tags", FeatureSide.ITEM, FeatureKind.IDS, false, false)),
          List.of(
              new FeaturePair("user_id", "tags"), new FeaturePair("behavior:item_id", "item_id")),
          "test");
  private static final NetworkShape SHAPE =
      NetworkShape.of(SCHEMA.fields(), 4, ImageMode.NONE)
          .with(NetworkOptions.usual(IdNetworkKind.LR), FeatureCross.of(SCHEMA));

  /** IDs of one field of an impression, and which of their weights counts there. */
  private record Bag(long[] keys, int weight) {}

  private final List<Sample> samples = new RandomSamples(SHAPE, 5).list(30);
  private final Batch batch = new BatchAssembler(SHAPE).assemble(samples);
  private final float[] weights = new float[batch.idKeys().length * SHAPE.rowWidth()];
  private final Map<Long, Integer> rowOfKey = new HashMap<>();

  @BeforeEach
  void weighKeys() {
    assertThat(SHAPE.rowWidth()).as("two weights and no embedding").isEqualTo(2);
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) Math.sin(i + 1);
    }
    for (int row = 0; row < batch.idKeys().length; row++) {
      rowOfKey.put(batch.idKeys()[row], row);
    }
  }

  @Test
  void scoresAndGradientsAreThoseOfTheSums() {
    StepOutcome outcome =
        new DicmNetwork(SHAPE)
            .train(
                batch.indices(),
                batch.labels(),
                new StepInputs(new float[0], new float[0], weights, new float[] {BIAS}));

    double[] gradients = new double[weights.length];
    boolean[] touched = new boolean[rowOfKey.size()];
    int number = 0;
    for (Sample sample : samples) {
      for (Impression impression : sample.impressions()) {
        List<Bag> bags = bags(sample, impression);
        double probability = 1 / (1 + Math.exp(-BIAS - sumOfMeans(bags)));
        assertThat((double) outcome.clickProbabilities()[number])
            .isCloseTo(probability, within(1e-6));
        for (Bag bag : bags) {
          for (long key : bag.keys()) {
            gradients[position(key, bag.weight())] +=
                (probability - impression.label()) / bag.keys().length;
            touched[rowOfKey.get(key)] = true;
          }
        }
        number++;
      }
    }

    assertThat(touched).as("rows of the batch that an impression reads").doesNotContain(false);
    assertThat(Arrays.stream(gradients).filter(gradient -> gradient == 0).count())
        .as("weights of the kind that an ID was not met in")
        .isPositive();
    for (int i = 0; i < weights.length; i++) {
      assertThat((double) outcome.idEmbeddings()[i]).isCloseTo(gradients[i], within(1e-5));
    }
  }

  private double sumOfMeans(List<Bag> bags) {
    return bags.stream()
        .mapToDouble(
            bag ->
                Arrays.stream(bag.keys())
                    .mapToDouble(key -> weights[position(key, bag.weight())])
                    .average()
                    .orElse(0))
        .sum();
  }

  private int position(long key, int weight) {
    return rowOfKey.get(key) * SHAPE.rowWidth() + weight;
  }

  private static List<Bag> bags(Sample sample, Impression impression) {
    long[] user = sample.userKeys()[0];
    long[] clicked = sample.behaviors().idKeys()[0];
    long[] item = impression.itemKeys()[0];
    long[] tags = impression.itemKeys()[1];
    return List.of(
        bag(user, 0),
        bag(clicked, 1),
        bag(item, 0),
        bag(tags, 0),
        bag(pairs("user_id", user, "tags", tags), 0),
        bag(pairs("behavior:item_id", clicked, "item_id", item), 0));
  }

  private static Bag bag(long[] keys, int weight) {
    return new Bag(Arrays.stream(keys).filter(key -> key != Fingerprints.NONE).toArray(), weight);
  }

  private static long[] pairs(String first, long[] firsts, String second, long[] seconds) {
    long pair = Fingerprints.pairKey(first, second);
    List<Long> keys = new ArrayList<>();
    for (long one : firsts) {
      for (long other : seconds) {
        boolean both = one != Fingerprints.NONE && other != Fingerprints.NONE;
        keys.add(both ? Fingerprints.crossKey(pair, one, other) : Fingerprints.NONE);
      }
    }
    return keys.stream().mapToLong(Long::longValue).toArray();
  }
}
