package io.dicm.ams.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.ams.InMemorySnapshot;
import io.dicm.ams.NativeMemory;
import io.dicm.ams.client.StepRequest;
import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.compute.TensorWork;
import io.dicm.ams.dense.DenseParameters;
import io.dicm.ams.embedding.EmbeddingOptions;
import io.dicm.ams.embedding.EmbeddingTable;
import io.dicm.ams.memory.MemoryBudget;
import io.dicm.ams.optimizer.Adam;
import io.dicm.ams.shard.FeatureShard;
import io.dicm.ams.shard.ShardRows;
import io.dicm.ams.shard.VectorPrecision;
import io.dicm.ams.submodel.MissingImages;
import io.dicm.ams.submodel.NetworkLayout;
import io.dicm.ams.submodel.SubModel;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.progress.ProgressListener;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What open steps keep outside the heap: counted, limited, and gone when a step fails. */
class TestStepMemory {
  private static final int IMAGES = 200;
  private static final int DIMENSION = 4096;

  /** One network's collected vectors of a step, with the room to grow that the collector has. */
  private static final long COLLECTED_BYTES = (IMAGES + IMAGES / 8) * DIMENSION * 4L;

  /** What the layers of a network leave for the way back, at least: the first one's results. */
  private static final long PASS_BYTES = IMAGES * 256 * 4L * 2;

  private FeatureShard shard;
  private SubModel subModel;

  @BeforeEach
  void load() throws IOException {
    shard =
        FeatureShard.load(
            InMemorySnapshot.random(IMAGES, DIMENSION, 5),
            0,
            1,
            VectorPrecision.FLOAT32,
            1 << 30,
            1,
            ProgressListener.NONE);
    subModel =
        new SubModel(NetworkLayout.of(DIMENSION), false, 1, new Adam(), 0, 1, ComputeCrew.alone());
  }

  @AfterEach
  void close() {
    subModel.close();
    shard.close();
  }

  private static MemoryBudget budget(long bytes) {
    return new MemoryBudget("open steps", "Take smaller batches.", bytes);
  }

  private CompressedImages images(MemoryBudget budget) {
    TensorWork work = TensorWork.onProcessor(ComputeCrew.alone());
    return new CompressedImages(
        shard, subModel, MissingImages.ZERO, ShardRows.of(shard, work), work.crew(), budget);
  }

  private static StepRequest request(int ads, int behaviors, long[] ids) {
    return new StepRequest(0, keys(ads), keys(behaviors), ids);
  }

  private static long[] keys(int images) {
    long[] keys = new long[images];
    Arrays.setAll(keys, InMemorySnapshot::key);
    return keys;
  }

  private static void assertTooLarge(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .hasMessageMatching(message)
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.MEMORY_PLAN_TOO_LARGE);
  }

  @Test
  void openStepsTakeOfTheBudgetUntilItIsUsedUp() {
    long limit = 5 * 2 * COLLECTED_BYTES;
    MemoryBudget budget = budget(limit);
    List<StepRequest> all = List.of(request(IMAGES, IMAGES, new long[0]));
    Deque<ImageStep> open = new ArrayDeque<>();
    try (CompressedImages images = images(budget)) {
      String refusal =
          "Cannot hold open steps: they need \\d+ bytes, allowed " + limit + "\\. Take .*";
      assertTooLarge(
          () -> {
            while (open.size() < 10) {
              open.add(images.forward(all));
            }
          },
          refusal);
      // Less than five, since what the layers leave for the way back counts, too.
      assertThat(open).hasSizeBetween(2, 4);
      assertThat(budget.takenBytes()).isBetween(open.size() * 2L * COLLECTED_BYTES, limit);
      assertTooLarge(() -> images.forward(all), refusal);
      open.remove().close();
      open.add(images.forward(all));
      open.forEach(ImageStep::close);
      // The memory of collected vectors is kept for the next steps.
      assertThat(budget.takenBytes()).isPositive();
    }
    assertThat(budget.takenBytes()).isZero();
  }

  @Test
  void aStepWhoseSecondPassIsRefusedKeepsNothingOfTheFirst() {
    MemoryBudget budget = budget(2 * COLLECTED_BYTES);
    List<StepRequest> both = List.of(request(IMAGES, IMAGES, new long[0]));
    try (CompressedImages images = images(budget)) {
      assertTooLarge(() -> images.forward(both), "Cannot hold open steps: .*");
      long taken = budget.takenBytes();
      for (int i = 0; i < 3; i++) {
        assertTooLarge(() -> images.forward(both), "Cannot hold open steps: .*");
      }
      assertThat(budget.takenBytes()).isEqualTo(taken);
      images.forward(List.of(request(IMAGES, 0, new long[0]))).close();
    }
    assertThat(budget.takenBytes()).isZero();
  }

  @Test
  void aStepWhoseEmbeddingsDoNotFitKeepsNothingOfItsImages() {
    MemoryBudget budget = budget(1L << 30);
    Adam adam = new Adam();
    OptimizerOptions optimizers = OptimizerOptions.adam(0.1f);
    try (CompressedImages images = images(budget);
        EmbeddingTable embeddings =
            new EmbeddingTable(
                64,
                1,
                adam,
                0,
                EmbeddingOptions.everyId(4_000_000),
                new MemoryBudget("the IDs", "Take fewer.", 4_000_000))) {
      // No round of the sub-model begins.
      ServerModel model =
          new ServerModel(
              images,
              new OwnParameters(
                  embeddings, new DenseParameters(0, 1, adam), optimizers, ComputeCrew.alone()),
              null,
              optimizers);
      List<StepRequest> requests =
          List.of(request(IMAGES, IMAGES, LongStream.range(1, 20_000).toArray()));
      assertTooLarge(() -> model.forward(requests), "Cannot hold the IDs: .*");
      long taken = budget.takenBytes();
      NativeMemory.assertNothingIsLeft(
          2 * PASS_BYTES,
          () -> assertTooLarge(() -> model.forward(requests), "Cannot hold the IDs: .*"));
      assertThat(budget.takenBytes()).isEqualTo(taken);
    }
    assertThat(budget.takenBytes()).isZero();
  }
}
