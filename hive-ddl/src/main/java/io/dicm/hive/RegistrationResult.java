package io.dicm.hive;

import java.util.List;

/**
 * What a registration changed in Hive's catalog.
 *
 * @param added partitions that were new
 * @param moved partitions that lay elsewhere before
 * @param unchanged partitions that were there already
 * @param removed partitions of an earlier run of this name that this one does not have
 */
public record RegistrationResult(
    List<TablePartition> added,
    List<TablePartition> moved,
    List<TablePartition> unchanged,
    List<TablePartition> removed) {
  public RegistrationResult {
    added = List.copyOf(added);
    moved = List.copyOf(moved);
    unchanged = List.copyOf(unchanged);
    removed = List.copyOf(removed);
  }
}
