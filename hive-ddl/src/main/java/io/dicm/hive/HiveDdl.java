package io.dicm.hive;

import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;

/** The versioned DDL: every script may be run again, and they are run in order of version. */
final class HiveDdl {
  private static final List<String> TABLES =
      List.of(
          "ddl/V001__tables.hql",
          "ddl/V002__metric_slices.hql",
          "ddl/V004__run_tables.hql",
          "ddl/V006__vectors.hql");

  /** Versions before it, from 3 on, are in no file any more: it makes all views anew. */
  static final String VIEWS = "ddl/V005__views.hql";

  /** The table property {@link #VERSION_PROPERTY} of the views. */
  static final String VIEWS_VERSION = "5";

  /** The table property of {@code features} that says that all tables are of this version. */
  static final String TABLES_PROPERTY = "dicm.tables.version";

  static final String TABLES_VERSION = "6";

  static final String VERSION_PROPERTY = "dicm.ddl.version";

  private HiveDdl() {}

  /**
   * All statements that make the database and the tables, in order.
   *
   * @param workspace the workspace's directory, with scheme and authority
   * @param extractorId the extractor whose vectors the table {@code features} holds
   */
  static List<String> statements(String database, Path workspace, String extractorId) {
    Map<String, String> variables =
        Map.of("database", database, "workspace", workspace.toString(), "extractor", extractorId);
    return TABLES.stream()
        .flatMap(version -> HiveScript.resource(version).statements(variables).stream())
        .toList();
  }

  /** All statements that make the views over the tables, in order. */
  static List<String> views(String database) {
    return HiveScript.resource(VIEWS).statements(Map.of("database", database));
  }
}
