package io.dicm.ams.reduce;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.OptionalInt;

/**
 * One server's part of a round's gradient of the ranges that another server owns.
 *
 * @param server whose part it is
 * @param round that it belongs to, as {@link RoundNumbers} says
 * @param networkGradients [length of the receiver's range] for each network; empty where no image
 *     went through it at the sender
 * @param checksum of the sender's replica before the round; nothing where rounds have no common
 *     order
 */
public record GradientPart(
    int server, long round, List<FloatBuffer> networkGradients, OptionalInt checksum) {
  public GradientPart {
    networkGradients = List.copyOf(networkGradients);
  }
}
