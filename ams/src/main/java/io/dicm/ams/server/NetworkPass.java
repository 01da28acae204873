package io.dicm.ams.server;

import io.dicm.ams.submodel.CodePass;
import io.dicm.ams.table.MergedRows;
import java.util.ArrayList;
import java.util.List;

/** One step's images in one network of the sub-model. For one thread. */
final class NetworkPass implements AutoCloseable {
  private final MergedRows rows;
  private final int columns;
  private final CodePass pass;
  private final Runnable release;
  private boolean closed;

  /**
   * @param rows which row each requester asked for
   * @param columns length of a code
   * @param pass of the unique rows; owned by this object afterwards, null when there are none
   * @param release gives back what the pass reads from
   */
  NetworkPass(MergedRows rows, int columns, CodePass pass, Runnable release) {
    this.rows = rows;
    this.columns = columns;
    this.pass = pass;
    this.release = release;
  }

  static NetworkPass ofNothing(MergedRows rows, int columns) {
    return new NetworkPass(rows, columns, null, () -> {});
  }

  MergedRows rows() {
    return rows;
  }

  /** The requesters' codes, [rows asked for, code dimension] each. */
  List<float[]> codes() {
    float[] unique = pass == null ? new float[0] : pass.codes();
    List<float[]> codes = new ArrayList<>();
    for (int i = 0; i < rows.requesters(); i++) {
      codes.add(rows.scatter(i, unique, columns));
    }
    return codes;
  }

  /**
   * The network's flat gradient, until its next one; empty when no image went through it, or when
   * the loss does not depend on any, as in a pre-training of IDs alone: that is no step for the
   * optimiser to count.
   */
  float[] backward(List<float[]> codeGradients, float scale) {
    if (pass == null) {
      return new float[0];
    }
    float[] summed = rows.sum(codeGradients, columns, scale);
    return isZero(summed) ? new float[0] : pass.backward(summed);
  }

  private static boolean isZero(float[] values) {
    for (float value : values) {
      // A number that is none compares as different too, and has to go on to who refuses it.
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    if (pass != null && !closed) {
      closed = true;
      pass.close();
      release.run();
    }
  }
}
