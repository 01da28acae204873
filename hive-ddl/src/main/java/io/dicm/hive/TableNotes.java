package io.dicm.hive;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes into the properties of the tables that depend on them which extractor and which features
 * the run had that was registered last: for people, so what goes wrong is only logged. Not safe for
 * use by many threads.
 */
final class TableNotes {
  private static final Logger LOG = LoggerFactory.getLogger(TableNotes.class);
  private static final String EXTRACTOR = "dicm.last.extractor";
  private static final String SCHEMA_DIGEST = "dicm.last.schema.digest";
  private static final List<HiveTable> TABLES =
      List.of(HiveTable.SAMPLES, HiveTable.IMAGE_CODES, HiveTable.PREDICTIONS);

  private final PartitionCatalog catalog;

  TableNotes(PartitionCatalog catalog) {
    this.catalog = catalog;
  }

  /** Writes what differs. */
  void write(Registration registration) {
    Map<String, String> notes = new TreeMap<>();
    notes.put(EXTRACTOR, registration.extractorId());
    notes.put(SCHEMA_DIGEST, registration.schemaDigest());
    notes.values().removeIf(String::isEmpty);
    try {
      for (HiveTable table : TABLES) {
        for (Map.Entry<String, String> note : notes.entrySet()) {
          if (!catalog.tableProperty(table, note.getKey()).equals(Optional.of(note.getValue()))) {
            catalog.setTableProperty(table, note.getKey(), note.getValue());
          }
        }
      }
    } catch (SQLException e) {
      LOG.warn("Cannot note the run in the tables' properties: {}.", HiveFailures.reason(e));
    }
  }
}
