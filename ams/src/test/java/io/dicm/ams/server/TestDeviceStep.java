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
import io.dicm.ams.shard.FeatureShard;
import io.dicm.ams.shard.VectorPrecision;
import io.dicm.ams.submodel.MissingImages;
import io.dicm.common.key.Fingerprints;
import io.dicm.common.progress.ProgressListener;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.device.Gpus;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
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

  private static final EmbeddingOptions SECOND_TIME = new EmbeddingOptions(2, 0, 0, 1 << 24);

  /** So many pictures of so many values that what is left of them is seen. */
  private static final int MANY = 400;

  private static final int MANY_VALUES = 4096;

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
    try (LocalServer inTurn = server(gpu, options -> options.embeddings(SECOND_TIME), snapshot);
        LocalServer ahead = server(gpu, options -> options.embeddings(SECOND_TIME), snapshot)) {
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
          DeviceCodes codes = begun.codes();
          begun.beginImages(codeGradients(gpu), 3);
          // The GPU has the step's memory for the next one.
          assertThat(codes.ads().isNull()).isTrue();
          assertThat(codes.behaviors().isNull()).isTrue();
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
    StepRequest request = new StepRequest(0, keys(0, 1), keys(1, MANY), IDS);
    try (LocalServer server = server(gpu, options -> options, large())) {
      assertNothingIsLeft(
          gpu,
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
  void leaveNothingBehindIfTheirIdsDoNotFit() {
    ComputeDevice gpu = Gpus.firstOrStandIn(folder);
    StepRequest request =
        new StepRequest(0, keys(0, 1), keys(1, MANY), LongStream.range(1, 50_000).toArray());
    try (LocalServer server =
        server(
            gpu,
            options ->
                options
                    .memoryLimitBytes(
                        FeatureShard.bytesFor(MANY, MANY_VALUES, VectorPrecision.FLOAT32))
                    .embeddings(EmbeddingOptions.everyId(1_000_000)),
            large())) {
      assertNothingIsLeft(
          gpu,
          () ->
              assertThatThrownBy(() -> server.prepareOnDevice(request))
                  .hasMessageContaining("Cannot hold the ID embeddings"));
    }
  }

  private static InMemorySnapshot large() {
    return InMemorySnapshot.random(MANY, MANY_VALUES, 5);
  }

  /** Neither in the process's memory, where a stand-in has its tensors, nor in the GPU's. */
  private static void assertNothingIsLeft(ComputeDevice gpu, Runnable work) {
    work.run();
    long free = gpu.gpu().freeBytes();
    NativeMemory.assertNothingIsLeft((long) MANY * MANY_VALUES * Float.BYTES, work);
    assertThat(gpu.gpu().freeBytes()).isGreaterThan(free - (96L << 20));
  }

  @Test
  void isForOneWorkerOnAGpuThatAsksForEachPictureOnce() {
    ComputeDevice gpu = Gpus.firstOrStandIn(folder);
    try (LocalServer onProcessor = server(ComputeDevice.PROCESSOR, options -> options, snapshot);
        LocalServer shared = server(gpu, options -> options.shareSubModel(true), snapshot);
        LocalServer learned =
            server(gpu, options -> options.missingImages(MissingImages.LEARNED), snapshot);
        LocalServer onDevice = server(gpu)) {
      for (LocalServer server : List.of(onProcessor, shared)) {
        assertRefused(
            server,
            request(0, BEHAVIORS),
            "The pictures' codes are not computed by two networks of a GPU");
      }
      long[] missing = Arrays.copyOf(BEHAVIORS, BEHAVIORS.length + 1);
      missing[BEHAVIORS.length] = Fingerprints.imageKey("none");
      assertRefused(
          learned, request(0, missing), "The code of images without a vector is not on the device");
      long[] missingTwice = Arrays.copyOf(missing, missing.length + 1);
      missingTwice[missing.length] = Fingerprints.imageKey("neither");
      String notOnce = "The codes are not one worker's, each picture's once";
      assertRefused(onDevice, request(0, missingTwice), notOnce);
      assertRefused(onDevice, request(0, new long[0]), notOnce);
      onDevice.beginOnDevice(request(0, missing)).close();
    }
  }

  private static void assertRefused(LocalServer server, StepRequest request, String message) {
    assertThatThrownBy(() -> server.beginOnDevice(request))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(message);
  }

  /** An ID counts the steps that asked for it: a refused one would be counted before its time. */
  @Test
  void isNoStepForIdsWhenItIsRefused() {
    ComputeDevice gpu = Gpus.firstOrStandIn(folder);
    try (LocalServer refusing = server(gpu, options -> options.embeddings(SECOND_TIME), snapshot);
        LocalServer other = server(gpu, options -> options.embeddings(SECOND_TIME), snapshot)) {
      assertThatThrownBy(() -> refusing.beginOnDevice(request(1, new long[0])))
          .isInstanceOf(IllegalStateException.class);
      for (LocalServer server : List.of(refusing, other)) {
        step(gpu, server, 0);
        step(gpu, server, 1);
      }
      assertThat(refusing.forward(request(2, BEHAVIORS)).idEmbeddings())
          .isEqualTo(other.forward(request(2, BEHAVIORS)).idEmbeddings());
    }
  }

  private static void step(ComputeDevice gpu, LocalServer server, int step) {
    try (DeviceStep begun = server.beginOnDevice(request(step, BEHAVIORS));
        PointerScope scope = new PointerScope()) {
      begun.beginImages(codeGradients(gpu), 3);
      begun.finish(gradients(step, new float[0], new float[0]));
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
    return server(device, options -> options, snapshot);
  }

  private static LocalServer server(
      ComputeDevice device,
      UnaryOperator<AmsServerOptions.Builder> more,
      InMemorySnapshot vectors) {
    AmsServerOptions.Builder options =
        AmsServerOptions.of(0, 1, 1)
            .embeddingDimension(ID_WIDTH)
            // Adam's steps would be the same for gradients of any scale.
            .optimizers(
                new OptimizerOptions(LearningRate.constant(0.1f), new Sgd(), new Sgd(), 1, 0))
            .seed(3)
            .device(device);
    LocalServer server =
        new LocalServer(more.apply(options).build(), vectors, ProgressListener.NONE);
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
