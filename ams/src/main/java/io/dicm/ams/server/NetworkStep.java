package io.dicm.ams.server;

import io.dicm.ams.shard.FeatureShard;
import io.dicm.ams.shard.RowGatherer;
import io.dicm.ams.submodel.CodeNetwork;
import io.dicm.ams.submodel.CodePass;
import io.dicm.ams.submodel.NetworkLayout;
import io.dicm.ams.table.MergedRows;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;

/**
 * What one network of the sub-model does in a window: each image asked for, by however many
 * requesters, goes through it once forward and once backward.
 */
final class NetworkStep implements AutoCloseable {
  private static final int COLUMNS = NetworkLayout.CODE_DIMENSION;

  private final CodeNetwork network;
  private final RowGatherer gatherer;
  private MergedRows rows = MergedRows.of(List.of());
  private CodePass pass;

  /** Takes the gatherer over, but not the network. */
  NetworkStep(CodeNetwork network, RowGatherer gatherer) {
    this.network = network;
    this.gatherer = gatherer;
  }

  /** The requesters' codes, [rows asked for, 12] each. */
  List<float[]> forward(List<int[]> requests) {
    closePass();
    rows = MergedRows.of(requests);
    float[] unique = rows.uniqueRows().length == 0 ? new float[0] : uniqueCodes();
    List<float[]> codes = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      codes.add(rows.scatter(i, unique, COLUMNS));
    }
    return codes;
  }

  private float[] uniqueCodes() {
    try (PointerScope scope = new PointerScope()) {
      int[] unique = rows.uniqueRows();
      pass = network.forward(gatherer.gather(unique), missingRow(unique));
      return pass.codes();
    }
  }

  /** The place of the row that stands for images without a vector. */
  private static int missingRow(int[] rows) {
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] == FeatureShard.MISSING_ROW) {
        return i;
      }
    }
    return CodePass.NO_ROW;
  }

  /** The network's flat gradient, until the next call; empty when no image went through it. */
  float[] backward(List<float[]> codeGradients, float scale) {
    if (pass == null) {
      return new float[0];
    }
    float[] gradient = pass.backward(rows.sum(codeGradients, COLUMNS, scale));
    closePass();
    return gradient;
  }

  MergedRows rows() {
    return rows;
  }

  private void closePass() {
    if (pass != null) {
      pass.close();
      pass = null;
    }
  }

  @Override
  public void close() {
    closePass();
    gatherer.close();
  }
}
