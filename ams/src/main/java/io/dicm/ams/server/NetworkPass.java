package io.dicm.ams.server;

import io.dicm.ams.submodel.CodePass;
import io.dicm.ams.submodel.NetworkLayout;
import io.dicm.ams.table.MergedRows;
import java.util.ArrayList;
import java.util.List;

/** One step's images in one network of the sub-model. For one thread. */
final class NetworkPass implements AutoCloseable {
  private static final int COLUMNS = NetworkLayout.CODE_DIMENSION;

  private final MergedRows rows;
  private final CodePass pass;
  private final Runnable release;
  private boolean closed;

  /**
   * @param rows which row each requester asked for
   * @param pass of the unique rows; owned by this object afterwards, null when there are none
   * @param release gives back what the pass reads from
   */
  NetworkPass(MergedRows rows, CodePass pass, Runnable release) {
    this.rows = rows;
    this.pass = pass;
    this.release = release;
  }

  static NetworkPass ofNothing(MergedRows rows) {
    return new NetworkPass(rows, null, () -> {});
  }

  MergedRows rows() {
    return rows;
  }

  /** The requesters' codes, [rows asked for, 12] each. */
  List<float[]> codes() {
    float[] unique = pass == null ? new float[0] : pass.codes();
    List<float[]> codes = new ArrayList<>();
    for (int i = 0; i < rows.requesters(); i++) {
      codes.add(rows.scatter(i, unique, COLUMNS));
    }
    return codes;
  }

  /** The network's flat gradient, until its next one; empty when no image went through it. */
  float[] backward(List<float[]> codeGradients, float scale) {
    return pass == null ? new float[0] : pass.backward(rows.sum(codeGradients, COLUMNS, scale));
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
