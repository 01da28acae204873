package io.dicm.ams.server;

import io.dicm.ams.table.MergedRows;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A window's images, collected for each network of the sub-model. For one thread. */
final class CollectedImages implements AutoCloseable {
  private final List<NetworkPath> networks;
  private final ReferenceCounts references;
  private final Deque<CollectedRows> rows = new ArrayDeque<>();

  private CollectedImages(List<NetworkPath> networks, ReferenceCounts references) {
    this.networks = networks;
    this.references = references;
  }

  /**
   * Collects.
   *
   * @param rows by network
   * @param references gets what goes through the networks
   * @throws io.dicm.common.error.DicmException as {@link NetworkPath#collect}; nothing is kept then
   */
  static CollectedImages of(
      List<NetworkPath> networks, List<MergedRows> rows, ReferenceCounts references) {
    CollectedImages collected = new CollectedImages(networks, references);
    try {
      for (int i = 0; i < networks.size(); i++) {
        collected.rows.add(networks.get(i).collect(rows.get(i)));
      }
      return collected;
    } catch (RuntimeException | Error e) {
      collected.close();
      throw e;
    }
  }

  /**
   * Lets them go through the networks; once.
   *
   * @return by network, the caller's to close; what was collected is theirs
   */
  List<NetworkPass> forward() {
    List<NetworkPass> passes = new ArrayList<>();
    try {
      for (NetworkPath network : networks) {
        CollectedRows next = rows.getFirst();
        passes.add(network.forward(next));
        // Its pass's from here on.
        rows.removeFirst();
        references.add(next.rows());
      }
      return passes;
    } catch (RuntimeException | Error e) {
      passes.forEach(NetworkPass::close);
      throw e;
    }
  }

  /** Gives back what did not go through the networks. May be called again. */
  @Override
  public void close() {
    rows.forEach(CollectedRows::close);
    rows.clear();
  }
}
