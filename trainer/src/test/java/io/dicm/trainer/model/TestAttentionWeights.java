package io.dicm.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dicm.ams.client.StepInputs;
import io.dicm.common.key.Fingerprints;
import io.dicm.common.tensor.SafeTensors.FloatTensor;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureKind;
import io.dicm.trainer.schema.FeatureSide;
import io.dicm.trainer.train.Batch;
import io.dicm.trainer.train.BatchAssembler;
import io.dicm.trainer.train.RandomSamples;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TestAttentionWeights {
  private static final int DIMENSION = 5;

  /** w = FC1(PReLU(FC16(PReLU(FC64([v ; q]))))), written with loops, for each behaviour. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void areThoseOfTheFormula(boolean idQuery) {
    Problem problem = new Problem(shape(idQuery, ImageMode.JOINT), 3);

    List<AttentionChannel> channels =
        problem.network.attention(problem.batch.indices(), problem.inputs);

    assertThat(channels)
        .extracting(AttentionChannel::query)
        .containsExactlyElementsOf(idQuery ? List.of("image", "id") : List.of("image"));
    for (AttentionChannel channel : channels) {
      int entry = 0;
      int row = 0;
      for (Sample sample : problem.samples) {
        for (Impression impression : sample.impressions()) {
          for (long image : sample.behaviors().imageKeys()) {
            if (image != Fingerprints.NONE) {
              assertThat((double) channel.weights()[entry++])
                  .as("%s of impression %d", channel.query(), row)
                  .isCloseTo(problem.weight(channel.query(), impression, image), within(1e-5));
            }
          }
          row++;
        }
      }
      assertThat(channel.weights()).hasSize(entry);
      assertThat(entry).isGreaterThan(20);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ImageMode.class,
      names = {"NONE", "AD"})
  void areNoneWhereNothingIsPooled(ImageMode images) {
    Problem problem = new Problem(shape(true, images), 3);

    assertThat(problem.network.attention(problem.batch.indices(), problem.inputs)).isEmpty();
  }

  @Test
  void aTrainingStepScoresAsItsParametersDid() {
    Problem problem = new Problem(shape(true, ImageMode.JOINT), 5);

    StepOutcome outcome =
        problem.network.train(problem.batch.indices(), problem.batch.labels(), problem.inputs);

    assertThat(outcome.clickProbabilities())
        .containsExactly(
            problem.network.predict(problem.batch.indices(), problem.inputs), within(1e-6f));
  }

  private static NetworkShape shape(boolean idQuery, ImageMode images) {
    return NetworkShape.of(
        List.of(
            new FeatureField("user", FeatureSide.USER, FeatureKind.ID, false, false),
            new FeatureField("item", FeatureSide.ITEM, FeatureKind.ID, true, idQuery),
            new FeatureField("kind", FeatureSide.ITEM, FeatureKind.IDS, false, false)),
        DIMENSION,
        images);
  }

  /** Random samples, codes, embeddings and parameters. */
  private static final class Problem {
    final DicmNetwork network;
    final List<Sample> samples;
    final Batch batch;
    final StepInputs inputs;

    Problem(NetworkShape shape, long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      this.network = new DicmNetwork(shape);
      this.samples = new RandomSamples(shape, seed).list(20);
      this.batch = new BatchAssembler(shape).assemble(samples);
      int code = shape.codeDimension();
      this.inputs =
          new StepInputs(
              values(random, code * batch.adImageKeys().length),
              values(random, code * batch.behaviorImageKeys().length),
              values(random, DIMENSION * batch.idKeys().length),
              values(random, network.layout().length()));
    }

    double weight(String query, Impression impression, long image) {
      int code = network.shape().codeDimension();
      List<Double> input = new ArrayList<>();
      add(input, inputs.behaviorCodes(), batch.behaviorImageKeys(), image, code);
      if (query.equals("image")) {
        add(input, inputs.adCodes(), batch.adImageKeys(), impression.imageKey(), code);
      } else {
        addMean(input, impression.itemKeys()[0]);
      }
      double[] x = input.stream().mapToDouble(Double::doubleValue).toArray();
      Map<String, FloatTensor> dense = network.layout().split(inputs.dense());
      for (int layer = 0; layer < 3; layer++) {
        String name = "attention." + query + "." + layer;
        x = linear(x, dense.get(name + ".weight").values(), dense.get(name + ".bias").values());
        for (int i = 0; i < x.length && layer < 2; i++) {
          x[i] = x[i] > 0 ? x[i] : dense.get(name + ".slope").values()[0] * x[i];
        }
      }
      return x[0];
    }

    private void addMean(List<Double> input, long[] keys) {
      double[] mean = new double[DIMENSION];
      for (long key : LongStream.of(keys).filter(one -> one != Fingerprints.NONE).toArray()) {
        List<Double> row = new ArrayList<>();
        add(row, inputs.idEmbeddings(), batch.idKeys(), key, DIMENSION);
        for (int d = 0; d < DIMENSION; d++) {
          mean[d] += row.get(d);
        }
      }
      long count = LongStream.of(keys).filter(one -> one != Fingerprints.NONE).count();
      for (double value : mean) {
        input.add(value / Math.max(1, count));
      }
    }

    /** Zeros for no key. */
    private static void add(List<Double> input, float[] rows, long[] keys, long wanted, int width) {
      int row = 0;
      while (row < keys.length && keys[row] != wanted) {
        row++;
      }
      for (int d = 0; d < width; d++) {
        input.add(row < keys.length ? (double) rows[row * width + d] : 0.0);
      }
    }

    private static double[] linear(double[] x, float[] weights, float[] biases) {
      double[] out = new double[biases.length];
      for (int o = 0; o < out.length; o++) {
        out[o] = biases[o];
        for (int i = 0; i < x.length; i++) {
          out[o] += weights[o * x.length + i] * x[i];
        }
      }
      return out;
    }

    private static float[] values(SplittableRandom random, int count) {
      float[] values = new float[count];
      for (int i = 0; i < count; i++) {
        values[i] = (float) (random.nextDouble() - .5);
      }
      return values;
    }
  }
}
