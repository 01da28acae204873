package io.dicm.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.model.NetworkShape;
import io.dicm.trainer.sample.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestTrainingBatches {
  private static final NetworkShape SHAPE =
      new NetworkShape(1, 1, 1, 0, List.of(0), 4, 4, ImageMode.JOINT);
  private static final int BATCH_SIZE = 7;
  private static final int EPOCHS = 3;

  private final List<Sample> samples = new RandomSamples(SHAPE, 3).list(40);
  private final List<ListSource> opened = new ArrayList<>();
  private final long impressions =
      samples.stream().mapToLong(sample -> sample.impressions().size()).sum();
  private final int stepsAnEpoch = (int) ((impressions + BATCH_SIZE - 1) / BATCH_SIZE);

  /** The batches from a step on are those that come after the ones before it, in every epoch. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 11, 12, 13, 20})
  void whatIsLeftFollowsWhatWasLeftOut(int step) throws IOException {
    List<List<String>> all = rest(batches());

    TrainingBatches batches = batches();
    batches.skipTo(step, ProgressListener.NONE);

    assertThat(batches.skippedSteps()).isEqualTo(step);
    assertThat(batches.skippedImpressions())
        .isEqualTo(all.subList(0, step).stream().mapToLong(List::size).sum());
    assertThat(rest(batches)).isEqualTo(all.subList(step, all.size()));
    assertThat(opened).allMatch(ListSource::closed);
  }

  @Test
  void aWorkerMayHaveFewerSteps() throws IOException {
    TrainingBatches batches = batches();

    batches.skipTo(EPOCHS * stepsAnEpoch + 5, ProgressListener.NONE);

    assertThat(batches.skippedSteps()).isEqualTo((long) EPOCHS * stepsAnEpoch);
    assertThat(batches.skippedImpressions()).isEqualTo(EPOCHS * impressions);
    assertThat(rest(batches)).isEmpty();
    assertThat(opened).hasSize(EPOCHS).allMatch(ListSource::closed);
  }

  @Test
  void tellsHowFarItHasRead() {
    List<Long> done = new ArrayList<>();

    batches().skipTo(stepsAnEpoch + 2, (read, total, note) -> done.add(read));

    assertThat(done).hasSizeGreaterThan(1).isSorted().endsWith(impressions + 2 * BATCH_SIZE);
  }

  @Test
  void closesWhatNobodyTook() throws IOException {
    try (TrainingBatches batches = batches()) {
      batches.skipTo(2, ProgressListener.NONE);
      assertThat(opened).noneMatch(ListSource::closed);
    }
    assertThat(opened).hasSize(1).allMatch(ListSource::closed);
  }

  @Test
  void theServersStepMustBeTheOneThatWasTold() {
    TrainingBatches batches = batches();
    batches.skipTo(3, ProgressListener.NONE);
    batches.skipTo(3, ProgressListener.NONE);

    assertThatThrownBy(() -> batches.skipTo(4, ProgressListener.NONE))
        .hasMessage("Cannot train: the servers go on from step 4, this worker was told step 3.")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.INTERNAL);
  }

  private TrainingBatches batches() {
    return new TrainingBatches(
        new TrainingOptions(0, 1, BATCH_SIZE, EPOCHS, 1, 1, impressions), SHAPE, this::open);
  }

  /** Each epoch has the samples in another order. */
  private ListSource open(int epoch) {
    List<Sample> turned = new ArrayList<>(samples);
    Collections.rotate(turned, epoch);
    ListSource source = new ListSource(turned);
    opened.add(source);
    return source;
  }

  /** Impressions' IDs by batch. */
  private static List<List<String>> rest(TrainingBatches batches) throws IOException {
    List<List<String>> rest = new ArrayList<>();
    for (int epoch = batches.firstEpoch(); epoch < EPOCHS; epoch++) {
      try (BatchReader reader = batches.rest(epoch)) {
        for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
          rest.add(
              batch.samples().stream()
                  .flatMap(sample -> sample.impressions().stream())
                  .map(impression -> impression.impressionId())
                  .toList());
        }
      }
    }
    return rest;
  }
}
