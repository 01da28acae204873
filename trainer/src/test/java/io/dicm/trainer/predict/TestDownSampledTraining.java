package io.dicm.trainer.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dicm.common.key.Fingerprints;
import io.dicm.trainer.MemorySnapshot;
import io.dicm.trainer.TrainingGang;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.sample.Behaviors;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureKind;
import io.dicm.trainer.schema.FeatureSchema;
import io.dicm.trainer.schema.FeatureSide;
import io.dicm.trainer.train.ListSource;
import io.dicm.trainer.train.TrainingResult;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A network trained on a quarter of the impressions without a click, and what it then predicts. */
class TestDownSampledTraining {
  private static final double KEEP_FRACTION = 0.25;
  private static final double[] RATES = {0.05, 0.2, 0.5};
  private static final int IMPRESSIONS_OF_ITEM = 2000;
  private static final FeatureSchema SCHEMA =
      FeatureSchema.of(
          List.of(new FeatureField("item_id", FeatureSide.ITEM, FeatureKind.ID, false, false)),
          "test");

  private final Configuration conf = new Configuration(false);

  @TempDir java.nio.file.Path directory;

  @Test
  void predictsTheRatesBeforeDownSampling() throws Exception {
    Path path = new Path(directory.resolve("model").toUri());
    try (TrainingGang gang =
        new TrainingGang(
            new TrainingGang.Plan(SCHEMA, ImageMode.NONE, 4, 1, 1, 250, 40, 0.001, 4),
            MemorySnapshot.random(List.of("image"), 16, 2))) {
      TrainingResult result = gang.train((worker, workers) -> epoch -> kept(epoch)).get(0);
      gang.publish(conf, path, result);
    }

    double[] uncorrected = predict(path);
    tellKeepFraction();
    double[] corrected = predict(path);

    for (int item = 0; item < RATES.length; item++) {
      double rate = RATES[item];
      double amongKept = rate / (rate + (1 - rate) * KEEP_FRACTION);
      assertThat(uncorrected[item]).as("item %d", item).isCloseTo(amongKept, within(0.06));
      assertThat(corrected[item]).as("item %d", item).isCloseTo(rate, within(0.04));
      assertThat(uncorrected[item] - corrected[item]).isGreaterThan(0.1);
    }
  }

  private double[] predict(Path path) throws Exception {
    Model model = Model.load(conf, path, SCHEMA);
    double[] probabilities = new double[RATES.length];
    for (int item = 0; item < RATES.length; item++) {
      probabilities[item] = model.predict(model.assembler().assemble(List.of(sample(item, 0))))[0];
    }
    return probabilities;
  }

  private void tellKeepFraction() throws Exception {
    java.nio.file.Path file = directory.resolve("model/model.json");
    String json = Files.readString(file);
    String told = json.replace("\"negativeKeepFraction\" : 1.0", "\"negativeKeepFraction\" : 0.25");
    assertThat(told).isNotEqualTo(json);
    Files.delete(directory.resolve("model/.model.json.crc"));
    Files.writeString(file, told);
  }

  private static ListSource kept(int epoch) {
    Random random = new Random(epoch);
    List<Sample> samples = new ArrayList<>();
    for (int item = 0; item < RATES.length; item++) {
      for (int i = 0; i < IMPRESSIONS_OF_ITEM; i++) {
        int label = random.nextDouble() < RATES[item] ? 1 : 0;
        if (label == 1 || random.nextDouble() < KEEP_FRACTION) {
          samples.add(sample(item, label));
        }
      }
    }
    Collections.shuffle(samples, random);
    return new ListSource(samples);
  }

  private static Sample sample(int item, int label) {
    long[][] itemKeys = {{Fingerprints.idKey("item_id", "item" + item)}};
    Impression impression =
        new Impression("id", "item" + item, "", label, Fingerprints.NONE, itemKeys, new long[0][]);
    return new Sample(
        "user", 0, new long[0][], new Behaviors(new long[0], new long[0][]), List.of(impression));
  }
}
