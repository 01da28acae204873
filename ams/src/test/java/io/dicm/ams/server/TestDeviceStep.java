package io.dicm.ams.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dicm.ams.InMemorySnapshot;
import io.dicm.ams.NativeMemory;
import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.client.StepRequest;
import io.dicm.ams.embedding.EmbeddingOptions;
import io.dicm.ams.optimizer.LearningRate;
import io.dicm.ams.optimizer.Sgd;
import io.dicm.common.key.Fingerprints;
import io.dicm.common.progress.ProgressListener;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.device.Gpus;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Steps whose codes stay on a GPU, beside those whose codes go by arrays. */
class TestDeviceStep {
  private static final int CODE = 12;
  private static final int ID_WIDTH = 4;
  private static final long[] ADS = keys(0, 3);
  private static final long[] BEHAVIORS = keys(3, 9);
  private static final long[] IDS =
      LongStream.range(0, 7).map(i -> Fingerprints.idKey("id", "" + i)).toArray();

  @TempDir private static Path folder;

  private final InMemorySnapshot snapshot = InMemorySnapshot.random(20, 32, 5);

  private static long[] keys(int from, int to) {
    return LongStream.range(from, to).map(i -> InMemorySnapshot.key((int) i)).toArray();
  }

  @Test
  void theyLearnTheSame() {
    ComputeDevice gpu = Gpus.firstOrStandIn(folder);
    try (LocalServer byArrays = server(gpu);
        LocalServer onDevice = server(gpu)) {
      for (int step = 0; step < 5; step++) {
        StepInputs expected = byArrays.forward(request(step, BEHAVIORS));
        byArrays.backward(
            gradients(step, values(ADS.length * CODE), values(BEHAVIORS.length * CODE)));
        try (DeviceStep begun = onDevice.beginOnDevice(request(step, BEHAVIORS));
            PointerScope scope = new PointerScope()) {
          assertThat(begun.inputs().adCodes()).isEmpty();
          assertThat(begun.inputs().idEmbeddings()).isEqualTo(expected.idEmbeddings());
          assertThat(begun.inputs().dense()).isEqualTo(expected.dense());
          assertThat(gpu.read(begun.codes().ads())).containsExactly(expected.adCodes(), near());
          assertThat(gpu.read(begun.codes().behaviors()))
              .containsExactly(expected.behaviorCodes(), near());
          begun.beginImages(codeGradients(gpu), 3);
          begun.finish(gradients(step, new float[0], new float[0]));
        }
      }
      assertThat(onDevice.dense()).isEqualTo(byArrays.dense());
      // The last step's update too.
      StepInputs expected = byArrays.forward(request(5, BEHAVIORS));
      StepInputs found = onDevice.forward(request(5, BEHAVIORS));
      assertThat(found.idEmbeddings()).isEqualTo(expected.idEmbeddings());
      assertThat(found.adCodes()).containsExactly(expected.adCodes(), near());
      assertThat(found.behaviorCodes()).containsExactly(expected.behaviorCodes(), near());
    }
  }

  /** Of pictures and IDs that change from step to step, and of IDs that begin and are admitted. */
  @Test
  void learnTheSameIfPreparedWhileTheStepBeforeIsBeingMade() {
    ComputeDevice gpu = Gpus.firstOrStandIn(folder);
    EmbeddingOptions secondTime = new EmbeddingOptions(2, 0, 0, 1 << 24);
    try (LocalServer inTurn = server(gpu, secondTime, snapshot);
        LocalServer ahead = server(gpu, secondTime, snapshot)) {
      PreparedDeviceStep next = ahead.prepareOnDevice(shifted(0));
      for (int step = 0; step < 6; step++) {
        try (DeviceStep expected = inTurn.beginOnDevice(shifted(step));
            PreparedDeviceStep prepared = next;
            DeviceStep begun = prepared.begin();
            PointerScope scope = new PointerScope()) {
          assertThat(begun.inputs().idEmbeddings()).isEqualTo(expected.inputs().idEmbeddings());
          assertThat(begun.inputs().dense()).isEqualTo(expected.inputs().dense());
          assertThat(gpu.read(begun.codes().ads())).isEqualTo(gpu.read(expected.codes().ads()));
          assertThat(gpu.read(begun.codes().behaviors()))
              .isEqualTo(gpu.read(expected.codes().behaviors()));
          expected.beginImages(codeGradients(gpu), 3);
          expected.finish(gradients(step, new float[0], new float[0]));
          begun.beginImages(codeGradients(gpu), 3);
          next = ahead.prepareOnDevice(shifted(step + 1));
          begun.finish(gradients(step, new float[0], new float[0]));
        }
      }
      next.close();
      StepInputs expected = inTurn.forward(request(6, BEHAVIORS));
      StepInputs found = ahead.forward(request(6, BEHAVIORS));
      assertThat(found.idEmbeddings()).isEqualTo(expected.idEmbeddings());
      assertThat(found.behaviorCodes()).isEqualTo(expected.behaviorCodes());
      assertThat(found.adCodes()).isEqualTo(expected.adCodes());
    }
  }

  @Test
  void leaveNothingBehindIfPreparedForNothing() {
    ComputeDevice gpu = Gpus.firstOrStandIn(folder);
    int images = 400;
    int dimension = 4096;
    StepRequest request = new StepRequest(0, keys(0, 1), keys(1, images), IDS);
    try (LocalServer server =
        server(
            gpu,
            EmbeddingOptions.everyId(1 << 24),
            InMemorySnapshot.random(images, dimension, 5))) {
      NativeMemory.assertNothingIsLeft(
          (long) images * dimension * Float.BYTES,
          () -> {
            PreparedDeviceStep prepared = server.prepareOnDevice(request);
            prepared.close();
            prepared.close();
            try (PreparedDeviceStep begun = server.prepareOnDevice(request)) {
              begun.begin().close();
            }
          });
    }
  }

  @Test
  void isForOneWorkerOnAGpuThatAsksForEachPictureOnce() {
    ComputeDevice gpu = Gpus.firstOrStandIn(folder);
    try (LocalServer onProcessor = server(ComputeDevice.PROCESSOR);
        LocalServer onDevice = server(gpu)) {
      assertThatThrownBy(() -> onProcessor.beginOnDevice(request(0, BEHAVIORS)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("The pictures' codes are not computed by two networks of a GPU");
      long[] missingTwice = Arrays.copyOf(BEHAVIORS, BEHAVIORS.length + 2);
      missingTwice[BEHAVIORS.length] = Fingerprints.imageKey("none");
      missingTwice[BEHAVIORS.length + 1] = Fingerprints.imageKey("neither");
      assertThatThrownBy(() -> onDevice.beginOnDevice(request(0, missingTwice)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("The codes are not one worker's, each picture's once");
      assertThatThrownBy(() -> onDevice.beginOnDevice(request(0, new long[0])))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  private static org.assertj.core.data.Offset<Float> near() {
    return within(1e-5f);
  }

  private static DeviceCodes codeGradients(ComputeDevice gpu) {
    return new DeviceCodes(
        gpu.of(values(ADS.length * CODE), ADS.length, CODE),
        gpu.of(values(BEHAVIORS.length * CODE), BEHAVIORS.length, CODE));
  }

  private LocalServer server(ComputeDevice device) {
    return server(device, EmbeddingOptions.everyId(1 << 24), snapshot);
  }

  private static LocalServer server(
      ComputeDevice device, EmbeddingOptions embeddings, InMemorySnapshot vectors) {
    AmsServerOptions options =
        AmsServerOptions.of(0, 1, 1)
            .embeddingDimension(ID_WIDTH)
            .embeddings(embeddings)
            // Adam's steps would be the same for gradients of any scale.
            .optimizers(
                new OptimizerOptions(LearningRate.constant(0.1f), new Sgd(), new Sgd(), 1, 0))
            .seed(3)
            .device(device)
            .build();
    LocalServer server = new LocalServer(options, vectors, ProgressListener.NONE);
    server.join(new float[] {1, 2, 3}, 0);
    return server;
  }

  private static StepRequest request(int step, long... behaviors) {
    return new StepRequest(step, ADS, behaviors, IDS);
  }

  /** As many pictures and IDs, but others. */
  private static StepRequest shifted(int step) {
    long[] ids =
        LongStream.range(step, step + IDS.length)
            .map(i -> Fingerprints.idKey("id", "" + i))
            .toArray();
    return new StepRequest(
        step, keys(step, step + ADS.length), keys(9 - step, 9 - step + BEHAVIORS.length), ids);
  }

  private static StepGradients gradients(int step, float[] ads, float[] behaviors) {
    return new StepGradients(
        step, 3, ads, behaviors, values(IDS.length * ID_WIDTH), new float[] {.1f, -.2f, .3f});
  }

  private static float[] values(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) Math.sin(i + 1);
    }
    return values;
  }
}
