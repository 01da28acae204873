package io.dicm.hive;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.hadoop.fs.Path;

/**
 * The changes of one registration, which can be taken back in reverse order. The last partition of
 * the registration makes the others visible: while others change it is not there. Not safe for use
 * by many threads.
 */
final class PartitionChanges {
  private final PartitionCatalog catalog;
  private final List<TablePartition> wanted;
  private final List<TablePartition> unwanted = new ArrayList<>();
  private final Map<TablePartition, Optional<Path>> before = new LinkedHashMap<>();
  private final Deque<Undo> undos = new ArrayDeque<>();

  /**
   * How a change is taken back.
   *
   * @param shows whether the run is seen after it: never while a part of it lies elsewhere
   */
  private record Undo(TablePartition partition, boolean shows, Supplier<ChangeOutcome> action) {}

  /**
   * Reads where the partitions are now.
   *
   * @param wanted where they are to be, in the order in which they are put there
   * @param absent those that are not to be
   */
  PartitionChanges(
      PartitionCatalog catalog, List<TablePartition> wanted, List<TablePartition> absent)
      throws SQLException {
    this.catalog = catalog;
    this.wanted = List.copyOf(wanted);
    for (TablePartition partition : wanted) {
      before.put(partition, catalog.location(partition));
    }
    for (TablePartition partition : absent) {
      catalog.location(partition).map(partition::at).ifPresent(unwanted::add);
    }
  }

  /** One change, to be made in its turn. */
  record Change(TablePartition partition, Supplier<ChangeOutcome> action) {}

  /** What is to be done, in order: nothing when all partitions are where they are to be. */
  List<Change> changes() {
    List<Change> changes = new ArrayList<>();
    if (unwanted.isEmpty() && wanted.stream().allMatch(this::isThere)) {
      return changes;
    }
    TablePartition last = wanted.get(wanted.size() - 1);
    before
        .get(last)
        .ifPresent(location -> changes.add(new Change(last, () -> drop(last.at(location), true))));
    for (TablePartition partition : unwanted) {
      changes.add(new Change(partition, () -> drop(partition, false)));
    }
    for (TablePartition partition : wanted) {
      if (partition.equals(last) || before.get(partition).isEmpty()) {
        changes.add(new Change(partition, () -> add(partition)));
      } else if (!isThere(partition)) {
        changes.add(new Change(partition, () -> move(partition)));
      }
    }
    return changes;
  }

  /**
   * Takes all changes back, the last one first, also the one that failed; stops when Hive is not
   * there any more.
   *
   * @return partitions for which that did not succeed
   */
  List<TablePartition> takeBack() {
    Set<TablePartition> left = new LinkedHashSet<>();
    boolean reachable = true;
    while (!undos.isEmpty()) {
      Undo undo = undos.pop();
      boolean allowed = reachable && (left.isEmpty() || !undo.shows());
      ChangeOutcome outcome = allowed ? undo.action().get() : null;
      reachable = reachable && !(outcome instanceof ChangeOutcome.Unknown);
      if (!(outcome instanceof ChangeOutcome.Done)) {
        left.add(undo.partition());
      }
    }
    return List.copyOf(left);
  }

  /** What all changes together did. */
  RegistrationResult result() {
    return new RegistrationResult(
        wanted.stream().filter(partition -> before.get(partition).isEmpty()).toList(),
        wanted.stream()
            .filter(partition -> before.get(partition).isPresent() && !isThere(partition))
            .toList(),
        wanted.stream().filter(this::isThere).toList(),
        unwanted);
  }

  private boolean isThere(TablePartition partition) {
    return before.get(partition).equals(Optional.of(partition.location()));
  }

  /**
   * @param shows whether it is the one that makes the others visible
   */
  private ChangeOutcome drop(TablePartition old, boolean shows) {
    undos.push(new Undo(old, shows, () -> catalog.add(old)));
    return catalog.drop(old);
  }

  private ChangeOutcome add(TablePartition partition) {
    undos.push(new Undo(partition, false, () -> catalog.drop(partition)));
    return catalog.add(partition);
  }

  private ChangeOutcome move(TablePartition partition) {
    TablePartition old = partition.at(before.get(partition).orElseThrow());
    undos.push(new Undo(partition, false, () -> catalog.move(old)));
    return catalog.move(partition);
  }
}
