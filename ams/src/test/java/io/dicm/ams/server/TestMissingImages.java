package io.dicm.ams.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dicm.ams.InMemorySnapshot;
import io.dicm.ams.client.GrpcAmsClient;
import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.client.StepRequest;
import io.dicm.ams.server.ToyTraining.Layout;
import io.dicm.ams.server.ToyTraining.Result;
import io.dicm.ams.server.ToyWorker.Example;
import io.dicm.ams.submodel.MissingImages;
import io.dicm.ams.wire.RowPrecision;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Fingerprints;
import io.dicm.common.tensor.SafeTensors;
import io.dicm.common.tensor.SafeTensors.FloatTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands for images that the feature store does not have, over gRPC on loopback. */
class TestMissingImages {
  private static final int IMAGES = 20;
  private static final int ASKED_FOR = 30;
  private static final int DIMENSION = 8;
  private static final float MISSING_TARGET = 3;

  private final InMemorySnapshot snapshot = InMemorySnapshot.random(IMAGES, DIMENSION, 5);

  @TempDir private java.nio.file.Path directory;

  /** Images from {@value #IMAGES} on are missing; the target says whether the ad's image is. */
  private static List<Example> batch(long step) {
    Random random = new Random(step);
    List<Example> batch = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      int ad = random.nextInt(ASKED_FOR);
      batch.add(
          new Example(
              InMemorySnapshot.key(ad),
              InMemorySnapshot.key(random.nextInt(ASKED_FOR)),
              Fingerprints.idKey("id", "" + random.nextInt(4)),
              ad < IMAGES ? 0 : MISSING_TARGET));
    }
    return batch;
  }

  private static Gang gang(InMemorySnapshot snapshot, int servers, MissingImages missingImages) {
    return new Gang(snapshot, servers, 1, false, missingImages, Gang.TIMEOUT_MS, server -> {});
  }

  @Test
  void theLearnedCodeStartsAtZeroAndLearnsFromAllMissingImages() {
    try (Gang gang = gang(snapshot, 2, MissingImages.LEARNED);
        GrpcAmsClient client = gang.client(0)) {
      client.join(ToyWorker.initialDense());
      long[] keys = new long[ASKED_FOR];
      Arrays.setAll(keys, InMemorySnapshot::key);
      StepInputs first = client.forward(new StepRequest(0, keys, keys, new long[0]));
      for (int i = 0; i < ASKED_FOR * 12; i++) {
        assertThat(first.adCodes()[i] == 0).isEqualTo(i / 12 >= IMAGES);
      }
      float[] adGradients = new float[ASKED_FOR * 12];
      Arrays.fill(adGradients, IMAGES * 12, adGradients.length, 1);
      client.backward(
          new StepGradients(
              0,
              1,
              adGradients,
              new float[ASKED_FOR * 12],
              new float[0],
              new float[ToyWorker.DENSE]));
      StepInputs second = client.forward(new StepRequest(1, keys, keys, new long[0]));
      for (int i = 0; i < ASKED_FOR * 12; i++) {
        // Adam's first step is as long as the rate; the others have had a gradient of zeros.
        float expected = i / 12 < IMAGES ? first.adCodes()[i] : -0.003f;
        assertThat(second.adCodes()[i]).isCloseTo(expected, within(1e-6f));
        assertThat(second.behaviorCodes()[i]).isEqualTo(first.behaviorCodes()[i]);
      }
      long missing = gang.servers.stream().mapToLong(s -> s.statistics().missingReferences()).sum();
      assertThat(missing).isEqualTo(2 * 2 * (ASKED_FOR - IMAGES));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theLayoutDoesNotChangeTheResultOfALearnedCode(boolean shared) throws Exception {
    ToyTraining training = new ToyTraining(snapshot, TestMissingImages::batch);
    Result one = training.run(layout(1, 1, shared, MissingImages.LEARNED), 20);
    Result zeros = training.run(layout(1, 1, shared, MissingImages.ZERO), 20);
    assertThat(zeros.losses()).isNotEqualTo(one.losses());
    for (int[] layout : new int[][] {{3, 2}, {4, 1}}) {
      Result other = training.run(layout(layout[0], layout[1], shared, MissingImages.LEARNED), 20);
      for (int s = 0; s < one.losses().size(); s++) {
        double expected = one.losses().get(s);
        assertThat(other.losses().get(s)).isCloseTo(expected, within(1e-5 * expected + 1e-6));
      }
      assertThat(other.dense()).containsExactly(one.dense(), within(1e-5f));
      assertThat(other.digests()).containsOnly(other.digests().get(0));
    }
  }

  private static Layout layout(int servers, int workers, boolean shared, MissingImages missing) {
    return new Layout(servers, workers, shared, RowPrecision.FLOAT32, missing);
  }

  @ParameterizedTest
  @EnumSource(MissingImages.class)
  void theModelHasTheLearnedCodeAndNothingElse(MissingImages missingImages) throws Exception {
    Configuration conf = new Configuration(false);
    Path model = new Path(directory.toUri());
    InMemorySnapshot all = InMemorySnapshot.random(ASKED_FOR, DIMENSION, 5);
    try (Gang gang = gang(missingImages == MissingImages.FAIL ? all : snapshot, 2, missingImages);
        GrpcAmsClient client = gang.client(0)) {
      client.join(ToyWorker.initialDense());
      ToyWorker worker = new ToyWorker(client);
      for (long step = 0; step < 5; step++) {
        worker.step(step, batch(step));
      }
      gang.servers.forEach(server -> server.writeModelPart(conf, model));
    }
    Map<String, FloatTensor> tensors =
        new SafeTensors(conf).read(new Path(model, "sub_model.safetensors"));
    if (missingImages == MissingImages.LEARNED) {
      assertThat(tensors).hasSize(2 * 9 + 4);
      assertThat(tensors.get("ad.missing_code").shape()).containsExactly(12);
      assertThat(tensors.get("ad.missing_code").values()).doesNotContain(0f);
      assertThat(tensors.get("behavior.missing_code").values()).doesNotContain(0f);
    } else {
      assertThat(tensors).hasSize(2 * 8 + 4);
    }
  }

  @Test
  void aStepWithMissingImagesIsRefusedWhereTheyAreErrors() {
    try (Gang gang = gang(snapshot, 1, MissingImages.FAIL);
        GrpcAmsClient client = gang.client(0)) {
      client.join(ToyWorker.initialDense());
      long known = InMemorySnapshot.key(0);
      client.forward(new StepRequest(0, new long[] {known}, new long[] {known}, new long[0]));
      client.backward(
          new StepGradients(
              0, 1, new float[12], new float[12], new float[0], new float[ToyWorker.DENSE]));
      StepRequest request =
          new StepRequest(
              1, new long[] {known, 11, 12, 13}, new long[] {12, 14, 15, 16, known}, new long[0]);
      assertThatThrownBy(() -> client.forward(request))
          .hasMessage(
              "Cannot run step 1: the feature store lacks 7 of the 9 images asked for, by image_key"
                  + " [11, 12, 13, 14, 15] and others. Extract all images, or train with"
                  + " dicm.train.missing-image zero or learned.")
          .extracting(e -> ((DicmException) e).code())
          .isEqualTo(ErrorCode.INPUT_MISSING);
      assertThat(gang.servers.get(0).statistics().missingReferences()).isEqualTo(7);
    }
  }
}
