package io.dicm.app.master.stage;

import io.dicm.ams.checkpoint.CheckpointManifest;
import io.dicm.app.master.checkpoint.CheckpointCoordinator;
import io.dicm.app.master.checkpoint.CheckpointOrigin;
import io.dicm.app.master.checkpoint.CheckpointSettings;
import io.dicm.app.master.checkpoint.CheckpointStore;
import io.dicm.app.master.checkpoint.StartPoint;
import io.dicm.app.master.checkpoint.WarmStart;
import io.dicm.app.master.rm.RoleRequest;
import io.dicm.app.master.stop.StopRequest;
import io.dicm.app.master.stop.TrainingEnd;
import io.dicm.app.rpc.proto.Assignment;
import io.dicm.app.rpc.proto.Checkpointing;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.lease.LeaseLedger;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/**
 * Runs one incarnation after the other of a training's gang. Each has its own staging directories,
 * for the model and for checkpoints: what a lost process of an earlier one still writes harms no
 * later one.
 */
final class TrainingGang implements TrainingAttempt {
  private final StageContext context;
  private final GangRunner gangs;
  private final List<RoleRequest> requests;
  private final MemoryGrowth growth;
  private final Path model;
  private final CheckpointStore store;
  private final CheckpointManifest identity;
  private final CheckpointOrigin origin;
  private final CheckpointSettings checkpoints;
  private final Optional<WarmStart> warm;
  private final Optional<LeaseLedger> leases;
  private final TrainingJournal journal;
  private final StopRequest stop;
  private final ProgressListener progress;

  /**
   * @param requests as configured
   * @param identity of the checkpoints, without steps and parts
   * @param origin of the checkpoints
   * @param warm what the training begins with; nothing for initial values
   * @param leases of the training samples, of all incarnations: so a worker's place in them stays
   *     what it was
   * @param journal of the training, kept before anything of it is published
   * @param stop by which the training ends before it is done
   */
  TrainingGang(
      StageContext context,
      GangRunner gangs,
      List<RoleRequest> requests,
      MemoryGrowth growth,
      CheckpointStore store,
      CheckpointManifest identity,
      CheckpointOrigin origin,
      Optional<WarmStart> warm,
      Optional<LeaseLedger> leases,
      TrainingJournal journal,
      StopRequest stop,
      ProgressListener progress) {
    this.context = context;
    this.gangs = gangs;
    this.requests = List.copyOf(requests);
    this.growth = growth;
    this.model = context.settings().workspace().model(context.settings().run());
    this.store = store;
    this.identity = identity;
    this.origin = origin;
    this.checkpoints = CheckpointSettings.of(context.conf());
    this.warm = warm;
    this.leases = leases;
    this.journal = journal;
    this.stop = stop;
    this.progress = progress;
  }

  @Override
  public GangOutcome run(long epoch, StartPoint start, Restarts restarts)
      throws IOException, InterruptedException {
    stop.endIfAsked("before its training was started again");
    try (DirectoryPublisher publisher = new DirectoryPublisher(context.hadoop(), model);
        TrainingEnd end =
            new TrainingEnd(
                stop,
                checkpoints.patience(),
                System::nanoTime,
                steps -> store.directory(steps).toString())) {
      GangOutcome outcome =
          gangs.run(
              new GangPlan(
                  requests.stream().map(growth::applied).toList(),
                  context.threads(),
                  work(epoch, start, publisher.staging()),
                  leases),
              new TrainingProgress(progress, restarts, coordinator(epoch, start), journal, end));
      if (outcome instanceof GangOutcome.Finished) {
        journal.keep();
        publisher.publish();
      }
      return outcome;
    } finally {
      store.deleteStaging(epoch);
    }
  }

  private Assignment work(long epoch, StartPoint start, Path output) {
    Assignment.Builder work =
        Assignment.newBuilder()
            .setOutputDirectory(output.toString())
            .setExtractorId(origin.extractorId())
            .setEpoch(epoch)
            .setStart(start.orders());
    warm.ifPresent(from -> work.setBeginning(from.beginning()));
    if (checkpoints.enabled()) {
      work.setCheckpointing(
          Checkpointing.newBuilder()
              .setStepsBetween(checkpoints.stepsBetween())
              .setStagingDirectory(store.staging(epoch).toString()));
    }
    return work.build();
  }

  private Optional<CheckpointCoordinator> coordinator(long epoch, StartPoint start) {
    if (!checkpoints.enabled()) {
      return Optional.empty();
    }
    return Optional.of(
        new CheckpointCoordinator(
            context.hadoop(), store, checkpoints, identity, origin, epoch, start.firstStep()));
  }
}
