package io.dicm.ams.reduce;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Adds up the sub-model gradients of all servers of a step, in the order of servers, so that every
 * server gets the same bits. Each server sends its own to all others; one that is a step ahead may
 * have sent already. Not safe for use by many threads: all calls come from one.
 */
public final class GradientExchange {
  private static final float[] NONE = {};

  private final int server;
  private final int servers;
  private final GradientSender sender;
  private final int[] networkLengths;

  /** One array a network for all steps: new ones would cost milliseconds of page faults. */
  private final float[][] sums;

  private final Map<Long, Round> rounds = new HashMap<>();
  private long nextStep;

  /**
   * @param server this server
   * @param servers how many there are
   * @param networkLengths length of each network's flat gradient
   * @param sender sends this server's gradients to the others
   * @param firstStep the first step to come
   */
  public GradientExchange(
      int server, int servers, int[] networkLengths, GradientSender sender, long firstStep) {
    this.nextStep = firstStep;
    this.server = server;
    this.servers = servers;
    this.networkLengths = networkLengths.clone();
    this.sums = new float[networkLengths.length][];
    Arrays.setAll(sums, network -> new float[networkLengths[network]]);
    this.sender = sender;
  }

  /** The gradients of one step, by server. */
  private static final class Round {
    private final Map<Integer, List<float[]>> parts = new HashMap<>();
    private final CompletableFuture<List<float[]>> sum = new CompletableFuture<>();
  }

  /**
   * Offers this server's part of a step, the one after the last.
   *
   * @param own one gradient for each network, empty where no image went through it here
   * @return the sums in the same form, until the next step's; the sum of empty ones is empty
   */
  public CompletionStage<List<float[]>> reduce(long step, List<float[]> own) {
    nextStep = step + 1;
    Round round = roundOf(step);
    if (servers > 1) {
      sender.send(step, own).whenComplete((done, error) -> failOnError(round, error));
    }
    put(step, server, own);
    return round.sum;
  }

  /** Takes another server's part; a repeated one is ignored. */
  public void accept(int from, long step, List<float[]> gradients) {
    check(from, gradients);
    if (step < nextStep - 1 || step > nextStep + 1) {
      throw refused(from, "it is of step " + step + ", this server is at step " + nextStep);
    }
    if (step >= nextStep || rounds.containsKey(step)) {
      put(step, from, gradients);
    }
  }

  private static void failOnError(Round round, Throwable error) {
    if (error != null) {
      round.sum.completeExceptionally(error);
    }
  }

  private Round roundOf(long step) {
    return rounds.computeIfAbsent(step, s -> new Round());
  }

  private void put(long step, int from, List<float[]> gradients) {
    Round round = roundOf(step);
    round.parts.putIfAbsent(from, gradients);
    if (round.parts.size() == servers) {
      rounds.remove(step);
      round.sum.complete(sum(round.parts));
    }
  }

  private List<float[]> sum(Map<Integer, List<float[]>> parts) {
    List<float[]> result = new ArrayList<>();
    for (int network = 0; network < sums.length; network++) {
      boolean some = false;
      for (int from = 0; from < servers; from++) {
        some |= add(parts.get(from).get(network), sums[network], some);
      }
      result.add(some ? sums[network] : NONE);
    }
    return result;
  }

  /** Adds to the sum, or begins it; gives whether there was something to add. */
  private static boolean add(float[] gradient, float[] sum, boolean begun) {
    if (gradient.length == 0) {
      return false;
    }
    if (!begun) {
      System.arraycopy(gradient, 0, sum, 0, sum.length);
      return true;
    }
    for (int i = 0; i < sum.length; i++) {
      sum[i] += gradient[i];
    }
    return true;
  }

  private void check(int from, List<float[]> gradients) {
    if (from < 0 || from >= servers || from == server) {
      throw refused(from, "there are servers 0.." + (servers - 1) + " and this one is " + server);
    }
    int[] lengths = gradients.stream().mapToInt(gradient -> gradient.length).toArray();
    boolean fits = lengths.length == networkLengths.length;
    for (int i = 0; fits && i < lengths.length; i++) {
      fits = lengths[i] == 0 || lengths[i] == networkLengths[i];
    }
    if (!fits) {
      throw refused(
          from,
          "its lengths are "
              + Arrays.toString(lengths)
              + ", needed "
              + Arrays.toString(networkLengths));
    }
  }

  private static DicmException refused(int from, String why) {
    return new DicmException(
        ErrorCode.INTERNAL, "Cannot take the gradient of server " + from + ": " + why + ".");
  }
}
