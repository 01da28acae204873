package io.dicm.hive;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the views over the tables: convenience alone, so what goes wrong is only logged. A view of
 * this version is left alone, since Hive compiles each, which takes its time; so is one that is not
 * DICM's. Not safe for use by many threads.
 */
final class HiveViews {
  private static final Logger LOG = LoggerFactory.getLogger(HiveViews.class);
  private static final Pattern CREATE =
      Pattern.compile("CREATE OR REPLACE VIEW `\\w+`\\.`(\\w+)`.*", Pattern.DOTALL);

  private final PartitionCatalog catalog;
  private final String database;

  HiveViews(PartitionCatalog catalog, String database) {
    this.catalog = catalog;
    this.database = database;
  }

  /** Makes those that are missing or of another version. */
  void make() {
    try {
      Set<String> there = catalog.views();
      for (String statement : HiveDdl.views(database)) {
        String view = name(statement);
        if (!there.contains(view) || mayBeReplaced(view)) {
          make(view, statement);
        }
      }
    } catch (SQLException e) {
      LOG.warn(
          "Cannot make the views of database {}: {}. Tables and partitions are there.",
          database,
          HiveFailures.reason(e));
    }
  }

  private boolean mayBeReplaced(String view) throws SQLException {
    Optional<String> version = catalog.viewProperty(view, HiveDdl.VERSION_PROPERTY);
    if (version.isEmpty()) {
      LOG.warn(
          "View {}.{} is left as it is: it has no property {}, so someone else made it. DICM's"
              + " queries may need the view of that name in {}.",
          database,
          view,
          HiveDdl.VERSION_PROPERTY,
          HiveDdl.VIEWS);
    }
    return version.isPresent() && !version.get().equals(HiveDdl.VIEWS_VERSION);
  }

  private void make(String view, String statement) throws HiveConnectionLostException {
    try {
      catalog.apply(List.of(statement));
    } catch (HiveConnectionLostException e) {
      throw e; // The others would fail for the same reason.
    } catch (SQLException e) {
      LOG.warn(
          "Cannot make view {}.{}: {}. Someone with more rights may run {}; tables and partitions"
              + " are there.",
          database,
          view,
          HiveFailures.reason(e),
          HiveDdl.VIEWS);
    }
  }

  private static String name(String statement) {
    Matcher matcher = CREATE.matcher(statement);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(HiveDdl.VIEWS + " has an unknown statement: " + statement);
    }
    return matcher.group(1);
  }
}
