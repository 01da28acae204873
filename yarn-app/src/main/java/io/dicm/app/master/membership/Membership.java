package io.dicm.app.master.membership;

import io.dicm.app.launch.Member;
import io.dicm.app.launch.Role;
import io.dicm.app.rpc.proto.MemberState;
import io.dicm.app.rpc.proto.Order;
import io.dicm.common.error.DicmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * The state of one gang, from the members' heartbeats and from YARN's word on their containers:
 *
 * <ol>
 *   <li>all wait until everybody is ready;
 *   <li>the servers run and find each other, then the others run;
 *   <li>when all workers are done everybody writes its part of the output;
 *   <li>when all have written, or when one has failed, everybody stops.
 * </ol>
 *
 * Safe for use by many threads.
 */
public final class Membership {
  private final Map<String, Entry> entries = new HashMap<>();
  private final Map<String, EarlyEnd> earlyEnds = new HashMap<>();
  private final FailureJudge failures;
  private final LongSupplier nowMs;
  private final long silenceLimitMs;
  private boolean stopping;
  private long news;

  /**
   * @param silenceLimitMs longest time, ms, between two words of a member
   * @param graceMs time, ms, in which a better explanation of a failure may still come
   * @param nowMs a clock that never goes back
   */
  public Membership(long silenceLimitMs, long graceMs, LongSupplier nowMs) {
    this.silenceLimitMs = silenceLimitMs;
    this.nowMs = nowMs;
    this.failures = new FailureJudge(graceMs);
  }

  /** Adds a member before its container is launched; the container may have ended before. */
  public synchronized void add(String containerId, Member member) {
    entries.put(containerId, new Entry(containerId, member, nowMs.getAsLong()));
    EarlyEnd end = earlyEnds.remove(containerId);
    if (end != null) {
      ended(containerId, end.exitStatus, end.diagnostics);
    }
  }

  /** Whether a container belongs to the gang; the first word of one that does. */
  public synchronized boolean register(String containerId) {
    Entry entry = entries.get(containerId);
    if (entry == null || entry.ended) {
      return false;
    }
    entry.registered = true;
    entry.lastHeardMs = nowMs.getAsLong();
    return true;
  }

  /** The member in a container that has not ended; nothing for a stranger. */
  public synchronized Optional<Member> member(String containerId) {
    return Optional.ofNullable(entries.get(containerId))
        .filter(entry -> !entry.ended)
        .map(entry -> entry.member);
  }

  /** Takes a member's report and says what it has to do; a stranger has to stop. */
  public synchronized Order heartbeat(String containerId, MemberReport report) {
    Entry entry = entries.get(containerId);
    if (entry == null || entry.ended) {
      return Order.STOP;
    }
    entry.lastHeardMs = nowMs.getAsLong();
    entry.report = report;
    if (report.state() == MemberState.FAILED) {
      failures.reported(
          entry.member, containerId, report.errorCode(), report.errorMessage(), entry.lastHeardMs);
    }
    tellNews();
    Order order = order(entry);
    entry.toldToStop |= order == Order.STOP;
    return order;
  }

  /** Takes YARN's word that a container has ended. */
  public synchronized void ended(String containerId, int exitStatus, String diagnostics) {
    Entry entry = entries.get(containerId);
    if (entry == null) {
      earlyEnds.put(containerId, new EarlyEnd(exitStatus, diagnostics));
      return;
    }
    if (entry.ended) {
      return;
    }
    entry.ended = true;
    boolean explained = entry.toldToStop || entry.report.state() == MemberState.FAILED;
    if (!stopping && !explained) {
      failures.ended(entry.member, containerId, exitStatus, diagnostics, nowMs.getAsLong());
    }
    tellNews();
  }

  /** Tells everybody to stop from now on, and expects that. */
  public synchronized void stop() {
    stopping = true;
    tellNews();
  }

  /** Waits for news, at most so long. */
  public synchronized void awaitNews(long timeoutMs) throws InterruptedException {
    long newsBefore = news;
    long deadlineMs = nowMs.getAsLong() + timeoutMs;
    for (long leftMs = timeoutMs;
        news == newsBefore && leftMs > 0;
        leftMs = deadlineMs - nowMs.getAsLong()) {
      wait(leftMs);
    }
  }

  /**
   * Whether the gang's work is done.
   *
   * @throws DicmException the first cause, when a member has failed, ended early or gone silent
   */
  public synchronized boolean checkFinished() {
    for (Entry entry : entries.values()) {
      if (entry.registered && !entry.ended && silenceMs(entry) > silenceLimitMs && !finished()) {
        failures.silent(entry.member, entry.containerId, silenceMs(entry), nowMs.getAsLong());
      }
    }
    failures.throwWhenSure(nowMs.getAsLong());
    return finished();
  }

  /** Whether starting the gang again may mend a failure that ended the wait for it. */
  public synchronized Recovery recoveryFrom(DicmException failure) {
    return failures.recoveryFrom(failure);
  }

  /** The role of which a container ended for lack of memory, when that ended the wait. */
  public synchronized Optional<Role> shortOfMemory(DicmException failure) {
    return failures.shortOfMemory(failure);
  }

  /** Whether every member has come so far that work can begin. */
  public synchronized boolean isReady() {
    return all(any -> true, MemberState.READY);
  }

  /** The members that are not ready. */
  public synchronized List<Member> notReady() {
    return entries.values().stream()
        .filter(entry -> !entry.report.reached(MemberState.READY))
        .map(entry -> entry.member)
        .sorted(Comparator.comparing(Member::role).thenComparing(Member::index))
        .toList();
  }

  /** Whether every container has ended. */
  public synchronized boolean isEmpty() {
    return entries.values().stream().allMatch(entry -> entry.ended);
  }

  /** The servers' addresses by index; complete once all are ready. */
  public synchronized List<String> serverAddresses() {
    return entries.values().stream()
        .filter(entry -> entry.member.role() == Role.SERVER)
        .sorted(Comparator.comparingInt(entry -> entry.member.index()))
        .map(entry -> entry.report.address())
        .toList();
  }

  /**
   * The share done of what those who work, workers and predictors, have planned together. One may
   * do more than its equal part, and another that much less.
   */
  public synchronized float fraction() {
    if (all(role -> role != Role.SERVER, MemberState.WORK_DONE)) {
      return 1;
    }
    return (float)
        Math.min(
            1,
            entries.values().stream()
                .filter(entry -> entry.member.role() != Role.SERVER)
                .mapToDouble(entry -> entry.report.fraction())
                .average()
                .orElse(0));
  }

  /** Units of work that all members have finished, in sum: more when one of them gets on. */
  public synchronized long done() {
    return entries.values().stream().mapToLong(entry -> entry.report.done()).sum();
  }

  /** By server: steps of the last checkpoint of which it has written its part. */
  public synchronized List<Long> checkpointSteps() {
    return entries.values().stream()
        .filter(entry -> entry.member.role() == Role.SERVER)
        .map(entry -> entry.report.checkpointSteps())
        .toList();
  }

  /** What the first worker or predictor said last. */
  public synchronized String note() {
    return entries.values().stream()
        .filter(entry -> entry.member.role() != Role.SERVER && entry.member.index() == 0)
        .map(entry -> entry.report.note())
        .findFirst()
        .orElse("");
  }

  /** The most memory, bytes, that a member of each role had resident. */
  public synchronized Map<Role, Long> peakResidentBytes() {
    Map<Role, Long> peaks = new TreeMap<>();
    for (Entry entry : entries.values()) {
      peaks.merge(entry.member.role(), entry.report.peakResidentBytes(), Math::max);
    }
    return peaks;
  }

  /**
   * A member as it is now.
   *
   * @param report what it said last
   * @param ended whether YARN said that its container has
   */
  public record Seen(String containerId, Member member, MemberReport report, boolean ended) {}

  /** All members by role and index. */
  public synchronized List<Seen> members() {
    return entries.values().stream()
        .map(entry -> new Seen(entry.containerId, entry.member, entry.report, entry.ended))
        .sorted(
            Comparator.comparing((Seen one) -> one.member().role())
                .thenComparing(one -> one.member().index()))
        .toList();
  }

  /** Containers that have not ended. */
  public synchronized List<String> running() {
    List<String> running = new ArrayList<>();
    entries.forEach(
        (containerId, entry) -> {
          if (!entry.ended) {
            running.add(containerId);
          }
        });
    return running;
  }

  private Order order(Entry entry) {
    if (stopping || failures.any() || finished()) {
      return Order.STOP;
    }
    if (!isReady()) {
      return Order.WAIT;
    }
    if (all(role -> role != Role.SERVER, MemberState.WORK_DONE)) {
      return Order.WRITE_OUTPUT;
    }
    boolean serving = all(role -> role == Role.SERVER, MemberState.RUNNING);
    return serving || entry.member.role() == Role.SERVER ? Order.RUN : Order.WAIT;
  }

  private void tellNews() {
    news++;
    notifyAll();
  }

  private boolean finished() {
    return all(any -> true, MemberState.OUTPUT_WRITTEN);
  }

  private boolean all(Predicate<Role> roles, MemberState least) {
    return entries.values().stream()
        .filter(entry -> roles.test(entry.member.role()))
        .allMatch(entry -> entry.report.reached(least));
  }

  private long silenceMs(Entry entry) {
    return nowMs.getAsLong() - entry.lastHeardMs;
  }

  /** The end of a container that is no member yet. */
  private record EarlyEnd(int exitStatus, String diagnostics) {}

  private static final class Entry {
    private final String containerId;
    private final Member member;
    private MemberReport report = MemberReport.SILENT;
    private long lastHeardMs;
    private boolean registered;
    private boolean toldToStop;
    private boolean ended;

    private Entry(String containerId, Member member, long nowMs) {
      this.containerId = containerId;
      this.member = member;
      this.lastHeardMs = nowMs;
    }
  }
}
