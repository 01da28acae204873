package io.dicm.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.fs.FileDigest;
import io.dicm.common.parquet.ParquetTables;
import io.dicm.hive.HiveQueries;
import io.dicm.hive.QueryResult;
import io.dicm.hive.TablePartition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.Type;

/**
 * Compares what Hive reads of a partition, whole arrays included, with its files as DICM reads
 * them: the number of rows, and a checksum over all of their columns that Hive has.
 *
 * @param conf for the files
 * @param hive of the database
 * @param database its name
 */
record TableComparison(Configuration conf, HiveQueries hive, String database) {
  /** The parts of a sample's item that Hive has. */
  private static final Set<String> ITEM = Set.of("item_id", "category", "image_key");

  /**
   * Reads both.
   *
   * @return rows of the partition
   */
  int assertSame(TablePartition partition) throws IOException {
    String where =
        IntStream.range(0, partition.values().size())
            .mapToObj(
                i ->
                    partition.table().partitionColumns().get(i)
                        + " = '"
                        + partition.values().get(i)
                        + "'")
            .collect(Collectors.joining(" AND "));
    QueryResult result =
        hive.run(
            "SELECT * FROM " + database + "." + partition.table().tableName() + " WHERE " + where);
    int columns = result.columns().size() - partition.values().size();
    List<String> ofHive =
        result.rows().stream().map(row -> row.subList(0, columns).toString()).sorted().toList();
    List<String> ofFiles = rows(partition, result.columns().subList(0, columns));
    assertThat(ofHive).as(partition.toString()).hasSameSizeAs(ofFiles);
    assertThat(checksum(ofHive))
        .as(() -> difference(partition, ofHive, ofFiles))
        .isEqualTo(checksum(ofFiles));
    return ofHive.size();
  }

  private List<String> rows(TablePartition partition, List<String> columns) throws IOException {
    List<String> rows = new ArrayList<>();
    for (FileStatus file : ParquetTables.files(conf, partition.location())) {
      ParquetTables.read(
          conf,
          file.getPath(),
          row -> rows.add(columns.stream().map(column -> text(row, column)).toList().toString()));
    }
    rows.sort(null);
    return rows;
  }

  private static String text(Group row, String column) {
    if (!row.getType().containsField(column) || row.getFieldRepetitionCount(column) == 0) {
      return "NULL";
    }
    Type type = row.getType().getType(column);
    return type.isPrimitive()
        ? row.getValueToString(row.getType().getFieldIndex(column), 0)
        : list(row.getGroup(column, 0));
  }

  /** As Hive's driver shows an array: JSON. */
  private static String list(Group list) {
    int length = list.getFieldRepetitionCount("list");
    return IntStream.range(0, length)
        .mapToObj(i -> element(list.getGroup("list", i)))
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static String element(Group element) {
    if (element.getType().getType("element").isPrimitive()) {
      return element.getValueToString(0, 0);
    }
    Group item = element.getGroup("element", 0);
    GroupType type = item.getType();
    return type.getFields().stream()
        .filter(field -> ITEM.contains(field.getName()))
        .map(field -> '"' + field.getName() + "\":" + json(item, field))
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String json(Group item, Type field) {
    String value = item.getValueToString(item.getType().getFieldIndex(field.getName()), 0);
    return field.getName().equals("image_key") ? value : '"' + value + '"';
  }

  private static String checksum(List<String> rows) {
    return FileDigest.sha256(String.join("\n", rows).getBytes(StandardCharsets.UTF_8));
  }

  private static String difference(
      TablePartition partition, List<String> ofHive, List<String> ofFiles) {
    return IntStream.range(0, ofHive.size())
        .filter(i -> !ofHive.get(i).equals(ofFiles.get(i)))
        .mapToObj(
            i ->
                "%s: Hive has %.300s, the files %.300s"
                    .formatted(partition, ofHive.get(i), ofFiles.get(i)))
        .findFirst()
        .orElse(partition.toString());
  }
}
