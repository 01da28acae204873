package io.dicm.ams.reduce;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.nio.FloatBuffer;
import java.util.Arrays;

/** Refuses messages of other servers that cannot be right. Immutable. */
final class MessageGuard {
  private final int server;
  private final int servers;
  private final NetworkRanges ranges;
  private final RoundNumbers numbers;

  /**
   * @param server this server
   */
  MessageGuard(int server, int servers, NetworkRanges ranges, RoundNumbers numbers) {
    this.server = server;
    this.servers = servers;
    this.ranges = ranges;
    this.numbers = numbers;
  }

  /**
   * A server begins a round when the lane's round before is complete there, for which this one must
   * have begun it: it is at most at the one that comes next here.
   *
   * @param nextStep of the round's lane here
   */
  void check(GradientPart part, long nextStep) {
    checkSender(part.server());
    int[] lengths = part.networkGradients().stream().mapToInt(FloatBuffer::remaining).toArray();
    checkLengths(part.server(), lengths, server);
    checkNotBeforeTheFirst(part.server(), part.round());
    if (numbers.step(part.round()) > nextStep) {
      throw refused(
          part.server(),
          "it is of " + numbers.name(part.round()) + ", this server comes to step " + nextStep);
    }
  }

  /**
   * Values are made when all servers have begun the round.
   *
   * @param nextStep of the round's lane here
   */
  void check(RangeValues values, long nextStep) {
    checkSender(values.server());
    int[] lengths = values.networks().stream().mapToInt(n -> n.values().remaining()).toArray();
    checkLengths(values.server(), lengths, values.server());
    checkNotBeforeTheFirst(values.server(), values.round());
    if (numbers.step(values.round()) >= nextStep) {
      throw refused(
          values.server(),
          "it has values of " + numbers.name(values.round()) + ", which has not begun here");
    }
  }

  private void checkSender(int from) {
    if (from < 0 || from >= servers || from == server) {
      throw refused(from, "there are servers 0.." + (servers - 1) + " and this one is " + server);
    }
  }

  private void checkLengths(int from, int[] lengths, int owner) {
    int[] needed = ranges.lengthsOf(owner);
    boolean fits = lengths.length == needed.length;
    for (int i = 0; fits && i < lengths.length; i++) {
      fits = lengths[i] == 0 || lengths[i] == needed[i];
    }
    if (!fits) {
      throw refused(
          from,
          "its lengths are " + Arrays.toString(lengths) + ", needed " + Arrays.toString(needed));
    }
  }

  private void checkNotBeforeTheFirst(int from, long round) {
    long first = numbers.firstSteps().get(numbers.lane(round));
    if (numbers.step(round) < first) {
      throw refused(
          from, "it is of " + numbers.name(round) + ", the first one here is step " + first);
    }
  }

  private static DicmException refused(int from, String why) {
    return new DicmException(
        ErrorCode.INTERNAL,
        "Cannot take the sub-model's message of server " + from + ": " + why + ".");
  }
}
