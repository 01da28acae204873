package io.dicm.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dicm.common.key.Fingerprints;
import io.dicm.feature.store.FeatureStore;
import io.dicm.trainer.model.AttentionChannel;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.predict.Model;
import io.dicm.trainer.report.ExampleImpressions.Attended;
import io.dicm.trainer.report.ExampleImpressions.Example;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.train.Batch;
import io.dicm.trainer.train.ListSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestExampleReader {
  private static final ImageNames NAMES =
      keys -> {
        Map<Long, String> names = new TreeMap<>();
        for (int i = 0; i < 12; i++) {
          long key = Fingerprints.imageKey(SmallRun.imageId(i));
          if (keys.contains(key)) {
            names.put(key, SmallRun.imageId(i));
          }
        }
        return names;
      };

  @TempDir java.nio.file.Path directory;

  /** Scores and weights of each example are those of its sample alone, by the whole model. */
  @Test
  void saysWhatTheModelSays() throws Exception {
    SmallRun run = new SmallRun(directory);
    run.makeFeatures();
    run.makeModel(ImageMode.JOINT);
    List<Sample> samples = run.samples(90);
    Model model = Model.load(run.conf(), run.workspace().model(SmallRun.RUN), SmallRun.SCHEMA);

    ExampleImpressions found = reader(run, 4).read(new ListSource(samples), NAMES);

    assertThat(found.channels()).containsExactly("image", "id");
    assertThat(found.read()).isEqualTo(180);
    assertThat(found.all()).isTrue();
    assertThat(found.examples()).hasSize(20);
    assertThat(found.examples().stream().filter(Example::click)).hasSize(10);
    for (Example example : found.examples()) {
      Sample sample = alone(samples, example.impressionId());
      Impression impression = sample.impressions().get(0);
      Batch batch = model.assembler().assemble(List.of(sample));
      assertThat(example.itemId()).isEqualTo(impression.itemId());
      assertThat(example.userId()).isEqualTo(sample.userId());
      assertThat(example.click()).isEqualTo(impression.label() == 1);
      assertThat(example.image().imageKey()).isEqualTo(impression.imageKey());
      assertThat(example.probability()).isCloseTo(model.predict(batch)[0], within(1e-6));
      assertThat(example.behaviors()).isEqualTo(sample.behaviors().imageKeys().length);
      assertAttention(example, sample, model.attention(batch));
    }
  }

  private static void assertAttention(
      Example example, Sample sample, List<AttentionChannel> channels) {
    long[] keys = sample.behaviors().imageKeys();
    double[] largest = new double[2];
    for (int c = 0; c < 2; c++) {
      for (float weight : channels.get(c).weights()) {
        largest[c] = Math.max(largest[c], Math.abs(weight));
      }
    }
    double before = Double.POSITIVE_INFINITY;
    for (Attended one : example.attended()) {
      int place = indexOf(keys, one.image().imageKey());
      assertThat(one.times())
          .isEqualTo((int) Arrays.stream(keys).filter(key -> key == keys[place]).count());
      double attention = 0;
      for (int c = 0; c < 2; c++) {
        assertThat(one.weights()[c]).isCloseTo(channels.get(c).weights()[place], within(1e-5));
        attention += Math.abs(one.weights()[c]) / largest[c];
      }
      assertThat(attention).isLessThanOrEqualTo(before + 1e-4);
      before = attention;
    }
    assertThat(example.attended())
        .hasSize((int) Math.min(6, Arrays.stream(keys).distinct().count()));
  }

  @Test
  void onlyUsersWithEnoughPicturesAreDrawn() throws Exception {
    SmallRun run = new SmallRun(directory);
    run.makeFeatures();
    run.makeModel(ImageMode.JOINT);
    List<Sample> samples = run.samples(90);

    ExampleImpressions found = reader(run, 4).read(new ListSource(samples), NAMES);

    for (Example example : found.examples()) {
      assertThat(example.attended()).hasSizeGreaterThanOrEqualTo(3);
    }
    assertThat(reader(run, 4).read(new ListSource(samples), NAMES).examples())
        .extracting(Example::impressionId)
        .isEqualTo(found.examples().stream().map(Example::impressionId).toList());
    assertThat(reader(run, 5).read(new ListSource(samples), NAMES).examples())
        .extracting(Example::impressionId)
        .isNotEqualTo(found.examples().stream().map(Example::impressionId).toList());
    List<Sample> fewPictures = samples.stream().filter(one -> pictures(one) < 3).toList();
    assertThatThrownBy(() -> reader(run, 4).read(new ListSource(fewPictures), NAMES))
        .hasMessageContaining("none has a picture and a user who clicked 3 different pictures");
  }

  @Test
  void aModelWithoutAttentionShowsTheLatest() throws Exception {
    SmallRun run = new SmallRun(directory);
    run.makeFeatures();
    run.makeModel(ImageMode.AD);
    List<Sample> samples = run.samples(90);

    ExampleImpressions found = reader(run, 4).read(new ListSource(samples), keys -> Map.of());

    assertThat(found.channels()).isEmpty();
    for (Example example : found.examples()) {
      long[] keys = alone(samples, example.impressionId()).behaviors().imageKeys();
      assertThat(example.attended().get(0).image().imageKey()).isEqualTo(keys[keys.length - 1]);
      assertThat(example.attended().get(0).weights()).isEmpty();
      assertThat(example.image().label()).startsWith("key ");
    }
  }

  private static ExampleReader reader(SmallRun run, long seed) throws IOException {
    return new ExampleReader(
        run.conf(),
        run.workspace().model(SmallRun.RUN),
        SmallRun.SCHEMA,
        FeatureStore.open(run.conf(), run.workspace().features("memory")).snapshot(SmallRun.DATE),
        seed);
  }

  /** The sample with this impression alone. */
  private static Sample alone(List<Sample> samples, String impressionId) {
    for (Sample sample : samples) {
      for (Impression impression : sample.impressions()) {
        if (impression.impressionId().equals(impressionId)) {
          return new Sample(
              sample.userId(),
              sample.timestampSeconds(),
              sample.userKeys(),
              sample.behaviors(),
              List.of(impression));
        }
      }
    }
    throw new AssertionError("No impression " + impressionId);
  }

  private static long pictures(Sample sample) {
    return Arrays.stream(sample.behaviors().imageKeys()).distinct().count();
  }

  private static int indexOf(long[] keys, long wanted) {
    List<Long> list = new ArrayList<>();
    for (long key : keys) {
      list.add(key);
    }
    assertThat(Set.copyOf(list)).contains(wanted);
    return list.indexOf(wanted);
  }
}
