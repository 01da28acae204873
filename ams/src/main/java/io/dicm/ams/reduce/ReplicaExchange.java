package io.dicm.ams.reduce;

import io.dicm.ams.dense.DenseRange;
import io.dicm.ams.reduce.RangeValues.NetworkValues;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.feature.device.GpuFailures;
import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Makes the steps of the replicas of the sub-model, the same on all servers. Each network's flat
 * vector is cut in ranges over the servers ({@link DenseRange#of}). In a round each server sends
 * every owner the owner's range of its gradient (reduce-scatter); the owner adds the parts in the
 * order of servers, makes the optimiser's step on its range, and sends the new values to all others
 * (all-gather). A round is complete when all ranges' new values have come; they all go into the
 * replica then, so that nobody sees half a step. With one server nothing is sent and nothing
 * copied.
 *
 * <ul>
 *   <li>Rounds of a lane ({@link RoundNumbers}) come one after another. With several lanes, an
 *       owner makes the steps in the order in which their last part came to it, and a replica takes
 *       only values of a higher version than it has of the range: when no round is open, all
 *       replicas are equal.
 *   <li>With one lane, each part of a gradient carries the checksum of its sender's replica before
 *       the round, and a difference fails the training before the step is made. With several lanes
 *       replicas differ by design while rounds are open, so that checksums are not compared here.
 *       Those after the last round, and of several lanes, are compared when the servers' parts of a
 *       checkpoint are put together.
 *   <li>Without networks nothing is sent: a round is complete when it begins.
 *   <li>What came before is ignored when it comes again. What is of a round before the first one,
 *       or of one that its sender cannot have begun, is refused.
 *   <li>A message that cannot be sent and replicas that differ end it: all open rounds and all
 *       later calls fail with the first cause. Waits are not bounded here: whoever waits for a
 *       round has a deadline.
 * </ul>
 *
 * <p>Not safe for use by many threads: all calls come from one, and the rounds complete on it.
 */
public final class ReplicaExchange {
  private static final FloatBuffer NONE = FloatBuffer.allocate(0);

  private final int server;
  private final int servers;
  private final Replica replica;
  private final PeerSender sender;
  private final Executor thread;
  private final RoundNumbers numbers;

  private final NetworkRanges ranges;
  private final MessageGuard guard;
  private final RangeReducer reducer;

  /** Of the values in the replica, by owner and network. */
  private final long[][] versions;

  /** Memory for this server's own part of a round, as many as rounds were open at a time. */
  private final Deque<float[][]> spareParts = new ArrayDeque<>();

  private final Map<Long, Round> open = new HashMap<>();
  private final long[] nextSteps;
  private DicmException failure;
  private long computeNs;

  /**
   * @param server this server
   * @param servers how many there are, at most the length of the shortest network
   * @param thread runs what follows a message that could not be sent on the one thread
   */
  public ReplicaExchange(
      int server,
      int servers,
      Replica replica,
      PeerSender sender,
      Executor thread,
      RoundNumbers numbers) {
    this.server = server;
    this.servers = servers;
    this.replica = replica;
    this.sender = sender;
    this.thread = thread;
    this.numbers = numbers;
    this.nextSteps = numbers.firstSteps().stream().mapToLong(step -> step).toArray();
    this.ranges = new NetworkRanges(replica.lengths(), servers);
    this.guard = new MessageGuard(server, servers, ranges, numbers);
    this.reducer = servers == 1 ? null : new RangeReducer(servers, ranges.lengthsOf(server));
    this.versions = new long[servers][ranges.networks()];
    for (long[] ofOwner : versions) {
      Arrays.setAll(ofOwner, replica::updates);
    }
  }

  /**
   * Takes part in a round, the lane's next; its round before must be complete.
   *
   * @param own this server's gradients, one for each network, flat, empty where no image went
   *     through it here; read before this method returns. A network whose gradients are empty on
   *     all servers makes no step.
   * @param learningRate the same on all servers
   * @return completes when the replica has the new values of all ranges; fails when the training
   *     cannot go on
   */
  public CompletionStage<Void> step(long round, List<float[]> own, float learningRate) {
    if (failure != null) {
      return CompletableFuture.failedFuture(failure);
    }
    begin(round);
    // Without networks nobody waits for anything.
    if (servers == 1 || ranges.networks() == 0) {
      guarded(() -> stepAlone(own, learningRate));
      return failure == null
          ? CompletableFuture.completedFuture(null)
          : CompletableFuture.failedFuture(failure);
    }
    Round begun = openRound(round);
    guarded(() -> stepTogether(begun, own, learningRate));
    return begun.done;
  }

  private void begin(long round) {
    int lane = numbers.lane(round);
    long next = numbers.round(lane, nextSteps[lane]);
    boolean busy = open.containsKey(numbers.round(lane, nextSteps[lane] - 1));
    if (round != next || busy) {
      throw new IllegalStateException(
          "Cannot begin "
              + numbers.name(round)
              + ": next is "
              + numbers.name(next)
              + (busy ? ", once the one before is complete" : ""));
    }
    nextSteps[lane]++;
  }

  private Round openRound(long number) {
    return open.computeIfAbsent(number, n -> new Round(n, servers));
  }

  private void stepAlone(List<float[]> own, float learningRate) {
    for (int network = 0; network < ranges.networks(); network++) {
      if (own.get(network).length > 0) {
        replica.update(network, own.get(network), learningRate);
        replica.put(network, 0, replica.ownValues(network));
      }
    }
  }

  /** Sends first and compares then: the others shall see a difference, too. */
  private void stepTogether(Round round, List<float[]> own, float learningRate) {
    OptionalInt checksum =
        numbers.isOrdered() ? OptionalInt.of(replica.checksum()) : OptionalInt.empty();
    round.begin(learningRate, checksum);
    for (int to = 0; to < servers; to++) {
      if (to != server) {
        GradientPart part = new GradientPart(server, round.number, parts(own, to), checksum);
        failOnError(sender.sendGradients(to, part));
      }
    }
    for (int from = 0; from < servers; from++) {
      if (round.part(from) != null) {
        compareChecksums(round, round.part(from));
      }
    }
    round.add(new GradientPart(server, round.number, copied(parts(own, server)), checksum));
    updateWhenReduced(round);
  }

  /** An owner's range of each gradient, not copied. */
  private List<FloatBuffer> parts(List<float[]> gradients, int owner) {
    List<FloatBuffer> parts = new ArrayList<>();
    for (int network = 0; network < ranges.networks(); network++) {
      float[] gradient = gradients.get(network);
      DenseRange range = ranges.of(network, owner);
      parts.add(
          gradient.length == 0 ? NONE : FloatBuffer.wrap(gradient, range.from(), range.length()));
    }
    return parts;
  }

  /** The own part outlives the call: other rounds' gradients may be computed meanwhile. */
  private List<FloatBuffer> copied(List<FloatBuffer> parts) {
    float[][] memory = spareParts.isEmpty() ? newMemory() : spareParts.pop();
    List<FloatBuffer> copies = new ArrayList<>();
    for (int network = 0; network < memory.length; network++) {
      FloatBuffer part = parts.get(network);
      part.get(part.position(), memory[network], 0, part.remaining());
      copies.add(FloatBuffer.wrap(memory[network], 0, part.remaining()));
    }
    return copies;
  }

  private float[][] newMemory() {
    return Arrays.stream(ranges.lengthsOf(server)).mapToObj(float[]::new).toArray(float[][]::new);
  }

  /**
   * Takes another server's part of a round.
   *
   * @throws DicmException {@link ErrorCode#INTERNAL} when it cannot be right, or when its sender's
   *     replica differs from this one
   */
  public void accept(GradientPart part) {
    checkAlive();
    long next = nextSteps[numbers.lane(part.round())];
    guard.check(part, next);
    boolean toCome = numbers.step(part.round()) == next;
    Round round = toCome ? openRound(part.round()) : open.get(part.round());
    if (round != null && round.add(part) && round.isBegun()) {
      guarded(
          () -> {
            compareChecksums(round, part);
            updateWhenReduced(round);
          });
      checkAlive();
    }
  }

  /**
   * Takes an owner's new values.
   *
   * @throws DicmException {@link ErrorCode#INTERNAL} when they cannot be right
   */
  public void accept(RangeValues values) {
    checkAlive();
    guard.check(values, nextSteps[numbers.lane(values.round())]);
    Round round = open.get(values.round());
    if (round != null && round.add(values)) {
      guarded(() -> completeWhenAllCame(round));
      checkAlive();
    }
  }

  private void updateWhenReduced(Round round) {
    if (!round.isReduced()) {
      return;
    }
    List<NetworkValues> updated = new ArrayList<>();
    for (int network = 0; network < ranges.networks(); network++) {
      updated.add(update(round, network));
    }
    List<FloatBuffer> own = round.part(server).networkGradients();
    spareParts.push(own.stream().map(FloatBuffer::array).toArray(float[][]::new));
    round.dropParts();
    RangeValues values = new RangeValues(server, round.number, updated);
    failOnError(sender.sendValues(values));
    round.add(values);
    completeWhenAllCame(round);
  }

  private NetworkValues update(Round round, int network) {
    float[] sum = reducer.sum(network, from -> round.part(from).networkGradients().get(network));
    if (sum != null) {
      replica.update(network, sum, round.learningRate());
    }
    FloatBuffer values = sum == null ? NONE : replica.ownValues(network);
    return new NetworkValues(replica.updates(network), values);
  }

  private void completeWhenAllCame(Round round) {
    if (!round.isComplete()) {
      return;
    }
    for (int owner = 0; owner < servers; owner++) {
      for (int network = 0; network < ranges.networks(); network++) {
        put(network, owner, round.values(owner).networks().get(network));
      }
    }
    open.remove(round.number);
    round.done.complete(null);
  }

  /** Other rounds' newer values of the range may be there already. */
  private void put(int network, int owner, NetworkValues values) {
    if (values.values().hasRemaining() && values.version() > versions[owner][network]) {
      versions[owner][network] = values.version();
      replica.put(network, ranges.of(network, owner).from(), values.values());
    }
  }

  private void compareChecksums(Round round, GradientPart part) {
    if (part.checksum().equals(round.checksum())) {
      return;
    }
    throw new DicmException(
        ErrorCode.INTERNAL,
        "Cannot make "
            + numbers.name(round.number)
            + ": before it the sub-model of server "
            + server
            + " had the CRC-32C "
            + hexadecimal(round.checksum())
            + ", that of server "
            + part.server()
            + " "
            + hexadecimal(part.checksum())
            + ". Train again, or go on from a checkpoint; if it happens again, look at the"
            + " machines' memory.");
  }

  private static String hexadecimal(OptionalInt checksum) {
    return checksum.isPresent() ? HexFormat.of().toHexDigits(checksum.getAsInt()) : "none";
  }

  private void failOnError(CompletionStage<Void> sent) {
    CompletionStage<Void> unused =
        sent.whenComplete(
            (done, error) -> {
              if (error != null) {
                thread.execute(() -> fail(error));
              }
            });
  }

  /** Runs a part of a round, which nothing can go on after when it fails. */
  private void guarded(Runnable work) {
    long start = System.nanoTime();
    try {
      work.run();
    } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
      fail(e);
    } finally {
      computeNs += System.nanoTime() - start;
    }
  }

  private void fail(Throwable error) {
    if (failure != null) {
      return;
    }
    Throwable cause = error instanceof CompletionException ? error.getCause() : error;
    failure = GpuFailures.explained("update the sub-model", cause);
    List<Round> waiting = List.copyOf(open.values());
    open.clear();
    waiting.forEach(round -> round.done.completeExceptionally(failure));
  }

  private void checkAlive() {
    if (failure != null) {
      throw failure;
    }
  }

  /** Whether no round is open here, nor a part of one that is to come. */
  public boolean isQuiet() {
    return open.isEmpty();
  }

  /** Time spent computing so far, ns; what rounds waited for other servers is not in it. */
  public long computeNs() {
    return computeNs;
  }
}
