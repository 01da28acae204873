package io.dicm.app.master.history;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * One container of a gang, as its member and YARN described it last.
 *
 * @param containerId YARN's
 * @param stage whose gang it is in; its label
 * @param role its label
 * @param index from 0 within the role
 * @param state what the member does, or {@code ended} or {@code failed}
 * @param node its host and port
 * @param logs address of the page of its logs; empty where it is not known
 * @param memoryMb what YARN gives it
 * @param gpus what YARN gives it; 0: none, and in the histories of older versions
 * @param gpuUse how those are that it computes on; empty where that is not known, and after its end
 * @param residentBytes of its process now; 0 while unknown, and after its end
 * @param peakResidentBytes the most so far; 0 while unknown
 * @param done units of work
 * @param total units of work that are planned; 0 while unknown
 * @param note a few words for a person
 * @param firstSeenAtMs when the history had it first, milliseconds since 1970 UTC; 0 before, and in
 *     the histories of older versions
 * @param lastSeenAtMs when the history had its end, or had it last; 0 as above
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ContainerRecord(
    String containerId,
    String stage,
    String role,
    int index,
    String state,
    String node,
    String logs,
    int memoryMb,
    int gpus,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<GpuUse> gpuUse,
    long residentBytes,
    long peakResidentBytes,
    long done,
    long total,
    String note,
    long firstSeenAtMs,
    long lastSeenAtMs) {
  /** Of a container that has ended by itself or was stopped. */
  public static final String ENDED = "ended";

  /** Of a container whose member said that it failed. */
  public static final String FAILED = "failed";

  @JsonCreator
  public ContainerRecord {
    gpuUse = gpuUse == null ? List.of() : List.copyOf(gpuUse);
  }

  /** The same after its application master was lost, and it with that. */
  ContainerRecord lost() {
    return new ContainerRecord(
        containerId,
        stage,
        role,
        index,
        ENDED,
        node,
        logs,
        memoryMb,
        gpus,
        List.of(),
        0,
        peakResidentBytes,
        done,
        total,
        "ended with the application master",
        firstSeenAtMs,
        lastSeenAtMs);
  }

  /** Without what its GPUs do, as a member describes it: its history adds the times. */
  public ContainerRecord(
      String containerId,
      String stage,
      String role,
      int index,
      String state,
      String node,
      String logs,
      int memoryMb,
      int gpus,
      long residentBytes,
      long peakResidentBytes,
      long done,
      long total,
      String note) {
    this(
        containerId,
        stage,
        role,
        index,
        state,
        node,
        logs,
        memoryMb,
        gpus,
        List.of(),
        residentBytes,
        peakResidentBytes,
        done,
        total,
        note,
        0,
        0);
  }

  /** The same with what its GPUs do. */
  public ContainerRecord with(List<GpuUse> use) {
    return new ContainerRecord(
        containerId,
        stage,
        role,
        index,
        state,
        node,
        logs,
        memoryMb,
        gpus,
        use,
        residentBytes,
        peakResidentBytes,
        done,
        total,
        note,
        firstSeenAtMs,
        lastSeenAtMs);
  }

  /**
   * The same with its times.
   *
   * @param before as it was in the history; null when it is new there
   */
  ContainerRecord seenAt(long nowMs, ContainerRecord before) {
    return new ContainerRecord(
        containerId,
        stage,
        role,
        index,
        state,
        node,
        logs,
        memoryMb,
        gpus,
        gpuUse,
        residentBytes,
        peakResidentBytes,
        done,
        total,
        note,
        before == null ? nowMs : before.firstSeenAtMs,
        before == null || before.runs() ? nowMs : before.lastSeenAtMs);
  }

  /** Whether its process runs. */
  public boolean runs() {
    return !state.equals(ENDED) && !state.equals(FAILED);
  }
}
