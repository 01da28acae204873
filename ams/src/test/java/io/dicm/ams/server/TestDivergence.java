package io.dicm.ams.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.ams.InMemorySnapshot;
import io.dicm.ams.client.GrpcAmsClient;
import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepRequest;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parameters that are no finite numbers are neither kept nor published. */
class TestDivergence {
  private final InMemorySnapshot snapshot = InMemorySnapshot.random(20, 8, 5);

  @TempDir private java.nio.file.Path directory;

  private static void step(GrpcAmsClient client, long step, float codeGradient, float dense) {
    long[] image = {InMemorySnapshot.key(0)};
    client.forward(new StepRequest(step, image, image, new long[0]));
    float[] codes = new float[12];
    Arrays.fill(codes, codeGradient);
    float[] denseGradients = new float[ToyWorker.DENSE];
    denseGradients[3] = dense;
    client.backward(new StepGradients(step, 1, codes, codes, new float[0], denseGradients));
  }

  private static void assertDiverged(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .hasMessage(message)
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.TRAINING_DIVERGED);
  }

  private Gang gang(Consumer<AmsServer> beforeStart) {
    return new Gang(snapshot, 1, 1, false, Gang.TIMEOUT_MS, beforeStart);
  }

  @Test
  void aDivergedStepHasNoCheckpoint() {
    List<Long> taken = new CopyOnWriteArrayList<>();
    try (Gang gang = gang(server -> server.checkpointEvery(1, state -> taken.add(state.steps())));
        GrpcAmsClient client = gang.client(0)) {
      client.join(ToyWorker.initialDense());
      step(client, 0, 1, 1);
      assertDiverged(
          () -> step(client, 1, 1, Float.NaN),
          "Cannot take the checkpoint of step 2: value 3 of server 0's range of the dense"
              + " parameters is NaN. Train again with a smaller dicm.train.learning-rate.");
      assertThat(taken).containsExactly(1L);
    }
  }

  /** No loss comes after the last step. */
  @Test
  void aSubModelThatDivergedInTheLastStepIsNotWritten() {
    try (Gang gang = gang(server -> {});
        GrpcAmsClient client = gang.client(0)) {
      client.join(ToyWorker.initialDense());
      step(client, 0, Float.POSITIVE_INFINITY, 1);
      client.leave(1);
      Path model = new Path(directory.resolve("model").toUri());
      assertThatThrownBy(() -> gang.servers.get(0).writeModelPart(new Configuration(false), model))
          .hasMessageMatching(
              "Cannot write the model after step 1: value \\d+ of server 0's range of the sub-model's"
                  + " network 'ad' is .*\\. Train again with a smaller dicm.train.learning-rate\\.")
          .extracting(e -> ((DicmException) e).code())
          .isEqualTo(ErrorCode.TRAINING_DIVERGED);
      assertThat(directory.resolve("model")).doesNotExist();
    }
  }
}
