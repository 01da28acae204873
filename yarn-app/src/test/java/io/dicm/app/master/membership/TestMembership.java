package io.dicm.app.master.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.app.launch.Member;
import io.dicm.app.launch.Role;
import io.dicm.app.rpc.proto.MemberState;
import io.dicm.app.rpc.proto.Order;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestMembership {
  private static final long SILENCE_MS = 60_000;
  private static final long GRACE_MS = 5_000;
  private static final List<String> SERVERS = List.of("s0", "s1");
  private static final List<String> WORKERS = List.of("w0", "w1");

  private long nowMs;
  private final Membership gang = new Membership(SILENCE_MS, GRACE_MS, () -> nowMs);

  @BeforeEach
  void registerAll() {
    for (int i = 0; i < 2; i++) {
      gang.add(SERVERS.get(i), new Member(Role.SERVER, i));
      gang.add(WORKERS.get(i), new Member(Role.WORKER, i));
    }
    SERVERS.forEach(gang::register);
    WORKERS.forEach(gang::register);
  }

  @Test
  void ordersFollowTheStates() {
    assertThat(say("s0", MemberState.READY)).isEqualTo(Order.WAIT);
    assertThat(say("w0", MemberState.READY)).isEqualTo(Order.WAIT);
    assertThat(say("w1", MemberState.READY)).isEqualTo(Order.WAIT);
    assertThat(gang.notReady()).containsExactly(new Member(Role.SERVER, 1));
    assertThat(say("s1", MemberState.READY)).isEqualTo(Order.RUN);

    assertThat(say("w0", MemberState.READY)).as("servers first").isEqualTo(Order.WAIT);
    assertThat(say("s0", MemberState.RUNNING)).isEqualTo(Order.RUN);
    assertThat(say("s1", MemberState.RUNNING)).isEqualTo(Order.RUN);
    assertThat(say("w0", MemberState.READY)).isEqualTo(Order.RUN);
    assertThat(say("w1", MemberState.RUNNING)).isEqualTo(Order.RUN);

    assertThat(say("w0", MemberState.WORK_DONE)).isEqualTo(Order.RUN);
    assertThat(say("w1", MemberState.WORK_DONE)).isEqualTo(Order.WRITE_OUTPUT);
    assertThat(say("s0", MemberState.OUTPUT_WRITTEN)).isEqualTo(Order.WRITE_OUTPUT);
    assertThat(say("w1", MemberState.OUTPUT_WRITTEN)).isEqualTo(Order.WRITE_OUTPUT);
    assertThat(say("s1", MemberState.OUTPUT_WRITTEN)).isEqualTo(Order.WRITE_OUTPUT);
    assertThat(gang.checkFinished()).isFalse();
    assertThat(say("w0", MemberState.OUTPUT_WRITTEN)).isEqualTo(Order.STOP);
    assertThat(gang.checkFinished()).isTrue();
  }

  @Test
  void addressesAreByIndex() {
    gang.heartbeat("s1", report(MemberState.READY, "node2:2", "", ""));
    gang.heartbeat("s0", report(MemberState.READY, "node1:1", "", ""));

    assertThat(gang.serverAddresses()).containsExactly("node1:1", "node2:2");
  }

  @Test
  void progressIsTheWorkersMean() {
    gang.heartbeat("w0", new MemberReport(MemberState.RUNNING, "", 50, 100, "loss", "", "", 7, -1));
    gang.heartbeat("w1", new MemberReport(MemberState.WORK_DONE, "", 0, 0, "", "", "", 9, -1));
    gang.heartbeat("s0", new MemberReport(MemberState.RUNNING, "", 0, 0, "", "", "", 3, -1));

    assertThat(gang.fraction()).isEqualTo(0.75f);
    assertThat(gang.note()).isEqualTo("loss");
    assertThat(gang.peakResidentBytes())
        .containsEntry(Role.WORKER, 9L)
        .containsEntry(Role.SERVER, 3L);
  }

  /** With leases a fast worker does more than its equal part, a slow one that much less. */
  @Test
  void progressIsThatOfAllWorkTogether() {
    gang.heartbeat("w0", new MemberReport(MemberState.RUNNING, "", 125, 100, "", "", "", 7, -1));
    gang.heartbeat("w1", new MemberReport(MemberState.RUNNING, "", 25, 100, "", "", "", 9, -1));
    assertThat(gang.fraction()).isEqualTo(0.75f);

    gang.heartbeat("w0", new MemberReport(MemberState.WORK_DONE, "", 150, 100, "", "", "", 7, -1));
    assertThat(gang.fraction()).isEqualTo(0.875f);
    gang.heartbeat("w1", new MemberReport(MemberState.RUNNING, "", 60, 100, "", "", "", 9, -1));
    assertThat(gang.fraction()).isEqualTo(1);

    gang.heartbeat("w1", new MemberReport(MemberState.WORK_DONE, "", 49, 100, "", "", "", 9, -1));
    assertThat(gang.fraction()).isEqualTo(1);
  }

  @Test
  void strangersAreStopped() {
    assertThat(gang.register("x")).isFalse();
    assertThat(say("x", MemberState.READY)).isEqualTo(Order.STOP);
  }

  @Test
  void ownErrorIsTheCauseAndStopsTheOthers() {
    gang.heartbeat(
        "w1", report(MemberState.FAILED, "", "STORE_CORRUPT", "Cannot read /x: it is short."));

    assertThat(say("s0", MemberState.RUNNING)).isEqualTo(Order.STOP);
    assertThatThrownBy(gang::checkFinished)
        .isInstanceOf(DicmException.class)
        .hasMessageStartingWith("Cannot read /x: it is short. (worker 1, w1")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.STORE_CORRUPT);
  }

  @Test
  void deadContainerIsTheCauseOfOthersComplaints() {
    gang.heartbeat("w0", report(MemberState.FAILED, "", "SERVICE_UNAVAILABLE", "No answer."));
    assertThatCode(gang::checkFinished).doesNotThrowAnyException();
    gang.ended("w0", 9, "");

    nowMs += 1_000;
    gang.ended("s0", 137, "[2026-01-01 10:00:00.1]Container killed on request.\nMore lines");

    assertThatThrownBy(gang::checkFinished)
        .hasMessage(
            "The container of server 0, s0, ended with exit status 137: Container killed on request.")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.CONTAINER_FAILED);
  }

  @Test
  void complaintIsTheCauseWhenNothingBetterComes() {
    gang.heartbeat("w0", report(MemberState.FAILED, "", "WINDOW_TIMED_OUT", "Step 3 waited."));
    say("w1", MemberState.RUNNING);
    gang.ended("w1", 11, "stopped by the master");

    nowMs += GRACE_MS;

    assertThatThrownBy(gang::checkFinished)
        .hasMessageContaining("Step 3 waited.")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.WINDOW_TIMED_OUT);
  }

  @Test
  void endBeforeTheOrderIsAFailureWhateverTheStatus() {
    gang.ended("w0", 0, "");

    assertThatThrownBy(gang::checkFinished)
        .hasMessageContaining("worker 0, w0, ended with exit status 0");
  }

  @Test
  void endBeforeTheContainerIsAMemberIsAFailure() {
    gang.ended("w2", -100, "Container released by the node");
    assertThatCode(gang::checkFinished).doesNotThrowAnyException();

    gang.add("w2", new Member(Role.WORKER, 2));

    assertThatThrownBy(gang::checkFinished)
        .hasMessage(
            "The container of worker 2, w2, ended with exit status -100: Container released by the node");
    assertThat(gang.running()).doesNotContain("w2");
  }

  @Test
  void whetherARestartHelpsFollowsTheCause() {
    gang.heartbeat("w0", report(MemberState.FAILED, "", "SERVICE_UNAVAILABLE", "No answer."));
    gang.ended("s0", -102, "Container preempted by scheduler");

    assertThatThrownBy(gang::checkFinished)
        .satisfies(
            e -> assertThat(gang.recoveryFrom((DicmException) e)).isEqualTo(Recovery.FREE_RESTART));
  }

  /** The node's words on too much memory, and Java's exit status of a heap that was too small. */
  @ParameterizedTest
  @ValueSource(ints = {-103, -104, 3})
  void theRoleThatWasShortOfMemoryIsKnown(int exitStatus) {
    gang.ended("s1", exitStatus, "beyond the limit");

    assertThatThrownBy(gang::checkFinished)
        .satisfies(e -> assertThat(gang.shortOfMemory((DicmException) e)).contains(Role.SERVER));
    assertThat(gang.shortOfMemory(new DicmException(ErrorCode.STORAGE_FAILED, "The master's own.")))
        .isEmpty();
  }

  @Test
  void anotherEndIsNoLackOfMemory() {
    gang.ended("s1", 137, "killed");

    assertThatThrownBy(gang::checkFinished)
        .satisfies(e -> assertThat(gang.shortOfMemory((DicmException) e)).isEmpty());
  }

  @Test
  void ownMistakesAreNotMendedByARestart() {
    gang.heartbeat("s0", report(MemberState.FAILED, "", "MEMORY_PLAN_TOO_LARGE", "Too large."));
    gang.ended("s1", 137, "killed");

    assertThatThrownBy(gang::checkFinished)
        .hasMessageStartingWith("Too large.")
        .satisfies(e -> assertThat(gang.recoveryFrom((DicmException) e)).isEqualTo(Recovery.NONE));
    assertThat(gang.recoveryFrom(new DicmException(ErrorCode.STORAGE_FAILED, "The master's own.")))
        .isEqualTo(Recovery.RESTART);
  }

  /** Each tells of its own node; what stopped others at their work does not. */
  @Test
  void membersOnNodesThatLackSomethingAreKnown() {
    gang.heartbeat("w0", report(MemberState.FAILED, "", "GPU_UNAVAILABLE", "Without cuDNN 9."));
    gang.heartbeat("s1", report(MemberState.FAILED, "", "GPU_UNAVAILABLE", "Without NCCL 2."));
    gang.heartbeat("w1", report(MemberState.FAILED, "", "STORAGE_FAILED", "Cannot go on."));
    say("s0", MemberState.STARTING);

    assertThat(gang.members())
        .filteredOn(seen -> seen.report().needsAnotherNode())
        .extracting(Membership.Seen::containerId)
        .containsExactlyInAnyOrder("w0", "s1");
    assertThatThrownBy(gang::checkFinished)
        .hasMessageStartingWith("Without cuDNN 9. (worker 0, w0")
        .satisfies(
            e -> assertThat(gang.recoveryFrom((DicmException) e)).isEqualTo(Recovery.ELSEWHERE));
  }

  @Test
  void checkpointsAreKnownByServer() {
    assertThat(gang.checkpointSteps()).containsExactly(-1L, -1L);
    gang.heartbeat("s0", new MemberReport(MemberState.RUNNING, "", 0, 0, "", "", "", 0, 200));
    gang.heartbeat("w0", new MemberReport(MemberState.RUNNING, "", 7, 9, "", "", "", 0, -1));

    assertThat(gang.checkpointSteps()).containsExactlyInAnyOrder(200L, -1L);
    assertThat(gang.done()).isEqualTo(7);
  }

  @Test
  void silenceIsAFailure() {
    nowMs += SILENCE_MS;
    assertThatCode(gang::checkFinished).doesNotThrowAnyException();
    nowMs += 1;
    gang.checkFinished();
    nowMs += GRACE_MS;

    assertThatThrownBy(gang::checkFinished).hasMessageContaining("has not been heard of for");
  }

  @Test
  void endAfterStopIsExpected() {
    gang.stop();
    SERVERS.forEach(id -> gang.ended(id, 143, "killed"));
    WORKERS.forEach(id -> gang.ended(id, 0, ""));

    assertThatCode(gang::checkFinished).doesNotThrowAnyException();
    assertThat(gang.isEmpty()).isTrue();
    assertThat(gang.running()).isEmpty();
  }

  private Order say(String id, MemberState state) {
    return gang.heartbeat(id, report(state, "", "", ""));
  }

  private static MemberReport report(
      MemberState state, String address, String code, String message) {
    return new MemberReport(state, address, 0, 0, "", code, message, 0, -1);
  }
}
