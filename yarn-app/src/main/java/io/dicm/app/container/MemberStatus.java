package io.dicm.app.container;

import io.dicm.app.rpc.proto.GpuMeasures;
import io.dicm.app.rpc.proto.HeartbeatRequest;
import io.dicm.app.rpc.proto.MemberState;
import io.dicm.app.rpc.proto.ServingMeasures;
import io.dicm.app.rpc.proto.TrainingMeasures;
import io.dicm.common.error.DicmException;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.train.TrainingCurve;
import io.dicm.trainer.train.TrainingListener;
import java.util.List;
import java.util.Optional;

/** What this container's next heartbeat says. Safe for use by many threads. */
public final class MemberStatus implements ProgressListener, TrainingListener {
  private static final int MOST_MESSAGE_CHARACTERS = 2000;

  private final HeartbeatRequest.Builder next = HeartbeatRequest.newBuilder();

  public MemberStatus(String containerId) {
    next.setContainerId(containerId).setState(MemberState.STARTING);
  }

  /** Goes on to a state. */
  public synchronized void state(MemberState state) {
    next.setState(state);
  }

  /** A server that is ready, and where it listens. */
  public synchronized void ready(String address) {
    next.setAddress(address).setState(MemberState.READY);
  }

  /**
   * A server that has written its part of a checkpoint.
   *
   * @param steps finished, at the checkpoint
   */
  public synchronized void checkpointWritten(long steps) {
    next.setCheckpointSteps(steps);
  }

  /** The end of this member. */
  public synchronized void failed(DicmException failure) {
    String message = String.valueOf(failure.getMessage());
    next.setState(MemberState.FAILED)
        .setErrorCode(failure.code().name())
        .setErrorMessage(message.substring(0, Math.min(message.length(), MOST_MESSAGE_CHARACTERS)));
  }

  @Override
  public synchronized void progress(long done, long total, String note) {
    next.setDone(done).setTotal(total).setNote(note);
  }

  @Override
  public synchronized void measured(
      long steps, double runningLoss, Optional<TrainingCurve.Progressive> ranking) {
    TrainingMeasures.Builder training =
        TrainingMeasures.newBuilder().setSteps(steps).setLoss(runningLoss);
    ranking.map(TrainingCurve.Progressive::auc).ifPresent(training::setAuc);
    ranking.map(TrainingCurve.Progressive::gauc).ifPresent(training::setGauc);
    next.setTraining(training);
  }

  /** What a server has done so far. */
  public synchronized void served(ServingMeasures measures) {
    next.setServing(measures);
  }

  /** How the GPUs are that this container computes on. */
  public synchronized void gpus(List<GpuMeasures> measures) {
    next.clearGpus().addAllGpus(measures);
  }

  /** The heartbeat. */
  synchronized HeartbeatRequest heartbeat() {
    return next.setPeakResidentBytes(ProcessMemory.peakResidentBytes())
        .setResidentBytes(ProcessMemory.residentBytes())
        .build();
  }
}
