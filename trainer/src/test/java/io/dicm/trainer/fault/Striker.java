package io.dicm.trainer.fault;

import java.io.IOException;

/** Makes faults happen to a running gang. For one thread. */
final class Striker {
  private final Sleepers sleepers;
  private final long pauseMs;
  private final long shortPauseMs;
  private final FaultReport report;

  /**
   * @param pauseMs length of pauses that nobody waits for
   * @param shortPauseMs most of the length of pauses that everybody waits for; the least is half of
   *     it
   */
  Striker(Sleepers sleepers, long pauseMs, long shortPauseMs, FaultReport report) {
    this.sleepers = sleepers;
    this.pauseMs = pauseMs;
    this.shortPauseMs = shortPauseMs;
    this.report = report;
  }

  /** Strikes now; faults of checkpoints are the supervisor's. */
  void strike(PlannedFault fault, Gang gang) throws IOException, InterruptedException {
    int victim = fault.victim();
    Links links = gang.links();
    switch (fault.kind()) {
      case KILL_WORKER -> gang.worker(victim).process().kill();
      case KILL_SERVER -> gang.server(victim).process().kill();
      case PAUSE_WORKER -> pause(gang.worker(victim), gang);
      case PAUSE_SERVER -> pause(gang.server(victim), gang);
      case SHORT_PAUSE_WORKER -> pauseShortly(gang.worker(victim), fault.fraction());
      case SHORT_PAUSE_SERVER -> pauseShortly(gang.server(victim), fault.fraction());
      case SILENCE_WORKER -> links.of(Role.WORKER, victim, serverOf(fault)).silence();
      case SILENCE_SERVERS -> links.of(Role.SERVER, victim, 1 - victim).silence();
      case REFUSE_WORKER -> links.of(Role.WORKER, victim, serverOf(fault)).refuse();
      case RESET_WORKER -> links.of(Role.WORKER, victim, serverOf(fault)).reset();
      case RESTART_WORKER -> {
        gang.worker(victim).process().terminate();
        report.outcome("new worker: " + gang.newWorker(victim));
      }
      case RESTART_SERVER -> {
        gang.server(victim).process().terminate();
        gang.newServer(victim);
      }
      case KILL_WHILE_WRITING, KILL_COMMIT -> throw new IllegalArgumentException(fault.toString());
    }
  }

  private static int serverOf(PlannedFault fault) {
    return (int) (fault.fraction() * FaultSettings.SERVERS);
  }

  private void pause(Member member, Gang gang) throws IOException, InterruptedException {
    member.pause();
    sleepers.wakeToEndAfter(pauseMs, member, gang);
  }

  private void pauseShortly(Member member, double fraction)
      throws IOException, InterruptedException {
    member.pause();
    sleepers.wakeAfter((long) ((1 + fraction) / 2 * shortPauseMs), member);
  }
}
