package io.dicm.ams.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dicm.ams.InMemorySnapshot;
import io.dicm.ams.checkpoint.Checkpoint;
import io.dicm.ams.checkpoint.CheckpointCommitter;
import io.dicm.ams.checkpoint.CheckpointManifest;
import io.dicm.ams.checkpoint.CheckpointPartWriter;
import io.dicm.ams.client.GrpcAmsClient;
import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.dense.DenseParameters;
import io.dicm.ams.embedding.EmbeddingOptions;
import io.dicm.ams.embedding.EmbeddingTable;
import io.dicm.ams.memory.MemoryBudget;
import io.dicm.ams.optimizer.Adam;
import io.dicm.ams.optimizer.OptimizerState;
import io.dicm.ams.server.ToyTraining.Layout;
import io.dicm.ams.server.ToyTraining.Result;
import io.dicm.ams.server.ToyWorker.Example;
import io.dicm.ams.submodel.MissingImages;
import io.dicm.ams.submodel.NetworkLayout;
import io.dicm.ams.submodel.SubModel;
import io.dicm.ams.window.Staleness;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Fingerprints;
import io.dicm.common.progress.ProgressListener;
import io.dicm.common.tensor.SafeTensors;
import io.dicm.common.tensor.SafeTensors.FloatTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training that stops at a checkpoint and goes on from it, over gRPC on loopback. */
class TestCheckpoints {
  private static final int IMAGES = 40;
  private static final int DIMENSION = 16;
  private static final int BATCH = 24;
  private static final int CHECKPOINT_AT = 6;
  private static final int STEPS = 14;
  private static final long SEED = 11;

  private final Configuration conf = new Configuration(false);
  private final InMemorySnapshot snapshot = InMemorySnapshot.random(IMAGES, DIMENSION, 5);

  @TempDir private java.nio.file.Path directory;

  private final ToyTraining training = new ToyTraining(snapshot, TestCheckpoints::batch);

  private static List<Example> batch(long step) {
    Random random = new Random(step);
    List<Example> batch = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      int id = random.nextInt(30);
      batch.add(
          new Example(
              InMemorySnapshot.key(random.nextInt(IMAGES)),
              InMemorySnapshot.key(random.nextInt(IMAGES)),
              Fingerprints.idKey("id", "" + id),
              (float) random.nextGaussian() + id / 10f));
    }
    return batch;
  }

  /** Trains to the checkpoint, commits it and gives its directory. */
  private Path checkpoint(Layout layout, String name) throws Exception {
    return checkpoint(training, layout, name);
  }

  private Path checkpoint(ToyTraining toy, Layout layout, String name) throws Exception {
    Path staging = path("_staging-" + name);
    toy.run(
        layout,
        CHECKPOINT_AT,
        server ->
            server.checkpointEvery(
                CHECKPOINT_AT, taken -> new CheckpointPartWriter(conf).write(taken, staging)));
    new CheckpointCommitter(conf).commit(staging, path(name), layout.servers(), identity());
    return path(name);
  }

  private static CheckpointManifest identity() {
    return new CheckpointManifest(
        CheckpointManifest.FORMAT_VERSION,
        CHECKPOINT_AT,
        SEED,
        Gang.EMBEDDING_DIMENSION,
        DIMENSION,
        "adam",
        "adam",
        List.of());
  }

  private Result goOn(Layout layout, Path checkpoint) throws Exception {
    Checkpoint opened = Checkpoint.open(conf, checkpoint);
    return training.run(layout, STEPS, server -> server.restore(opened, ProgressListener.NONE));
  }

  private Path path(String name) {
    return new Path(directory.resolve(name).toUri());
  }

  private static void awaitOpen(CountDownLatch latch) throws IOException {
    try {
      if (!latch.await(Gang.TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
        throw new IOException("No later step was trained");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted", e);
    }
  }

  private static List<Double> afterCheckpoint(Result undisturbed) {
    return undisturbed.losses().subList(CHECKPOINT_AT, STEPS);
  }

  @Test
  void goesOnToTheSameBits() throws Exception {
    Layout layout = new Layout(2, 2);
    Result undisturbed = training.run(layout, STEPS);

    Result resumed = goOn(layout, checkpoint(layout, "c"));

    assertThat(resumed.losses()).isEqualTo(afterCheckpoint(undisturbed));
    assertThat(resumed.dense()).isEqualTo(undisturbed.dense());
    assertThat(resumed.digests()).isEqualTo(undisturbed.digests());
  }

  /** A checkpoint is a barrier: no later step starts before the updates of all earlier ones. */
  @Test
  void staleTrainingGoesOnToTheSameBits() throws Exception {
    Layout layout = new Layout(2, 2, new Staleness(2));
    Path staging = path("_staging-undisturbed");
    Result undisturbed =
        training.run(
            layout,
            STEPS,
            server ->
                server.checkpointEvery(
                    CHECKPOINT_AT,
                    taken -> {
                      if (taken.steps() == CHECKPOINT_AT) {
                        new CheckpointPartWriter(conf).write(taken, staging);
                      }
                    }));
    new CheckpointCommitter(conf).commit(staging, path("c"), 2, identity());

    Checkpoint opened = Checkpoint.open(conf, path("c"));
    Result resumed =
        training.run(
            layout,
            STEPS,
            server -> {
              server.restore(opened, ProgressListener.NONE);
              server.checkpointEvery(CHECKPOINT_AT, taken -> {});
            });

    assertThat(resumed.losses()).isEqualTo(afterCheckpoint(undisturbed));
    assertThat(resumed.dense()).isEqualTo(undisturbed.dense());
    assertThat(resumed.digests()).isEqualTo(undisturbed.digests());
  }

  @Test
  void goesOnWithOtherNumbersOfServersAndWorkers() throws Exception {
    Result undisturbed = training.run(new Layout(3, 2), STEPS);
    Path checkpoint = checkpoint(new Layout(3, 2), "c");
    for (Layout other : List.of(new Layout(1, 1), new Layout(2, 4), new Layout(4, 1))) {
      Result resumed = goOn(other, checkpoint);
      for (int i = 0; i < resumed.losses().size(); i++) {
        double expected = afterCheckpoint(undisturbed).get(i);
        assertThat(resumed.losses().get(i)).isCloseTo(expected, within(1e-5 * expected + 1e-6));
      }
      assertThat(resumed.dense()).containsExactly(undisturbed.dense(), within(1e-5f));
    }
  }

  /** Each server writes its ranges, and takes the ranges of its new place. */
  @Test
  void anotherNumberOfServersHasTheSameValuesAndSlots() throws Exception {
    Checkpoint two = Checkpoint.open(conf, checkpoint(new Layout(2, 2), "two"));
    Path staging = path("_staging-three");
    for (int index = 0; index < 3; index++) {
      AmsServerOptions options =
          Gang.options(
              index,
              3,
              2,
              false,
              MissingImages.ZERO,
              Staleness.SYNCHRONOUS,
              Gang.TIMEOUT_MS,
              EmbeddingOptions.everyId(Gang.EMBEDDING_BYTES),
              1);
      try (SubModel subModel =
              new SubModel(
                  NetworkLayout.of(DIMENSION),
                  false,
                  SEED,
                  new Adam(),
                  index,
                  3,
                  ComputeCrew.alone());
          EmbeddingTable embeddings =
              new EmbeddingTable(
                  Gang.EMBEDDING_DIMENSION,
                  SEED,
                  new Adam(),
                  0,
                  options.embeddings(),
                  new MemoryBudget("the test's embeddings", "", Gang.EMBEDDING_BYTES))) {
        ServerState state =
            new ServerState(
                options,
                options.subModel().decide(DIMENSION),
                subModel,
                embeddings,
                new DenseParameters(index, 3, new Adam()));
        state.restore(two, ProgressListener.NONE);
        new CheckpointPartWriter(conf).write(state.snapshot(CHECKPOINT_AT), staging);
      }
    }
    new CheckpointCommitter(conf).commit(staging, path("three"), 3, identity());
    Checkpoint three = Checkpoint.open(conf, path("three"));

    NetworkLayout layout = NetworkLayout.of(DIMENSION);
    for (String network : List.of("ad", "behavior")) {
      assertSame(
          three.network(network, layout, new Adam()), two.network(network, layout, new Adam()));
      assertThat(two.networkUpdates(network)).isEqualTo(CHECKPOINT_AT);
      assertThat(three.networkUpdates(network)).isEqualTo(CHECKPOINT_AT);
    }
    assertSame(three.dense(new Adam()), two.dense(new Adam()));
    Map<String, FloatTensor> middle =
        new SafeTensors(conf).read(new Path(path("three"), "sub_model/part-00001.safetensors"));
    int third = layout.length() / 3;
    assertThat(middle.keySet()).contains("ad.fc2.weight.value", "behavior.fc2.weight.first_moment");
    assertThat(
            middle.entrySet().stream()
                .filter(entry -> entry.getKey().matches("ad\\..*\\.second_moment"))
                .mapToInt(entry -> entry.getValue().values().length)
                .sum())
        .isBetween(third, third + 1);
  }

  private static void assertSame(OptimizerState found, OptimizerState expected) {
    assertThat(found.values()).isEqualTo(expected.values());
    assertThat(found.slots()).isDeepEqualTo(expected.slots());
    assertThat(Arrays.equals(found.slots()[1], new float[found.length()])).as("zeros").isFalse();
  }

  /** A server that goes on from another training is found out before a step is made. */
  @Test
  void serversThatGoOnFromDifferentCheckpointsAreRefused() throws Exception {
    Checkpoint one = Checkpoint.open(conf, checkpoint(new Layout(2, 1), "one"));
    ToyTraining other =
        new ToyTraining(snapshot, step -> batch(step == CHECKPOINT_AT - 1 ? 99 : step));
    Checkpoint another = Checkpoint.open(conf, checkpoint(other, new Layout(2, 1), "another"));
    AtomicInteger index = new AtomicInteger();
    try (Gang gang =
            new Gang(
                snapshot,
                2,
                1,
                false,
                Gang.TIMEOUT_MS,
                server ->
                    server.restore(
                        index.getAndIncrement() == 0 ? one : another, ProgressListener.NONE));
        GrpcAmsClient client = gang.client(0)) {
      client.join(ToyWorker.initialDense());
      List<String> before = gang.servers.stream().map(AmsServer::subModelDigest).toList();
      assertThat(before.get(0)).isNotEqualTo(before.get(1));
      assertThatThrownBy(() -> new ToyWorker(client).step(CHECKPOINT_AT, batch(CHECKPOINT_AT)))
          .hasMessageMatching(
              "Cannot make step 6: before it the sub-model of server [01] had the CRC-32C"
                  + " [0-9a-f]{8}, that of server [01] [0-9a-f]{8}\\. Train again, .*")
          .extracting(e -> ((DicmException) e).code())
          .isEqualTo(ErrorCode.INTERNAL);
      assertThat(gang.servers.stream().map(AmsServer::subModelDigest).toList()).isEqualTo(before);
    }
  }

  @Test
  void aCheckpointWithoutTheLearnedCodeOfMissingImagesIsNotForATrainingWithIt() throws Exception {
    Checkpoint opened = Checkpoint.open(conf, checkpoint(new Layout(1, 1), "c"));
    int length = NetworkLayout.of(DIMENSION).length();
    assertThatThrownBy(
            () ->
                new Gang(
                    snapshot,
                    1,
                    1,
                    false,
                    MissingImages.LEARNED,
                    Gang.TIMEOUT_MS,
                    server -> server.restore(opened, ProgressListener.NONE)))
        .hasMessage(
            "Cannot restore the checkpoint: its number of parameters in the network 'ad' is "
                + length
                + ", needed "
                + (length + 12)
                + ".");
  }

  /** The state is shared with the writer until it changes: what comes after must not show. */
  @Test
  void whatIsTrainedWhileACheckpointIsWrittenIsNotInIt() throws Exception {
    Layout layout = new Layout(2, 1);
    Path still = checkpoint(layout, "still");
    Path staging = path("_staging-moving");
    // With one worker a step is asked for when the one before is trained everywhere.
    CountDownLatch trainedOn = new CountDownLatch(1);
    ToyTraining watched =
        new ToyTraining(
            training.snapshot(),
            step -> {
              if (step == CHECKPOINT_AT + 2) {
                trainedOn.countDown();
              }
              return training.batches().apply(step);
            });
    watched.run(
        layout,
        STEPS,
        server ->
            server.checkpointEvery(
                CHECKPOINT_AT,
                taken -> {
                  if (taken.steps() == CHECKPOINT_AT) {
                    awaitOpen(trainedOn);
                    new CheckpointPartWriter(conf).write(taken, staging);
                  }
                }));
    new CheckpointCommitter(conf).commit(staging, path("moving"), 2, identity());

    assertThat(Checkpoint.open(conf, path("moving")).manifest())
        .isEqualTo(Checkpoint.open(conf, still).manifest());
  }

  @Test
  void aWorkerThatHadFinishedLeavesAgain() throws Exception {
    Path checkpoint = checkpoint(new Layout(1, 1), "c");
    Checkpoint opened = Checkpoint.open(conf, checkpoint);
    try (Gang gang =
            new Gang(
                snapshot,
                1,
                2,
                false,
                Gang.TIMEOUT_MS,
                server -> server.restore(opened, ProgressListener.NONE));
        GrpcAmsClient finished = gang.client(0);
        GrpcAmsClient other = gang.client(1)) {
      assertThat(finished.join(ToyWorker.initialDense()).firstStep()).isEqualTo(CHECKPOINT_AT);
      other.join(ToyWorker.initialDense());
      finished.leave(CHECKPOINT_AT - 3);
      assertThat(new ToyWorker(other).step(CHECKPOINT_AT, batch(CHECKPOINT_AT))).isPositive();
    }
  }

  @Test
  void refusesACheckpointThatIsNotWhole() throws Exception {
    Path checkpoint = checkpoint(new Layout(2, 1), "c");
    java.nio.file.Path local = directory.resolve("c");
    // The local file system has checksums of its own, others have not.
    Files.delete(local.resolve("dense/.part-00001.safetensors.crc"));

    Files.move(local.resolve("dense/part-00001.safetensors"), directory.resolve("moved"));
    assertCorrupt(checkpoint, "dense/part-00001.safetensors is missing");
    Files.write(local.resolve("dense/part-00001.safetensors"), new byte[10]);
    assertCorrupt(checkpoint, "dense/part-00001.safetensors has 10 bytes, needed ");
    byte[] flipped = Files.readAllBytes(directory.resolve("moved"));
    flipped[flipped.length - 1] ^= 1;
    Files.write(local.resolve("dense/part-00001.safetensors"), flipped);
    assertCorrupt(checkpoint, "the bytes of dense/part-00001.safetensors have changed");

    Files.delete(local.resolve("_SUCCESS"));
    assertThatThrownBy(() -> Checkpoint.open(conf, checkpoint))
        .hasMessageContaining("it has no _SUCCESS")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.INPUT_MISSING);
  }

  private void assertCorrupt(Path checkpoint, String why) {
    assertThatThrownBy(() -> Checkpoint.open(conf, checkpoint).verifyDigests())
        .hasMessageContaining(why)
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.STORE_CORRUPT);
  }

  @Test
  void commitsNothingWhenAPartIsMissing() throws Exception {
    Path staging = path("_staging-c");
    training.run(
        new Layout(2, 1),
        CHECKPOINT_AT,
        server ->
            server.checkpointEvery(
                CHECKPOINT_AT,
                taken -> {
                  if (taken.server() == 0) {
                    new CheckpointPartWriter(conf).write(taken, staging);
                  }
                }));

    assertThatThrownBy(
            () -> new CheckpointCommitter(conf).commit(staging, path("c"), 2, identity()))
        .hasMessageContaining("parts/part-00001.json: there is no such file");
    assertThat(directory.resolve("c")).doesNotExist();
  }

  /** Nobody else compares the replicas after the last step. */
  @Test
  void commitsNothingWhenReplicasDiffer() throws Exception {
    Path staging = path("_staging-c");
    Layout layout = new Layout(2, 2, Staleness.ASYNCHRONOUS);
    training.run(
        layout,
        CHECKPOINT_AT,
        server ->
            server.checkpointEvery(
                CHECKPOINT_AT, taken -> new CheckpointPartWriter(conf).write(taken, staging)));
    java.nio.file.Path part = directory.resolve("_staging-c/parts/part-00001.json");
    String right = Files.readString(part);
    Matcher checksum = Pattern.compile("(\"subModelChecksum\" : \")([0-9a-f]{8})").matcher(right);
    assertThat(checksum.find()).isTrue();
    String same = checksum.group(2);
    Files.deleteIfExists(part.resolveSibling(".part-00001.json.crc"));
    Files.writeString(part, checksum.replaceFirst("$10badc0de"));

    assertThatThrownBy(
            () -> new CheckpointCommitter(conf).commit(staging, path("c"), 2, identity()))
        .hasMessage(
            "Cannot commit the checkpoint of step 6: the sub-model of server 0 has the CRC-32C "
                + same
                + ", that of server 1 0badc0de. Train again, or go on from an earlier checkpoint; if"
                + " it happens again, look at the machines' memory.")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.INTERNAL);
    assertThat(directory.resolve("c")).doesNotExist();

    Files.writeString(part, right);
    new CheckpointCommitter(conf).commit(staging, path("c"), 2, identity());
    Checkpoint.open(conf, path("c"));
  }

  @Test
  void opensNoCheckpointOfReplicasThatDiffered() throws Exception {
    Path checkpoint = checkpoint(new Layout(2, 1), "c");
    java.nio.file.Path manifest = directory.resolve("c/checkpoint.json");
    Files.deleteIfExists(directory.resolve("c/.checkpoint.json.crc"));
    String right = Files.readString(manifest);
    String checksums = "\"subModelChecksum\" : \"[0-9a-f]{8}\"";
    Files.writeString(
        manifest, right.replaceFirst(checksums, "\"subModelChecksum\" : \"0badc0de\""));
    assertCorrupt(checkpoint, "its parts are of servers whose replicas of the sub-model differed");

    // As earlier versions wrote it.
    String without = right.replaceAll(checksums + ",", "");
    assertThat(without).isNotEqualTo(right);
    Files.writeString(manifest, without);
    Checkpoint.open(conf, checkpoint).verifyDigests();
  }

  @Test
  void doesNotCommitIntoACheckpointThatIsThere() throws Exception {
    Path there = checkpoint(new Layout(1, 1), "c");
    assertThatThrownBy(
            () -> new CheckpointCommitter(conf).commit(path("other"), there, 1, identity()))
        .hasMessage("Cannot commit the checkpoint: " + there + " is there already.");
  }

  @Test
  void refusesACheckpointOfAnotherTraining() throws Exception {
    Checkpoint opened = Checkpoint.open(conf, checkpoint(new Layout(1, 1), "c"));
    InMemorySnapshot wider = InMemorySnapshot.random(IMAGES, DIMENSION + 1, 5);

    assertThatThrownBy(
            () ->
                new Gang(
                    wider,
                    1,
                    1,
                    false,
                    Gang.TIMEOUT_MS,
                    server -> server.restore(opened, ProgressListener.NONE)))
        .hasMessage("Cannot restore the checkpoint: its image vectors' length is 16, needed 17.");
    assertThatThrownBy(
            () ->
                new Gang(
                    snapshot,
                    1,
                    1,
                    true,
                    Gang.TIMEOUT_MS,
                    server -> server.restore(opened, ProgressListener.NONE)))
        .hasMessageContaining("it has the networks [ad, behavior], needed 'shared'");
  }

  @Test
  void aSnapshotThatCannotBeWrittenFailsTheNextOne() {
    try (Gang gang =
            new Gang(
                snapshot,
                1,
                1,
                false,
                Gang.TIMEOUT_MS,
                server ->
                    server.checkpointEvery(
                        1,
                        taken -> {
                          throw new IOException("the disk is full");
                        }));
        GrpcAmsClient client = gang.client(0)) {
      client.join(ToyWorker.initialDense());
      ToyWorker worker = new ToyWorker(client);
      worker.step(0, batch(0));
      assertThatThrownBy(() -> worker.step(1, batch(1)))
          .hasMessageContaining("Cannot write the checkpoint: the disk is full")
          .extracting(e -> ((DicmException) e).code())
          .isEqualTo(ErrorCode.STORAGE_FAILED);
    }
  }
}
