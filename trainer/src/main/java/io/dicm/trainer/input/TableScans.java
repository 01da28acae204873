package io.dicm.trainer.input;

import io.dicm.common.json.JsonFiles;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The tables of a job, which the driver tells the tasks in the job's configuration.
 *
 * @param scans one a table
 */
public record TableScans(List<TableScan> scans) {
  private static final String KEY = "dicm.internal.samples.tables";

  public TableScans {
    scans = List.copyOf(scans);
  }

  /** What {@link #tell} told. */
  public static TableScans of(Configuration conf) {
    try {
      TableScan[] scans = new JsonFiles(conf).parse(conf.getRaw(KEY), TableScan[].class);
      return new TableScans(Arrays.asList(scans));
    } catch (IOException e) {
      throw new IllegalStateException("The driver told no tables", e);
    }
  }

  public void tell(Configuration conf) {
    conf.set(KEY, new JsonFiles(conf).oneLine(scans));
  }

  /** One table, when the input has it. */
  public Optional<TableScan> find(InputTable table) {
    return scans.stream().filter(scan -> scan.table() == table).findFirst();
  }

  /** One table, which the input has. */
  public TableScan get(InputTable table) {
    return find(table).orElseThrow();
  }

  /** Where all tables lie. */
  public List<Path> paths() {
    return scans.stream().flatMap(scan -> scan.source().paths().stream()).toList();
  }

  /** The table that a file belongs to. */
  TableScan of(Path file) {
    return scans.stream()
        .filter(scan -> scan.source().partOf(file).isPresent())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(file + " is a file of no table"));
  }
}
