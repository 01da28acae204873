package io.dicm.hive;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;

/**
 * Asks HiveServer2 where the files of other people's tables are; nothing is changed or queried but
 * the catalog. Safe for use by many threads.
 */
public final class HiveTableFinder {
  private final HiveSessions sessions;

  public HiveTableFinder(HiveSessions sessions) {
    this.sessions = sessions;
  }

  /**
   * The locations of a table, or of those of its partitions that are chosen.
   *
   * @param name {@code database.table}
   * @param choice picks among all partitions before their locations are asked for, one statement
   *     each
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} for what is no such name, {@link
   *     ErrorCode#INPUT_INVALID} for a view or a transactional table, {@link
   *     ErrorCode#INPUT_MISSING} for a table without any partition yet, {@link
   *     ErrorCode#HIVE_FAILED} with the address and Hive's reason, which is also what a table that
   *     is not there ends with
   */
  public HiveTableFiles find(String name, PartitionChoice choice) {
    String table = identifier(name);
    try (HiveStatements hive = sessions.open()) {
      Description whole = Description.of(hive.query("DESCRIBE FORMATTED " + table));
      whole.requireFiles(name);
      List<HiveTableFiles.Part> parts = new ArrayList<>();
      if (whole.isPartitioned()) {
        for (Map<String, String> values : choice.choose(partitions(hive, table, name))) {
          String clause = "DESCRIBE FORMATTED " + table + " PARTITION (" + clause(values) + ")";
          parts.add(Description.of(hive.query(clause)).part(name, values));
        }
      } else {
        parts.add(whole.part(name, Map.of()));
      }
      return new HiveTableFiles(name, parts);
    } catch (SQLException e) {
      throw HiveFailures.failed("find the files of table " + name, sessions.address(), e);
    }
  }

  private static List<Map<String, String>> partitions(
      HiveStatements hive, String table, String name) throws SQLException {
    List<Map<String, String>> partitions = new ArrayList<>();
    for (List<String> row : hive.query("SHOW PARTITIONS " + table).rows()) {
      Map<String, String> values = new LinkedHashMap<>();
      for (String column : row.get(0).split("/", -1)) {
        int equals = column.indexOf('=');
        values.put(column.substring(0, equals), unescaped(column.substring(equals + 1)));
      }
      partitions.add(values);
    }
    if (partitions.isEmpty()) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING,
          "Cannot read table " + name + " of Hive: it has no partition yet.");
    }
    return partitions;
  }

  /** Hive escapes by %XX, as URLs do, but a plus sign is one. */
  private static String unescaped(String value) {
    return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static String clause(Map<String, String> values) {
    return values.entrySet().stream()
        .map(
            entry ->
                HiveText.identifier(entry.getKey()) + " = " + HiveText.literal(entry.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String identifier(String name) {
    String[] parts = name.split("\\.", -1);
    if (parts.length != 2) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot read table '" + name + "' of Hive: needed database.table.");
    }
    return HiveText.identifier(parts[0]) + "." + HiveText.identifier(parts[1]);
  }

  /** Picks partitions by their columns. */
  @FunctionalInterface
  public interface PartitionChoice {
    List<Map<String, String>> choose(List<Map<String, String>> partitions);
  }

  /**
   * What DESCRIBE FORMATTED says: lines of three columns, some of which are headings.
   *
   * @param lines first and second column, without blanks around
   * @param transactional whether the table's parameters say so
   */
  private record Description(List<Map.Entry<String, String>> lines, boolean transactional) {
    static Description of(QueryResult result) {
      return new Description(
          result.rows().stream()
              .map(row -> Map.entry(row.get(0).strip(), row.get(1).strip()))
              .toList(),
          result.rows().stream()
              .anyMatch(
                  row ->
                      row.size() > 2
                          && row.get(1).strip().equals("transactional")
                          && row.get(2).strip().equals("true")));
    }

    boolean isPartitioned() {
      return lines.stream().anyMatch(line -> line.getKey().equals("# Partition Information"));
    }

    void requireFiles(String name) {
      String why =
          value("Table Type:").orElse("").contains("VIEW")
              ? "it is a view, which has no files"
              : transactional ? "it is transactional, only Hive can read its files" : "";
      if (!why.isEmpty()) {
        throw new DicmException(
            ErrorCode.INPUT_INVALID,
            "Cannot read table "
                + name
                + " of Hive: "
                + why
                + ". Copy it: CREATE EXTERNAL TABLE ... STORED AS PARQUET AS SELECT.");
      }
    }

    HiveTableFiles.Part part(String name, Map<String, String> values) {
      return new HiveTableFiles.Part(
          new Path(required(name, "Location:")), required(name, "InputFormat:"), values);
    }

    private String required(String name, String key) {
      return value(key)
          .orElseThrow(
              () ->
                  new DicmException(
                      ErrorCode.HIVE_FAILED,
                      "Cannot read table "
                          + name
                          + " of Hive: it does not tell its "
                          + key.replace(":", ".")));
    }

    private Optional<String> value(String key) {
      return lines.stream()
          .filter(line -> line.getKey().equals(key))
          .map(Map.Entry::getValue)
          .findFirst();
    }
  }
}
