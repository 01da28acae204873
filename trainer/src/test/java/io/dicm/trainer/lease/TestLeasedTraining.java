package io.dicm.trainer.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.ams.checkpoint.Checkpoint;
import io.dicm.ams.checkpoint.CheckpointCommitter;
import io.dicm.ams.checkpoint.CheckpointManifest;
import io.dicm.ams.checkpoint.CheckpointPartWriter;
import io.dicm.ams.server.AmsServer;
import io.dicm.ams.window.Staleness;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.MemorySnapshot;
import io.dicm.trainer.TrainingGang;
import io.dicm.trainer.TrainingVariant;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.model.NetworkShape;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.sample.SampleFiles;
import io.dicm.trainer.sample.SampleSource;
import io.dicm.trainer.sample.SampleWriter;
import io.dicm.trainer.sample.ShuffleOptions;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureKind;
import io.dicm.trainer.schema.FeatureSchema;
import io.dicm.trainer.schema.FeatureSide;
import io.dicm.trainer.train.EpochSource;
import io.dicm.trainer.train.RandomSamples;
import io.dicm.trainer.train.TrainingResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Leases with real files, readers and servers. */
class TestLeasedTraining {
  private static final Configuration CONF = new Configuration(false);
  private static final int WORKERS = 2;
  private static final int EPOCHS = 2;
  private static final int BATCH_SIZE = 8;
  private static final int CHECKPOINT_EVERY = 6;
  private static final int CHECKPOINT_AT = 12;
  private static final int SAMPLES = 200;
  private static final int EMBEDDING_DIMENSION = 4;
  private static final int VECTOR_DIMENSION = 16;
  private static final long SEED = 3;
  private static final LeaseSize SIZE = new LeaseSize(1000, WORKERS);

  private static final FeatureSchema SCHEMA =
      FeatureSchema.of(
          List.of(
              new FeatureField("user_id", FeatureSide.USER, FeatureKind.ID, false, false),
              new FeatureField("item_id", FeatureSide.ITEM, FeatureKind.ID, true, true)),
          "test");

  @TempDir private java.nio.file.Path folder;

  private final List<String> all = new ArrayList<>();
  private Path directory;
  private LeaseLedger ledger;

  @BeforeEach
  void write() throws IOException {
    directory = new Path(folder.resolve("train").toUri());
    List<Sample> samples =
        new RandomSamples(NetworkShape.of(SCHEMA.fields(), 4, ImageMode.JOINT), 7).list(SAMPLES);
    for (int file = 0; file < 3; file++) {
      try (SampleWriter writer =
          new SampleWriter(CONF, new Path(directory, "part-" + file + ".parquet"), SCHEMA)) {
        for (Sample sample : samples.subList(file * SAMPLES / 3, (file + 1) * SAMPLES / 3)) {
          writer.write(sample);
          all.addAll(ids(sample));
        }
      }
    }
    ledger = ledger(OptionalLong.of(SEED));
  }

  /** A worker that takes one sample for every four of the other ends with that part of the work. */
  @Test
  void aSlowWorkerTakesLess() throws IOException {
    List<String> fast = new ArrayList<>();
    List<String> slow = new ArrayList<>();
    try (SampleSource ofFast = open(0, 0);
        SampleSource ofSlow = open(1, 0)) {
      boolean more = true;
      while (more) {
        more = take(ofSlow, slow);
        for (int turn = 0; turn < 4; turn++) {
          more |= take(ofFast, fast);
        }
      }
    }
    assertThat(slow.size() * 3).isLessThan(fast.size());
    assertThat(slow).hasSizeGreaterThan(all.size() / 10);
    slow.addAll(fast);
    assertThat(slow).containsExactlyInAnyOrderElementsOf(all);
  }

  /** Predictors' rows together are all rows, each predictor's in the order of the files. */
  @Test
  void leasesWithoutSeedKeepTheOrderOfTheRows() throws IOException {
    ledger = ledger(OptionalLong.empty());
    List<List<String>> read = List.of(new ArrayList<>(), new ArrayList<>());
    try (SampleSource one = sequential(0);
        SampleSource other = sequential(1)) {
      boolean more = true;
      while (more) {
        more = take(one, read.get(0));
        more |= take(other, read.get(1));
      }
    }
    for (List<String> rows : read) {
      assertThat(rows.stream().map(all::indexOf).toList()).isSorted().hasSizeGreaterThan(100);
    }
    List<String> together = new ArrayList<>(read.get(0));
    together.addAll(read.get(1));
    assertThat(together).containsExactlyInAnyOrderElementsOf(all);
  }

  /**
   * A worker fails in its second epoch, both begin again from the checkpoint: what they then read
   * begins with what they had read, and with the steps before the checkpoint every impression is
   * trained once an epoch.
   */
  @Test
  void aRestartedTrainingHasEachImpressionOnceAnEpoch() throws Exception {
    Path staging = new Path(folder.resolve("_staging").toUri());
    Log before = new Log();
    try (TrainingGang gang =
        gang(
            server ->
                server.checkpointEvery(
                    CHECKPOINT_EVERY,
                    taken ->
                        new CheckpointPartWriter(CONF)
                            .write(taken, parts(staging, taken.steps()))))) {
      assertThat(failureOf(gang, before)).hasMessageContaining("the disk of worker 0 is gone");
    }
    Checkpoint checkpoint = commit(parts(staging, CHECKPOINT_AT));

    Log after = new Log();
    List<TrainingResult> results;
    try (TrainingGang gang = gang(server -> server.restore(checkpoint, ProgressListener.NONE))) {
      results = gang.train((worker, workers) -> recorded(worker, after, Integer.MAX_VALUE));
    }

    for (int worker = 0; worker < WORKERS; worker++) {
      for (int epoch = 0; epoch < EPOCHS; epoch++) {
        List<String> had = List.copyOf(before.of(worker, epoch));
        assertThat(after.of(worker, epoch).subList(0, had.size())).isEqualTo(had);
      }
    }
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      List<String> read = new ArrayList<>();
      for (int worker = 0; worker < WORKERS; worker++) {
        read.addAll(after.of(worker, epoch));
      }
      assertThat(read).containsExactlyInAnyOrderElementsOf(all);
    }
    long trained = results.stream().mapToLong(TrainingResult::impressions).sum();
    assertThat(trained)
        .isEqualTo((long) EPOCHS * all.size() - (long) WORKERS * CHECKPOINT_AT * BATCH_SIZE);
  }

  /** Trains until worker 0 fails, well after the checkpoint. */
  private Throwable failureOf(TrainingGang gang, Log log) throws Exception {
    try {
      gang.train(
          (worker, workers) ->
              recorded(worker, log, worker == 0 ? SAMPLES / 4 : Integer.MAX_VALUE));
      throw new AssertionError("it did not fail");
    } catch (ExecutionException e) {
      return e;
    }
  }

  private Checkpoint commit(Path parts) throws IOException {
    Path checkpoint = new Path(folder.resolve("checkpoint").toUri());
    new CheckpointCommitter(CONF)
        .commit(
            parts,
            checkpoint,
            1,
            new CheckpointManifest(
                CheckpointManifest.FORMAT_VERSION,
                CHECKPOINT_AT,
                SEED,
                EMBEDDING_DIMENSION,
                VECTOR_DIMENSION,
                "adam",
                "adam",
                List.of()));
    return Checkpoint.open(CONF, checkpoint);
  }

  private static Path parts(Path staging, long steps) {
    return new Path(staging, "step=" + steps);
  }

  private static TrainingGang gang(Consumer<AmsServer> beforeStart) {
    return new TrainingGang(
        new TrainingGang.Plan(
                SCHEMA,
                ImageMode.JOINT,
                EMBEDDING_DIMENSION,
                1,
                WORKERS,
                BATCH_SIZE,
                EPOCHS,
                0.001,
                SEED)
            .with(TrainingVariant.USUAL.with(Staleness.ASYNCHRONOUS)),
        MemorySnapshot.random(
            IntStream.range(1, 9).mapToObj(i -> "image" + i).toList(), VECTOR_DIMENSION, 2),
        beforeStart);
  }

  private LeaseLedger ledger(OptionalLong seed) throws IOException {
    return new LeaseLedger(SampleFiles.plan(CONF, directory, SCHEMA, SIZE, seed), WORKERS, EPOCHS);
  }

  private SampleSource open(int worker, int epoch) throws IOException {
    return SampleFiles.leased(
        CONF,
        directory,
        SCHEMA,
        (ofEpoch, number) -> ledger.lease(worker, ofEpoch, number),
        SIZE,
        worker,
        epoch,
        ShuffleOptions.ofSamples(1000, SEED));
  }

  private SampleSource sequential(int predictor) throws IOException {
    return SampleFiles.sequential(
        CONF, directory, SCHEMA, (epoch, number) -> ledger.lease(predictor, epoch, number));
  }

  /** Fails after so many samples of the last epoch. */
  private EpochSource recorded(int worker, Log log, int samples) {
    return epoch ->
        new RecordedSource(
            open(worker, epoch),
            log.of(worker, epoch),
            epoch == EPOCHS - 1 ? samples : Integer.MAX_VALUE);
  }

  private static boolean take(SampleSource source, List<String> taken) throws IOException {
    Sample sample = source.next();
    if (sample != null) {
      taken.addAll(ids(sample));
    }
    return sample != null;
  }

  private static List<String> ids(Sample sample) {
    return sample.impressions().stream().map(Impression::impressionId).toList();
  }

  /** Impressions in the order in which each worker read them, by epoch. */
  private static final class Log {
    private final ConcurrentHashMap<String, List<String>> read = new ConcurrentHashMap<>();

    List<String> of(int worker, int epoch) {
      return read.computeIfAbsent(
          worker + "/" + epoch, key -> Collections.synchronizedList(new ArrayList<>()));
    }
  }

  private static final class RecordedSource implements SampleSource {
    private final SampleSource source;
    private final List<String> log;
    private int left;

    RecordedSource(SampleSource source, List<String> log, int samples) {
      this.source = source;
      this.log = log;
      this.left = samples;
    }

    @Override
    public Sample next() throws IOException {
      if (left-- == 0) {
        throw new IOException("the disk of worker 0 is gone");
      }
      Sample sample = source.next();
      if (sample != null) {
        log.addAll(ids(sample));
      }
      return sample;
    }

    @Override
    public boolean isReadThrough() {
      return source.isReadThrough();
    }

    @Override
    public void readAhead(int samples) throws IOException {
      source.readAhead(samples);
    }

    @Override
    public void close() throws IOException {
      source.close();
    }
  }
}
