package io.dicm.ams.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepRequest;
import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.dense.DenseParameters;
import io.dicm.ams.embedding.EmbeddingOptions;
import io.dicm.ams.embedding.EmbeddingTable;
import io.dicm.ams.memory.MemoryBudget;
import io.dicm.ams.optimizer.Adam;
import io.dicm.ams.reduce.ReplicaExchange;
import io.dicm.ams.reduce.RoundNumbers;
import io.dicm.ams.submodel.SubModel;
import io.dicm.ams.window.OpenStep;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In which order a step's parts are begun and waited for. */
class TestServerModel {
  private static final long[] NO_KEYS = {};
  private static final float[] NOTHING = {};
  private static final long ID = 7;

  private final List<String> log = new ArrayList<>();
  private final MemoryBudget budget = new MemoryBudget("the IDs", "Take fewer.", 1L << 28);
  private final EmbeddingTable embeddings =
      new EmbeddingTable(1, 1, new Adam(), 0, EmbeddingOptions.everyId(1L << 28), budget);

  /**
   * IDs are found before the images' codes are waited for. On the way back a GPU computes while
   * they are updated; on the processor the gradients are there, and go to the others first.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void worksOnIdsWhileAGpuComputes(boolean computedBeside) {
    DenseParameters dense = new DenseParameters(0, 1, new Adam());
    dense.offer(0, 1, 0, new float[] {1});
    OptimizerOptions optimizers = OptimizerOptions.adam(0.1f);
    ServerModel model =
        new ServerModel(
            new RecordedImages(computedBeside),
            new OwnParameters(embeddings, dense, optimizers, ComputeCrew.alone()),
            new ReplicaExchange(
                0, 1, SubModel.none(), new NoPeers(), Runnable::run, RoundNumbers.ordered(0)),
            optimizers);
    try (embeddings;
        OpenStep step =
            model.forward(List.of(new StepRequest(0, NO_KEYS, NO_KEYS, new long[] {ID})))) {
      float before = step.answers().get(0).idEmbeddings()[0];
      StepGradients gradients =
          new StepGradients(0, 1, NOTHING, NOTHING, new float[] {1}, new float[] {1});
      assertThat(step.backward(0, List.of(gradients))).isCompleted();
      assertThat(log)
          .containsExactly(
              "images begun, 0 IDs",
              "codes awaited, 1 IDs",
              "gradients begun, updated: false",
              "gradients awaited, updated: " + computedBeside);
      assertThat(value()).isLessThan(before);
    }
  }

  private float value() {
    return embeddings.values(embeddings.rowsOf(0, new long[] {ID}))[0];
  }

  /** Images that note what had been done with the IDs when they were asked. */
  private final class RecordedImages implements ImagePath, ImageStep, ImageGradients {
    private final boolean computedBeside;
    private float before;

    RecordedImages(boolean computedBeside) {
      this.computedBeside = computedBeside;
    }

    @Override
    public ImageStep forward(List<StepRequest> requests) {
      log.add("images begun, " + embeddings.statistics().rows() + " IDs");
      return this;
    }

    @Override
    public ImageRows rows() {
      log.add("codes awaited, " + embeddings.statistics().rows() + " IDs");
      before = value();
      return new ImageRows(List.of(NOTHING), List.of(NOTHING));
    }

    @Override
    public ImageGradients backward(List<StepGradients> gradients, float scale) {
      log.add("gradients begun, updated: " + (value() != before));
      return this;
    }

    @Override
    public boolean computedBeside() {
      return computedBeside;
    }

    @Override
    public List<float[]> networks() {
      log.add("gradients awaited, updated: " + (value() != before));
      return List.of();
    }

    @Override
    public int rowLength() {
      return 0;
    }

    @Override
    public boolean trainsImages() {
      return true;
    }

    @Override
    public ReferenceCounts references() {
      return new ReferenceCounts();
    }

    @Override
    public void close() {
      // Holds nothing.
    }
  }
}
