package io.dicm.ams.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dicm.ams.InMemorySnapshot;
import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.client.StepRequest;
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
          begun.beginImages(
              new DeviceCodes(
                  gpu.of(values(ADS.length * CODE), ADS.length, CODE),
                  gpu.of(values(BEHAVIORS.length * CODE), BEHAVIORS.length, CODE)),
              3);
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

  private LocalServer server(ComputeDevice device) {
    AmsServerOptions options =
        AmsServerOptions.of(0, 1, 1)
            .embeddingDimension(ID_WIDTH)
            // Adam's steps would be the same for gradients of any scale.
            .optimizers(
                new OptimizerOptions(LearningRate.constant(0.1f), new Sgd(), new Sgd(), 1, 0))
            .seed(3)
            .device(device)
            .build();
    LocalServer server = new LocalServer(options, snapshot, ProgressListener.NONE);
    server.join(new float[] {1, 2, 3}, 0);
    return server;
  }

  private static StepRequest request(int step, long... behaviors) {
    return new StepRequest(step, ADS, behaviors, IDS);
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
