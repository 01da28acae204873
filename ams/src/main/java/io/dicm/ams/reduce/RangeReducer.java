package io.dicm.ams.reduce;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * Adds up the servers' gradients of this server's ranges, in the order of servers, so that the sum
 * has the same bits in whatever order they came. Its memory is used again by the next round: new
 * arrays of millions of floats would cost milliseconds of page faults. For one thread.
 */
final class RangeReducer {
  private static final int CHUNK = 4096;

  private final int servers;
  private final float[][] sums;
  private final float[] chunk = new float[CHUNK];

  /**
   * @param lengths of this server's range of each network
   */
  RangeReducer(int servers, int[] lengths) {
    this.servers = servers;
    this.sums = new float[lengths.length][];
    Arrays.setAll(sums, network -> new float[lengths[network]]);
  }

  /**
   * Adds up the gradients of one network.
   *
   * @param gradient by server; those without values have nothing to add
   * @return [range length], until the next call; null when no server had anything
   */
  float[] sum(int network, IntFunction<FloatBuffer> gradient) {
    float[] sum = sums[network];
    boolean begun = false;
    for (int server = 0; server < servers; server++) {
      FloatBuffer part = gradient.apply(server);
      if (part.hasRemaining()) {
        if (begun) {
          add(part, sum);
        } else {
          part.get(part.position(), sum, 0, sum.length);
          begun = true;
        }
      }
    }
    return begun ? sum : null;
  }

  private void add(FloatBuffer part, float[] sum) {
    for (int from = 0; from < sum.length; from += CHUNK) {
      int count = Math.min(CHUNK, sum.length - from);
      part.get(part.position() + from, chunk, 0, count);
      for (int i = 0; i < count; i++) {
        sum[from + i] += chunk[i];
      }
    }
  }
}
