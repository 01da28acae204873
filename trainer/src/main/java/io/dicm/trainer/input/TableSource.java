package io.dicm.trainer.input;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/**
 * Where a table lies and how it is written.
 *
 * @param name what to call it in messages, counters and manifests, such as {@code items.csv}
 * @param format of all its files
 * @param parts at least one; none holds another
 */
public record TableSource(String name, TableFormat format, List<TablePart> parts) {
  public TableSource {
    parts = List.copyOf(parts);
  }

  /** The parts' locations. */
  public List<Path> paths() {
    return parts.stream().map(part -> new Path(part.location())).toList();
  }

  /** The part of a file with scheme and authority. */
  Optional<TablePart> partOf(Path file) {
    String name = file.toString();
    return parts.stream().filter(part -> part.holds(name)).findFirst();
  }

  /** What to call a file in the places of bad rows: the table's name, or the whole path. */
  String shownName(Path file) {
    return file.getName().equals(name) ? name : file.toString();
  }

  /** Columns of the partitions, in no order. */
  List<String> partitionColumns() {
    return parts.stream().map(TablePart::partition).map(Map::keySet).findFirst().stream()
        .flatMap(keys -> keys.stream())
        .toList();
  }
}
