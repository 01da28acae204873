package io.dicm.hive;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A HiveServer2 in memory that understands the statements of {@link PartitionCatalog} and keeps
 * partitions and their locations. The n-th change of a partition can be made to fail.
 */
final class FakeHive implements HiveSessions {
  private static final Pattern ALTER =
      Pattern.compile("ALTER TABLE `(\\w+)`\\.`(\\w+)` (?!REPLACE COLUMNS)(.*)", Pattern.DOTALL);
  private static final Pattern TABLE = Pattern.compile("`\\w+`\\.`(\\w+)`");
  private static final Pattern PARTITION = Pattern.compile("PARTITION \\(([^)]*)\\)");
  private static final Pattern LOCATION = Pattern.compile("LOCATION '([^']*)'");

  /** How a change of a partition fails. */
  enum Fault {
    REFUSED_WITHOUT_EFFECT,
    REFUSED_WITH_EFFECT,
    LOST_WITHOUT_EFFECT,
    LOST_WITH_EFFECT,
    GONE_FOR_GOOD
  }

  private final List<String> statements = new ArrayList<>();
  private final List<String> views = new ArrayList<>();
  private final Map<String, String> locations = new LinkedHashMap<>();
  private final Map<Integer, Fault> faults = new LinkedHashMap<>();
  private String extractor = "vgg16";
  private int changes;
  private int opened;
  private int closed;
  private boolean gone;

  /** All statements that arrived, queries too. */
  List<String> statements() {
    return statements;
  }

  /** The views that were made. */
  List<String> views() {
    return views;
  }

  /** Partitions by {@code table PARTITION values}, with their locations. */
  Map<String, String> locations() {
    return locations;
  }

  /** Whether a statement changes a partition, not a table. */
  static boolean changesPartition(String statement) {
    return ALTER.matcher(statement).matches();
  }

  int opened() {
    return opened;
  }

  int closed() {
    return closed;
  }

  void failChange(int number, Fault fault) {
    faults.put(number, fault);
  }

  void holdExtractor(String id) {
    extractor = id;
  }

  void stop() {
    gone = true;
  }

  @Override
  public String address() {
    return "jdbc:hive2://fake:10000/";
  }

  @Override
  public HiveStatements open() {
    if (gone) {
      throw new DicmException(ErrorCode.HIVE_FAILED, "Cannot connect to HiveServer2: gone.");
    }
    opened++;
    return new Session();
  }

  private final class Session implements HiveStatements {
    private boolean lost;

    @Override
    public void execute(String statement) throws SQLException {
      statements.add(statement);
      checkAlive();
      if (statement.startsWith("CREATE OR REPLACE VIEW")) {
        views.add(statement);
      }
      Matcher alter = ALTER.matcher(statement);
      if (alter.matches()) {
        change(alter.group(2) + " " + values(statement), alter.group(3));
      }
    }

    @Override
    public QueryResult query(String query) throws SQLException {
      statements.add(query);
      checkAlive();
      if (query.startsWith("SHOW VIEWS")) {
        return new QueryResult(
            List.of("tab_name"), views.isEmpty() ? List.of() : List.of(List.of("code_drift")));
      }
      if (query.equals("SHOW TBLPROPERTIES `dicm`.`code_drift`")) {
        return new QueryResult(
            List.of("prpt_name", "prpt_value"), List.of(List.of("dicm.ddl.version", "3")));
      }
      if (query.startsWith("SHOW TBLPROPERTIES")) {
        return new QueryResult(
            List.of("prpt_name", "prpt_value"),
            List.of(List.of("EXTERNAL", "TRUE"), List.of("dicm.extractor", extractor)));
      }
      String location = locations.get(group(TABLE, query) + " " + values(query));
      if (query.startsWith("SHOW PARTITIONS")) {
        List<List<String>> rows = location == null ? List.of() : List.of(List.of(values(query)));
        return new QueryResult(List.of("partition"), rows);
      }
      if (query.startsWith("DESCRIBE FORMATTED") && location != null) {
        return new QueryResult(
            List.of("col_name", "data_type"),
            List.of(List.of("dt", "string"), List.of("Location:           ", location + " ")));
      }
      throw new SQLException("FAILED: SemanticException Partition not found");
    }

    @Override
    public void close() {
      closed++;
    }

    private void change(String partition, String action) throws SQLException {
      Fault fault = faults.get(++changes);
      if (fault == null || fault.name().endsWith("_WITH_EFFECT")) {
        apply(partition, action);
      }
      if (fault == null) {
        return;
      }
      gone = fault == Fault.GONE_FOR_GOOD;
      lost = gone || fault.name().startsWith("LOST");
      if (lost) {
        throw new HiveConnectionLostException(new SQLException("java.net.SocketException: reset"));
      }
      throw new SQLException("Error while processing statement: FAILED: Execution Error: no space");
    }

    private void apply(String partition, String action) {
      if (action.startsWith("DROP IF EXISTS")) {
        locations.remove(partition);
      } else if (action.startsWith("ADD IF NOT EXISTS")) {
        locations.putIfAbsent(partition, group(LOCATION, action));
      } else {
        locations.replace(partition, group(LOCATION, action));
      }
    }

    private void checkAlive() throws SQLException {
      if (lost || gone) {
        throw new HiveConnectionLostException(new SQLException("connection is closed"));
      }
    }
  }

  private static String values(String statement) {
    return group(PARTITION, statement);
  }

  private static String group(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IllegalArgumentException(text);
    }
    return matcher.group(1);
  }
}
