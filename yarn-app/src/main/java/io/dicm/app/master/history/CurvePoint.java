package io.dicm.app.master.history;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * A moment of a training. Values that were not known then are null.
 *
 * @param atMs milliseconds since 1970 UTC
 * @param steps that worker 0 had made
 * @param loss its mean over about a hundred steps, nats
 * @param auc progressive, of a window of worker 0's impressions
 * @param gauc likewise
 * @param impressionsPerSecond of all workers since the point before
 * @param waitMsPerStep mean time for which a server's step waited for its last worker, since the
 *     point before
 * @param imageBytes codes of images and their gradients moved so far, received and sent by all
 *     servers
 * @param rawVectorBytes what the same requests would have sent as float32 vectors
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record CurvePoint(
    long atMs,
    long steps,
    Double loss,
    Double auc,
    Double gauc,
    Double impressionsPerSecond,
    Double waitMsPerStep,
    long imageBytes,
    long rawVectorBytes) {
  /** Bytes that did not have to be moved. */
  public long savedBytes() {
    return rawVectorBytes - imageBytes;
  }

  /** One point in place of this and the next one. */
  CurvePoint joined(CurvePoint later) {
    return new CurvePoint(
        later.atMs,
        later.steps,
        mean(loss, later.loss),
        later.auc,
        later.gauc,
        mean(impressionsPerSecond, later.impressionsPerSecond),
        mean(waitMsPerStep, later.waitMsPerStep),
        later.imageBytes,
        later.rawVectorBytes);
  }

  private static Double mean(Double one, Double other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return (one + other) / 2;
  }
}
