package io.dicm.ams.reduce;

import io.dicm.ams.dense.DenseRange;
import java.util.Arrays;

/** Which server owns which range of each network's flat vector. Immutable. */
final class NetworkRanges {
  private final DenseRange[][] ranges;

  /**
   * @param lengths of the networks' flat vectors, each at least {@code servers}
   */
  NetworkRanges(int[] lengths, int servers) {
    ranges = new DenseRange[lengths.length][servers];
    for (int network = 0; network < lengths.length; network++) {
      int length = lengths[network];
      if (length < servers) {
        throw new IllegalArgumentException(
            "A network of " + length + " parameters is too short for " + servers + " servers");
      }
      Arrays.setAll(ranges[network], owner -> DenseRange.of(length, owner, servers));
    }
  }

  /** The number of networks. */
  int networks() {
    return ranges.length;
  }

  DenseRange of(int network, int owner) {
    return ranges[network][owner];
  }

  /** Lengths of one server's ranges by network. */
  int[] lengthsOf(int owner) {
    return Arrays.stream(ranges).mapToInt(ofNetwork -> ofNetwork[owner].length()).toArray();
  }
}
