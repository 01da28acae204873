package io.dicm.hive;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A HiveServer2 in memory that understands the statements of {@link PartitionCatalog} and keeps
 * views, partitions and their locations. The n-th change of a partition can be made to fail, and
 * the whole server to be lost in its n-th statement.
 */
final class FakeHive implements HiveSessions {
  private static final Pattern ALTER =
      Pattern.compile(
          "ALTER TABLE `(\\w+)`\\.`(\\w+)` (?!REPLACE COLUMNS|SET TBLPROPERTIES)(.*)",
          Pattern.DOTALL);
  private static final Pattern SET_PROPERTY =
      Pattern.compile(
          "ALTER TABLE `\\w+`\\.`(\\w+)` SET TBLPROPERTIES \\('([^']+)' = '([^']*)'\\)");
  private static final Pattern VIEW =
      Pattern.compile("CREATE OR REPLACE VIEW `\\w+`\\.`(\\w+)`.*", Pattern.DOTALL);
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
  private final Map<String, Map<String, String>> properties = new TreeMap<>();
  private final Set<String> tableNames = new TreeSet<>();
  private final Set<String> viewNames = new TreeSet<>();
  private final Set<String> refusedViews = new TreeSet<>();
  private String extractor = "vgg16";
  private int cutIn;
  private boolean cutWithEffect;
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

  /**
   * Loses the server in the n-th statement from now, 1 being the next one.
   *
   * @param withEffect whether it still did what the statement said
   */
  void cutIn(int statement, boolean withEffect) {
    cutIn = statements.size() + statement;
    cutWithEffect = withEffect;
  }

  /** The server is there again, with all that it had. */
  void comeBack() {
    gone = false;
    cutIn = 0;
  }

  /** Forgets a table, as if it was dropped. */
  void dropTable(String name) {
    tableNames.remove(name);
  }

  /** A view that someone else made, with these properties. */
  void keepView(String name, Map<String, String> viewProperties) {
    viewNames.add(name);
    properties.put(name, new TreeMap<>(viewProperties));
  }

  /** Refuses to make this view. */
  void refuseView(String name) {
    refusedViews.add(name);
  }

  /** Properties that were set, by table or view. */
  Map<String, Map<String, String>> properties() {
    return properties;
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
      boolean last = arrived(statement);
      if (!last || cutWithEffect) {
        apply(statement);
      }
      if (last) {
        throw lost();
      }
    }

    private void apply(String statement) throws SQLException {
      Matcher view = VIEW.matcher(statement);
      if (view.matches()) {
        if (refusedViews.contains(view.group(1))) {
          throw new SQLException("FAILED: HiveAccessControlException Permission denied");
        }
        views.add(statement);
        keepView(view.group(1), Map.of("dicm.ddl.version", HiveDdl.VIEWS_VERSION));
      }
      if (statement.startsWith("CREATE EXTERNAL TABLE")) {
        tableNames.add(group(TABLE, statement));
      }
      Matcher property = SET_PROPERTY.matcher(statement);
      if (property.matches()) {
        properties
            .computeIfAbsent(property.group(1), table -> new TreeMap<>())
            .put(property.group(2), property.group(3));
      }
      Matcher alter = ALTER.matcher(statement);
      if (alter.matches()) {
        change(alter.group(2) + " " + values(statement), alter.group(3));
      }
    }

    @Override
    public QueryResult query(String query) throws SQLException {
      if (arrived(query)) {
        throw lost();
      }
      if (query.startsWith("SHOW TABLES")) {
        if (tableNames.isEmpty()) {
          throw new SQLException("FAILED: SemanticException Database does not exist: dicm");
        }
        return new QueryResult(List.of("tab_name"), tableNames.stream().map(List::of).toList());
      }
      if (query.startsWith("SHOW VIEWS")) {
        return new QueryResult(List.of("tab_name"), viewNames.stream().map(List::of).toList());
      }
      if (query.startsWith("SHOW TBLPROPERTIES")) {
        String table = group(TABLE, query);
        List<List<String>> rows = new ArrayList<>(List.of(List.of("EXTERNAL", "TRUE")));
        if (table.equals("features")) {
          rows.add(List.of("dicm.extractor", extractor));
        }
        properties
            .getOrDefault(table, Map.of())
            .forEach((name, value) -> rows.add(List.of(name, value)));
        return new QueryResult(List.of("prpt_name", "prpt_value"), rows);
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

    /** Whether the server is lost in this statement. */
    private boolean arrived(String statement) throws SQLException {
      statements.add(statement);
      checkAlive();
      return statements.size() == cutIn;
    }

    private SQLException lost() {
      gone = true;
      return new HiveConnectionLostException(new SQLException("java.net.SocketException: reset"));
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
