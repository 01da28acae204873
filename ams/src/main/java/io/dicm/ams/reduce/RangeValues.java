package io.dicm.ams.reduce;

import java.nio.FloatBuffer;
import java.util.List;

/**
 * An owner's new values after a round.
 *
 * @param server the owner
 * @param round that made them, as {@link RoundNumbers} says
 * @param networks one for each network
 */
public record RangeValues(int server, long round, List<NetworkValues> networks) {
  public RangeValues {
    networks = List.copyOf(networks);
  }

  /**
   * The owner's range of one network.
   *
   * @param version steps that the range has made; values of a higher version are newer
   * @param values [length of the owner's range], or none when the round left the network as it was
   */
  public record NetworkValues(long version, FloatBuffer values) {}
}
