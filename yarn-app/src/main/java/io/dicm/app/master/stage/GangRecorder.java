package io.dicm.app.master.stage;

import io.dicm.app.launch.Member;
import io.dicm.app.launch.Role;
import io.dicm.app.master.history.ContainerRecord;
import io.dicm.app.master.history.GpuUse;
import io.dicm.app.master.history.RunHistory;
import io.dicm.app.master.history.TrainingSample;
import io.dicm.app.master.membership.MemberReport;
import io.dicm.app.master.membership.Membership;
import io.dicm.app.rpc.proto.GpuMeasures;
import io.dicm.app.rpc.proto.MemberState;
import io.dicm.app.rpc.proto.ServingMeasures;
import io.dicm.app.rpc.proto.TrainingMeasures;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.yarn.api.records.Container;

/** Keeps in the history how a gang's containers are and what its training measures. */
final class GangRecorder {
  private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final RunHistory history;
  private final GangPlan plan;
  private final Map<Member, Container> containers;
  private final ContainerLogLinks logs;
  private final String stage;
  private long recordedNanos = System.nanoTime() - INTERVAL_NANOS;

  GangRecorder(
      RunHistory history,
      GangPlan plan,
      Map<Member, Container> containers,
      ContainerLogLinks logs) {
    this.history = history;
    this.plan = plan;
    this.containers = Map.copyOf(containers);
    this.logs = logs;
    this.stage = history.running();
  }

  /** Records now, unless it just did: members may say something all the time. */
  void record(Membership membership) {
    if (System.nanoTime() - recordedNanos >= INTERVAL_NANOS) {
      keep(membership, false);
      recordedNanos = System.nanoTime();
    }
  }

  /** Records the gang's end: also what had to be stopped runs no more. */
  void last(Membership membership) {
    keep(membership, true);
  }

  private void keep(Membership membership, boolean over) {
    List<Membership.Seen> members = membership.members();
    history.seen(members.stream().map(one -> container(one, over || one.ended())).toList());
    sample(members).ifPresent(history::measured);
  }

  private ContainerRecord container(Membership.Seen seen, boolean ended) {
    Container container = containers.get(seen.member());
    MemberReport report = seen.report();
    ContainerRecord record =
        new ContainerRecord(
            seen.containerId(),
            stage,
            seen.member().role().label(),
            seen.member().index(),
            state(seen.report().state(), ended),
            container.getNodeId().toString(),
            ended ? logs.ended(container) : logs.live(container),
            plan.request(seen.member().role()).memory().totalMb(),
            plan.request(seen.member().role()).gpus(),
            ended ? 0 : report.residentBytes(),
            report.peakResidentBytes(),
            report.done(),
            report.total(),
            report.state() == MemberState.FAILED
                ? report.errorCode() + ": " + report.errorMessage()
                : report.note());
    return ended ? record : record.with(report.gpus().stream().map(GangRecorder::use).toList());
  }

  private static GpuUse use(GpuMeasures gpu) {
    return new GpuUse(
        gpu.getNumber(),
        gpu.getName(),
        gpu.getUuid().isEmpty() ? null : gpu.getUuid(),
        gpu.getUsedBytes(),
        gpu.getTotalBytes(),
        gpu.hasBusyPercent() ? gpu.getBusyPercent() : null,
        gpu.hasPowerWatts() ? gpu.getPowerWatts() : null,
        gpu.hasCelsius() ? gpu.getCelsius() : null);
  }

  private static String state(MemberState state, boolean ended) {
    if (state == MemberState.FAILED) {
      return ContainerRecord.FAILED;
    }
    return ended ? ContainerRecord.ENDED : state.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static Optional<TrainingSample> sample(List<Membership.Seen> members) {
    List<ServingMeasures> serving =
        members.stream().flatMap(one -> one.report().serving().stream()).toList();
    return members.stream()
        .filter(one -> one.member().role() == Role.WORKER && one.member().index() == 0)
        .flatMap(one -> one.report().training().stream())
        .findFirst()
        .map(training -> sample(training, serving, members));
  }

  private static TrainingSample sample(
      TrainingMeasures training, List<ServingMeasures> serving, List<Membership.Seen> members) {
    return new TrainingSample(
        System.currentTimeMillis(),
        training.getSteps(),
        training.getLoss(),
        training.hasAuc() ? training.getAuc() : null,
        training.hasGauc() ? training.getGauc() : null,
        members.stream()
            .filter(one -> one.member().role() == Role.WORKER)
            .mapToLong(one -> one.report().done())
            .sum(),
        serving.stream().mapToLong(ServingMeasures::getSteps).sum(),
        serving.stream().mapToLong(ServingMeasures::getWaitMs).sum(),
        serving.stream().mapToLong(ServingMeasures::getImageBytes).sum(),
        serving.stream().mapToLong(ServingMeasures::getRawVectorBytes).sum());
  }
}
