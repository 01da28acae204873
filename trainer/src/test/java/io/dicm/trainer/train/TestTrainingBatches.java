package io.dicm.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.model.NetworkShape;
import io.dicm.trainer.network.Objective;
import io.dicm.trainer.sample.ItemCatalogue;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.sample.SampleSource;
import io.dicm.trainer.train.TrainingBatches.EpochBatch;
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

  /** As samples of an epoch leave the memory, those of the next take their place. */
  @Test
  void theNextEpochIsReadWhileThisOneEnds() throws IOException {
    List<Sample> single = new ArrayList<>();
    for (Sample sample : samples) {
      single.add(
          new Sample(
              sample.userId(),
              sample.timestampSeconds(),
              sample.userKeys(),
              sample.behaviors(),
              sample.impressions().subList(0, 1)));
    }
    List<String> events = new ArrayList<>();
    TrainingBatches batches =
        new TrainingBatches(
            new TrainingOptions(0, 1, 5, 2, 1, 1, 0),
            SHAPE,
            epoch -> {
              events.add("open " + epoch);
              return new BufferedSource(single, events);
            },
            ItemCatalogue.EMPTY);

    List<List<String>> all = rest(batches);

    assertThat(all).hasSize(16);
    assertThat(all.subList(8, 16)).isEqualTo(all.subList(0, 8));
    assertThat(events)
        .containsExactly(
            "open 0",
            "first after 0",
            "open 1",
            "closed after 40",
            "first after 25",
            "closed after 40");
  }

  @Test
  void closesTheEpochThatWasBegunEarly() throws IOException {
    List<String> events = new ArrayList<>();
    try (TrainingBatches batches =
        new TrainingBatches(
            new TrainingOptions(0, 1, 1000, 2, 1, 1, 0),
            SHAPE,
            epoch -> new BufferedSource(samples, events),
            ItemCatalogue.EMPTY)) {
      assertThat(batches.next().epoch()).isZero();
    }
    assertThat(events).containsExactly("first after 0", "closed after 0", "closed after 40");
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

  /** The image path's passes come first and name no ID; nothing changes when they are left out. */
  @ParameterizedTest
  @ValueSource(ints = {0, 3, 12, 17})
  void theImagePathTrainsAloneInItsPasses(int step) throws IOException {
    TrainingBatches batches = phases(0.5, 2, 1);
    batches.skipTo(step, ProgressListener.NONE);

    int number = step;
    int pictures = 0;
    for (EpochBatch next = batches.next(); next != null; next = batches.next()) {
      boolean alone = number++ < 2 * stepsAnEpoch;
      assertThat(next.objective() == Objective.IMAGE_BRANCH).isEqualTo(alone);
      assertThat(next.batch().idKeys().length == 0).isEqualTo(alone);
      pictures += next.batch().behaviorImageKeys().length;
    }
    assertThat(number).isEqualTo(3 * stepsAnEpoch);
    assertThat(pictures).isPositive();
  }

  /** By impressions of the epochs alone, so that a training that goes on does the same. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 9, 12})
  void thePreTrainingIsAShareOfTheEpochs(int step) throws IOException {
    List<Objective> all = objectives(0);

    assertThat(all.subList(0, stepsAnEpoch)).containsOnly(Objective.IMAGE_BRANCH);
    List<Objective> epochs = all.subList(stepsAnEpoch, all.size());
    long pretraining = epochs.stream().filter(Objective.PRETRAINING::equals).count();
    assertThat(pretraining).isEqualTo((long) Math.ceil(0.25 * 2 * impressions / BATCH_SIZE));
    assertThat(epochs.subList((int) pretraining, epochs.size())).containsOnly(Objective.WHOLE);
    assertThat(objectives(step)).isEqualTo(all.subList(step, all.size()));
  }

  private List<Objective> objectives(int step) throws IOException {
    List<Objective> objectives = new ArrayList<>();
    try (TrainingBatches batches = phases(0.25, 1, 2)) {
      batches.skipTo(step, ProgressListener.NONE);
      for (EpochBatch next = batches.next(); next != null; next = batches.next()) {
        objectives.add(next.objective());
      }
    }
    return objectives;
  }

  private TrainingBatches phases(double pretrainFraction, int imageEpochs, int epochs) {
    return new TrainingBatches(
        new TrainingOptions(
            0, 1, BATCH_SIZE, epochs, 1, 1, impressions, imageEpochs, pretrainFraction),
        SHAPE,
        this::open,
        ItemCatalogue.EMPTY);
  }

  private TrainingBatches batches() {
    return new TrainingBatches(
        new TrainingOptions(0, 1, BATCH_SIZE, EPOCHS, 1, 1, impressions),
        SHAPE,
        this::open,
        ItemCatalogue.EMPTY);
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
    for (EpochBatch next = batches.next(); next != null; next = batches.next()) {
      rest.add(
          next.batch().samples().stream()
              .flatMap(sample -> sample.impressions().stream())
              .map(impression -> impression.impressionId())
              .toList());
    }
    return rest;
  }

  /** Notes what is asked of it; everything is in memory once half of it is given out. */
  private static final class BufferedSource implements SampleSource {
    private final ListSource samples;
    private final int size;
    private final List<String> events;
    private int given;
    private int readAhead;

    BufferedSource(List<Sample> samples, List<String> events) {
      this.samples = new ListSource(samples);
      this.size = samples.size();
      this.events = events;
    }

    @Override
    public Sample next() {
      Sample sample = samples.next();
      if (given == 0) {
        events.add("first after " + readAhead);
      }
      given += sample == null ? 0 : 1;
      return sample;
    }

    @Override
    public boolean isReadThrough() {
      return given * 2 >= size;
    }

    @Override
    public void readAhead(int count) {
      readAhead += count;
    }

    @Override
    public void close() {
      events.add("closed after " + given);
    }
  }
}
