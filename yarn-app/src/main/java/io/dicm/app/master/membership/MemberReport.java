package io.dicm.app.master.membership;

import io.dicm.app.rpc.proto.GpuMeasures;
import io.dicm.app.rpc.proto.HeartbeatRequest;
import io.dicm.app.rpc.proto.MemberState;
import io.dicm.app.rpc.proto.ServingMeasures;
import io.dicm.app.rpc.proto.TrainingMeasures;
import java.util.List;
import java.util.Optional;

/**
 * What a member said last.
 *
 * @param state where it is
 * @param address host:port of a server's model service, or the empty string
 * @param done units of work finished
 * @param total units of work planned; 0 while unknown
 * @param note a few words for a person
 * @param errorCode name of an {@code ErrorCode} when failed, else the empty string
 * @param errorMessage one sentence when failed, else the empty string
 * @param peakResidentBytes most memory resident so far
 * @param checkpointSteps finished steps of the last checkpoint of which a server has written its
 *     part; {@value #NO_CHECKPOINT} when it has written none
 * @param residentBytes memory resident now; 0 while unknown
 * @param training what a worker measured; nothing before its first step
 * @param serving what a server has done; nothing before it serves
 * @param gpus those that it computes on; none where they cannot be measured
 */
public record MemberReport(
    MemberState state,
    String address,
    long done,
    long total,
    String note,
    String errorCode,
    String errorMessage,
    long peakResidentBytes,
    long checkpointSteps,
    long residentBytes,
    Optional<TrainingMeasures> training,
    Optional<ServingMeasures> serving,
    List<GpuMeasures> gpus) {
  /** Of a member that has written no part of a checkpoint. */
  public static final long NO_CHECKPOINT = -1;

  /** Of a member that was launched and has said nothing. */
  public static final MemberReport SILENT =
      new MemberReport(MemberState.STARTING, "", 0, 0, "", "", "", 0, NO_CHECKPOINT);

  public MemberReport {
    gpus = List.copyOf(gpus);
  }

  /** Of a member that has measured nothing. */
  public MemberReport(
      MemberState state,
      String address,
      long done,
      long total,
      String note,
      String errorCode,
      String errorMessage,
      long peakResidentBytes,
      long checkpointSteps) {
    this(
        state,
        address,
        done,
        total,
        note,
        errorCode,
        errorMessage,
        peakResidentBytes,
        checkpointSteps,
        0,
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  /** What a heartbeat says. */
  public static MemberReport of(HeartbeatRequest heartbeat) {
    return new MemberReport(
        heartbeat.getState(),
        heartbeat.getAddress(),
        heartbeat.getDone(),
        heartbeat.getTotal(),
        heartbeat.getNote(),
        heartbeat.getErrorCode(),
        heartbeat.getErrorMessage(),
        heartbeat.getPeakResidentBytes(),
        heartbeat.hasCheckpointSteps() ? heartbeat.getCheckpointSteps() : NO_CHECKPOINT,
        heartbeat.getResidentBytes(),
        heartbeat.hasTraining() ? Optional.of(heartbeat.getTraining()) : Optional.empty(),
        heartbeat.hasServing() ? Optional.of(heartbeat.getServing()) : Optional.empty(),
        heartbeat.getGpusList());
  }

  /** The share of its planned work that is done: more than 1 where it did others' work too. */
  public float fraction() {
    if (total <= 0) {
      return reached(MemberState.WORK_DONE) ? 1 : 0;
    }
    return (float) done / total;
  }

  /** Whether it failed for what its node lacks and another may have. */
  public boolean needsAnotherNode() {
    return state == MemberState.FAILED
        && Recovery.of(FailureJudge.codeOf(errorCode)) == Recovery.ELSEWHERE;
  }

  /** Whether it is in this state or a later one; a failed member has reached nothing. */
  public boolean reached(MemberState least) {
    return state != MemberState.FAILED && state.compareTo(least) >= 0;
  }
}
