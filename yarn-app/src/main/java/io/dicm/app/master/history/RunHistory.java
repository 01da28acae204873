package io.dicm.app.master.history;

import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** Keeps what each stage of the run did. Its progress never goes back. Safe for many threads. */
public final class RunHistory {
  private static final int MOST_CONTAINERS = 1000;

  private final String applicationId;
  private final PipelineSettings settings;
  private final RunFacts facts;
  private final LongSupplier nowMs;
  private final Map<StageName, StageRecord> stages = new EnumMap<>(StageName.class);
  private final Map<String, RoleMemory> memory = new TreeMap<>();
  private final Map<String, ContainerRecord> containers = new LinkedHashMap<>();
  private final LiveCurve curve = new LiveCurve();
  private int attempt = 1;

  /**
   * @param nowMs milliseconds since 1970 UTC
   */
  public RunHistory(String applicationId, PipelineSettings settings, LongSupplier nowMs) {
    this(applicationId, settings, RunFacts.NONE, nowMs);
  }

  /**
   * @param nowMs milliseconds since 1970 UTC
   */
  public RunHistory(
      String applicationId, PipelineSettings settings, RunFacts facts, LongSupplier nowMs) {
    this.facts = facts;
    this.applicationId = applicationId;
    this.settings = settings;
    this.nowMs = nowMs;
    for (StageName stage : settings.stages()) {
      stages.put(stage, StageRecord.waiting(stage.label()));
    }
  }

  /** YARN's, of the application that runs. */
  public String applicationId() {
    return applicationId;
  }

  /** Who submitted the application; empty while unknown. */
  public String user() {
    return facts.user();
  }

  /** Says which attempt of the application's master this is, from 1. */
  public synchronized void attempt(int number) {
    attempt = number;
  }

  /**
   * Goes on where an earlier attempt of the application's master was.
   *
   * @param earlier what that one knew last, with its details
   */
  public synchronized void resume(RunSnapshot earlier) {
    for (StageRecord record : earlier.stages()) {
      stages.replaceAll((name, own) -> name.label().equals(record.stage()) ? record : own);
    }
    earlier.containers().forEach(this::used);
    earlier.page().containers().forEach(one -> containers.put(one.containerId(), one.lost()));
    curve.resume(earlier.page().curve());
  }

  /** Whether a stage has ended well, in this attempt of the master or in an earlier one. */
  public synchronized boolean isDone(StageName stage) {
    return stages.containsKey(stage) && stages.get(stage).endedWell();
  }

  public synchronized void started(StageName stage) {
    stages.computeIfPresent(stage, (name, record) -> record.started(nowMs.getAsLong()));
  }

  /**
   * @param fraction of the stage, 0 to 1
   * @param note a few words for a person
   */
  public synchronized void progressed(StageName stage, float fraction, String note) {
    stages.computeIfPresent(stage, (name, record) -> record.progressed(fraction, note));
  }

  public synchronized void ended(StageName stage, StageState state, String detail) {
    stages.computeIfPresent(
        stage, (name, record) -> record.ended(state, nowMs.getAsLong(), detail));
  }

  /** The stage that runs, if there is one, ends before it is done. */
  public synchronized void stopped() {
    stages.replaceAll(
        (name, record) ->
            record.state() == StageState.RUNNING
                ? record.ended(StageState.FAILED, nowMs.getAsLong(), "stopped")
                : record);
  }

  /** Adds what a role used; of several reports on one role the largest peak stays. */
  public synchronized void used(RoleMemory use) {
    memory.merge(
        use.role(), use, (known, other) -> other.peakMb() > known.peakMb() ? other : known);
  }

  /**
   * Takes how containers are now; of more than {@value #MOST_CONTAINERS} the oldest are left out.
   */
  public synchronized void seen(List<ContainerRecord> now) {
    long nowMs = this.nowMs.getAsLong();
    now.forEach(
        one -> containers.compute(one.containerId(), (id, before) -> one.seenAt(nowMs, before)));
    Iterator<ContainerRecord> oldest = containers.values().iterator();
    while (containers.size() > MOST_CONTAINERS) {
      oldest.next();
      oldest.remove();
    }
  }

  /** Takes what the members of a training said. */
  public synchronized void measured(TrainingSample sample) {
    curve.add(sample);
  }

  /** The label of the stage that runs; empty between two stages. */
  public synchronized String running() {
    return stages.values().stream()
        .filter(stage -> stage.state() == StageState.RUNNING)
        .map(StageRecord::stage)
        .findFirst()
        .orElse("");
  }

  /** The share of the whole run that is done, 0 to 1, each stage by its weight. */
  public synchronized float progress() {
    float done = 0;
    float total = 0;
    for (Map.Entry<StageName, StageRecord> entry : stages.entrySet()) {
      total += entry.getKey().weight();
      done += entry.getKey().weight() * entry.getValue().fraction();
    }
    return total == 0 ? 0 : done / total;
  }

  /** The run as it is now. */
  public synchronized RunSnapshot snapshot() {
    return new RunSnapshot(
        applicationId,
        settings.name(),
        settings.date(),
        settings.run(),
        progress(),
        List.copyOf(stages.values()),
        List.copyOf(memory.values()),
        null,
        attempt);
  }

  /** As {@link #snapshot}, with all that the page of the run shows. */
  public synchronized RunSnapshot detailed() {
    long now = nowMs.getAsLong();
    return snapshot()
        .with(
            new RunDetails(
                now,
                facts.user(),
                List.of(applicationId),
                stageLeftMs(now),
                List.copyOf(containers.values()),
                curve.points(),
                facts.configuration()));
  }

  private Long stageLeftMs(long now) {
    OptionalLong left =
        stages.values().stream()
            .map(stage -> stage.leftMs(now))
            .filter(OptionalLong::isPresent)
            .findFirst()
            .orElseGet(OptionalLong::empty);
    return left.isPresent() ? left.getAsLong() : null;
  }
}
