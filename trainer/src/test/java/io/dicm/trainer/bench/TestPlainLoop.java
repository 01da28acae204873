package io.dicm.trainer.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.model.NetworkShape;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.train.Batch;
import io.dicm.trainer.train.BatchAssembler;
import io.dicm.trainer.train.ListSource;
import io.dicm.trainer.train.RandomSamples;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class TestPlainLoop {
  private static final NetworkShape SHAPE =
      new NetworkShape(1, 2, 2, 0, List.of(0), 4, 12, ImageMode.JOINT);

  /** It must really train, or its speed would say nothing. */
  @Test
  void learnsItsBatchByHeart() throws Exception {
    List<Sample> samples = new RandomSamples(SHAPE, 3).list(30);
    Batch batch = new BatchAssembler(SHAPE).assemble(samples);
    RandomPictures pictures = RandomPictures.of(new ListSource(samples), 16);
    double first;
    double last = Double.NaN;
    try (PlainLoop loop = new PlainLoop(SHAPE, pictures, Collections.nCopies(300, batch))) {
      first = loop.step(0);
      for (int step = 1; step < 300; step++) {
        last = loop.step(step);
      }
    }
    assertThat(first).isBetween(0.4, 1.2);
    assertThat(last).isLessThan(0.5 * first);
  }

  /** Both losses of the same small random inputs are near that of knowing nothing, ln 2. */
  @Test
  void aWorkersPartComputesALossWithoutAndWithPictures() throws Exception {
    List<Sample> samples = new RandomSamples(SHAPE, 3).list(30);
    NetworkShape ids = new NetworkShape(1, 2, 2, 0, List.of(0), 4, 12, ImageMode.NONE);
    for (NetworkShape shape : List.of(ids, SHAPE)) {
      Batch batch = new BatchAssembler(shape).assemble(samples);
      try (PlainWorkerStep plain = new PlainWorkerStep(shape)) {
        double loss = plain.step(WorkerBatch.withoutDense(shape, batch));

        assertThat(loss).isBetween(0.5, 1.0);
        assertThat(plain.step(WorkerBatch.withoutDense(shape, batch))).isEqualTo(loss);
      }
    }
  }

  @Test
  void refusesAnotherModel() throws Exception {
    NetworkShape other = new NetworkShape(1, 2, 2, 0, List.of(0), 4, 12, ImageMode.AD);
    RandomPictures pictures =
        RandomPictures.of(new ListSource(new RandomSamples(SHAPE, 3).list(3)), 16);

    assertThatThrownBy(() -> new PlainLoop(other, pictures, List.of()))
        .isInstanceOf(DicmException.class)
        .hasMessageContaining("the plain loop is the joint model");
  }
}
