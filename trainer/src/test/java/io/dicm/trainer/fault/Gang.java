package io.dicm.trainer.fault;

import io.dicm.common.security.ApplicationSecret;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The servers and workers of one epoch. For one thread. */
final class Gang {
  private static final long START_LIMIT_MS = 180_000;
  private static final long END_LIMIT_MS = 10_000;

  /** What a client waits beyond its calls' limit, and time to say the last words. */
  private static final long BEYOND_CALLS_MS = 5_000 + 5_000;

  private final FaultSettings settings;
  private final ApplicationSecret secret;
  private final long epoch;
  private final long checkpoint;
  private final Links links;
  private final Events events = new Events();
  private final List<Member> servers = new ArrayList<>();
  private final List<Member> workers = new ArrayList<>();
  private final List<Member> all = new ArrayList<>();

  /**
   * @param checkpoint step of the one to go on from, or 0
   */
  Gang(FaultSettings settings, ApplicationSecret secret, long epoch, long checkpoint, Links links) {
    this.settings = settings;
    this.secret = secret;
    this.epoch = epoch;
    this.checkpoint = checkpoint;
    this.links = links;
  }

  /** Starts all processes and tells them where the servers are. */
  void start() throws IOException, InterruptedException {
    for (int server = 0; server < FaultSettings.SERVERS; server++) {
      servers.add(member(Role.SERVER, server, events));
    }
    for (int worker = 0; worker < FaultSettings.WORKERS; worker++) {
      workers.add(member(Role.WORKER, worker, events));
    }
    for (int ready = 0; ready < servers.size() + workers.size(); ready++) {
      Events.Event event = events.next(START_LIMIT_MS);
      switch (event.word()) {
        case LISTENING -> links.pointTo(event.member().index(), (int) event.number());
        case READY -> {}
        default -> throw new AssertionError(event + " during the start");
      }
    }
    servers.forEach(this::tellAddresses);
    workers.forEach(this::tellAddresses);
  }

  private Member member(Role role, int index, Events heardBy) throws IOException {
    Member member = new Member(settings, role, index, epoch, checkpoint, secret, heardBy);
    all.add(member);
    return member;
  }

  private void tellAddresses(Member member) {
    member.process().tell(links.addresses(member.role(), member.index()));
  }

  /**
   * Starts a worker that takes another's place, as if it could go on where that one stopped.
   *
   * @return the code of the error by which it was kept out
   */
  String newWorker(int index) throws IOException, InterruptedException {
    Events own = new Events();
    Member newcomer = member(Role.WORKER, index, own);
    own.next(START_LIMIT_MS);
    tellAddresses(newcomer);
    newcomer.process().awaitExit(ownEndLimitMs(), "though its epoch had begun without it");
    if (newcomer.failureCode().isEmpty()) {
      throw new AssertionError(newcomer + " took part in an epoch that had begun without it");
    }
    return newcomer.failureCode();
  }

  /** Starts a server that takes another's place, from the checkpoint that this epoch began with. */
  void newServer(int index) throws IOException, InterruptedException {
    Events own = new Events();
    Member newcomer = member(Role.SERVER, index, own);
    links.pointTo(index, (int) own.next(START_LIMIT_MS).number());
    tellAddresses(newcomer);
  }

  private long ownEndLimitMs() {
    return settings.callTimeoutMs() + BEYOND_CALLS_MS;
  }

  long epoch() {
    return epoch;
  }

  /** The step of the checkpoint that it began with, or 0. */
  long checkpoint() {
    return checkpoint;
  }

  Member server(int index) {
    return servers.get(index);
  }

  Member worker(int index) {
    return workers.get(index);
  }

  Events events() {
    return events;
  }

  Links links() {
    return links;
  }

  /** Everybody who ever was part of it. */
  List<Member> all() {
    return all;
  }

  /** Waits until all workers that run have ended by their own limits. */
  void awaitOwnEnd() throws InterruptedException {
    for (Member worker : workers) {
      if (!worker.isPaused()) {
        worker.process().awaitExit(ownEndLimitMs(), "by itself");
      }
    }
  }

  /** Ends all who run; those who are paused stay so. */
  void terminate() throws InterruptedException {
    List<Member> running = all.stream().filter(member -> !member.isPaused()).toList();
    running.forEach(member -> member.process().terminate());
    for (Member member : running) {
      member.process().awaitExit(END_LIMIT_MS, "after SIGTERM");
    }
  }

  /** Lets the servers finish what they write, and end. */
  void finish() throws InterruptedException {
    servers.forEach(server -> server.process().tell("FINISH"));
    for (Member member : all) {
      int code = member.process().awaitExit(END_LIMIT_MS, "though all was done");
      if (code != 0) {
        throw new AssertionError(member + " ended with " + code + " though all was done");
      }
    }
  }

  /**
   * Waits for the end of somebody who has slept through the end of this epoch: a worker ends by
   * itself, a server is left alone with its deadlines first and then ended.
   */
  void awaitEndOfSleeper(Member member) throws InterruptedException {
    if (member.role() == Role.SERVER) {
      member.process().liveFor(settings.windowTimeoutMs());
      member.process().terminate();
      member.process().awaitExit(END_LIMIT_MS, "after SIGTERM");
    } else {
      member.process().awaitExit(ownEndLimitMs(), "by itself after its pause");
    }
  }
}
