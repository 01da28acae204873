package io.dicm.hive;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.hadoop.fs.Path;

/**
 * The changes of one registration, which can be taken back in reverse order. Not safe for use by
 * many threads.
 */
final class PartitionChanges {
  private final PartitionCatalog catalog;
  private final List<TablePartition> added = new ArrayList<>();
  private final List<TablePartition> moved = new ArrayList<>();
  private final List<TablePartition> unchanged = new ArrayList<>();
  private final Deque<Undo> undos = new ArrayDeque<>();

  PartitionChanges(PartitionCatalog catalog) {
    this.catalog = catalog;
  }

  private record Undo(TablePartition partition, Supplier<ChangeOutcome> action) {}

  /** Makes the partition be at its location, whether it is new, elsewhere, or there already. */
  ChangeOutcome put(TablePartition partition) {
    Optional<Path> before;
    try {
      before = catalog.location(partition);
    } catch (SQLException e) {
      return new ChangeOutcome.Failed(e);
    }
    if (before.isEmpty()) {
      added.add(partition);
      undos.push(new Undo(partition, () -> catalog.drop(partition)));
      return catalog.add(partition);
    }
    if (before.get().equals(partition.location())) {
      unchanged.add(partition);
      return new ChangeOutcome.Done();
    }
    moved.add(partition);
    undos.push(new Undo(partition, () -> catalog.move(partition.at(before.get()))));
    return catalog.move(partition);
  }

  /**
   * Takes all changes back, the last one first, also the one that failed; stops when Hive is not
   * there any more.
   *
   * @return partitions for which that did not succeed
   */
  List<TablePartition> takeBack() {
    List<TablePartition> left = new ArrayList<>();
    boolean reachable = true;
    while (!undos.isEmpty()) {
      Undo undo = undos.pop();
      ChangeOutcome outcome = reachable ? undo.action().get() : null;
      reachable = reachable && !(outcome instanceof ChangeOutcome.Unknown);
      if (!(outcome instanceof ChangeOutcome.Done)) {
        left.add(undo.partition());
      }
    }
    return left;
  }

  RegistrationResult result() {
    return new RegistrationResult(added, moved, unchanged);
  }
}
