package io.dicm.ams.server;

import io.dicm.ams.memory.ReusedFloats;
import io.dicm.ams.submodel.CodePass;
import io.dicm.ams.table.MergedRows;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** One step's images in one network of the sub-model. For one thread. */
final class NetworkPass implements AutoCloseable {
  private final MergedRows rows;
  private final int columns;
  private final CodePass pass;
  private final ReusedFloats sums;
  private final Runnable release;
  private float[] uniqueCodes = {};
  private boolean backwardBegun;
  private boolean closed;

  /**
   * @param rows which row each requester asked for
   * @param columns length of a code
   * @param pass of the unique rows; owned by this object afterwards, null when there are none
   * @param sums room for the requesters' summed gradients
   * @param release gives back what the pass reads from
   */
  NetworkPass(MergedRows rows, int columns, CodePass pass, ReusedFloats sums, Runnable release) {
    this.rows = rows;
    this.columns = columns;
    this.pass = pass;
    this.sums = sums;
    this.release = release;
  }

  static NetworkPass ofNothing(MergedRows rows, int columns) {
    return new NetworkPass(rows, columns, null, new ReusedFloats(), () -> {});
  }

  MergedRows rows() {
    return rows;
  }

  /** Makes room for the codes: a GPU computes them while millions of floats are set to zero. */
  void prepareCodes() {
    uniqueCodes = pass == null ? uniqueCodes : new float[pass.codeValues()];
  }

  /**
   * The requesters' codes, [rows asked for, code dimension] each; waits for what computes them.
   * Once, after {@link #prepareCodes}.
   */
  List<float[]> codes() {
    if (pass != null) {
      pass.read(uniqueCodes);
    }
    List<float[]> codes = new ArrayList<>();
    for (int i = 0; i < rows.requesters(); i++) {
      codes.add(rows.scatter(i, uniqueCodes, columns));
    }
    // They are the requesters' now.
    uniqueCodes = null;
    return codes;
  }

  /**
   * The only requester's codes on the device, which may still be computing them; until this is
   * closed. Only of what {@link NetworkPath#requireForDevice} lets through.
   */
  Tensor codesOnDevice() {
    return pass.codesOnDevice();
  }

  /**
   * Begins to compute the network's gradient from what is on the device; once, after {@link
   * #codesOnDevice}. The vectors and all else that the pass kept are given back: what the device is
   * told of later, as collecting the next step's, gets the memory when it is done with this.
   *
   * @param codeGradients of the only requester
   */
  void beginBackwardOnDevice(Tensor codeGradients, float scale) {
    try (PointerScope scope = new PointerScope()) {
      backwardBegun = true;
      pass.beginBackward(codeGradients.mul(new Scalar(scale)));
      pass.beginGradient();
    }
    close();
  }

  /**
   * Computes the network's gradient, or on a GPU has begun to when it returns; once. Nothing is
   * computed when no image went through the network, or when the loss does not depend on any, as in
   * a pre-training of IDs alone: that is no step for the optimiser to count.
   */
  void beginBackward(List<float[]> codeGradients, float scale) {
    if (pass == null) {
      return;
    }
    int values = pass.codeValues();
    float[] summed = sums.atLeast(values);
    rows.sum(codeGradients, columns, scale, summed);
    if (!isZero(summed, values)) {
      backwardBegun = true;
      pass.beginBackward(summed);
      pass.beginGradient();
    }
  }

  /**
   * The network's flat gradient, until its next one; empty when {@link #beginBackward} had nothing
   * to compute. Waits for what computes it.
   */
  float[] gradient() {
    return backwardBegun ? pass.gradient() : new float[0];
  }

  private static boolean isZero(float[] values, int count) {
    for (int i = 0; i < count; i++) {
      // A number that is none compares as different too, and has to go on to who refuses it.
      if (values[i] != 0) {
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
