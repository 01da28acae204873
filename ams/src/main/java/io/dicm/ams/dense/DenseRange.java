package io.dicm.ams.dense;

/**
 * One server's range of a flat vector of parameters: equal parts but for one value.
 *
 * @param from first index
 * @param to index after the last
 */
public record DenseRange(int from, int to) {
  /** The range of server {@code server} of {@code servers} of a vector of {@code length}. */
  public static DenseRange of(int length, int server, int servers) {
    return new DenseRange(
        (int) ((long) length * server / servers), (int) ((long) length * (server + 1) / servers));
  }

  /** The number of values. */
  public int length() {
    return to - from;
  }
}
