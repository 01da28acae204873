package io.dicm.feature.bench;

/**
 * How fast vectors were computed.
 *
 * @param pictures vectors that were computed
 * @param rejected files without a picture among those that were read
 * @param seconds it took, from the first file to the last vector
 * @param encodeSeconds of it in the network
 * @param waitSeconds of it the network waited for decoders
 * @param decodeSeconds decoding threads worked, most of it beside the network
 * @param peakBytes the most memory, bytes, that the process ever had resident; 0: not known
 */
public record ExtractRate(
    long pictures,
    long rejected,
    double seconds,
    double encodeSeconds,
    double waitSeconds,
    double decodeSeconds,
    long peakBytes) {
  /** Vectors a second. */
  public double picturesPerSecond() {
    return pictures / seconds;
  }

  /** The same with the process's memory. */
  public ExtractRate withPeakBytes(long bytes) {
    return new ExtractRate(
        pictures, rejected, seconds, encodeSeconds, waitSeconds, decodeSeconds, bytes);
  }
}
