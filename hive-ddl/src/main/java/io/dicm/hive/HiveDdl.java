package io.dicm.hive;

import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;

/** The versioned DDL: every script may be run again, and they are run in order of version. */
final class HiveDdl {
  private static final List<String> VERSIONS =
      List.of("ddl/V001__tables.hql", "ddl/V002__metric_slices.hql");

  private HiveDdl() {}

  /**
   * All statements, in order.
   *
   * @param workspace the workspace's directory, with scheme and authority
   * @param extractorId the extractor whose vectors the table {@code features} holds
   */
  static List<String> statements(String database, Path workspace, String extractorId) {
    Map<String, String> variables =
        Map.of("database", database, "workspace", workspace.toString(), "extractor", extractorId);
    return VERSIONS.stream()
        .flatMap(version -> HiveScript.resource(version).statements(variables).stream())
        .toList();
  }
}
