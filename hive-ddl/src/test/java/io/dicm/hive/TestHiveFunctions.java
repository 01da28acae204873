package io.dicm.hive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestHiveFunctions {
  private static final int JAVA_8 = 52;

  /** Keeps functions, and describes them as HiveServer2 4.0.1 does. */
  private static final class FunctionCatalog implements HiveSessions, HiveStatements {
    private static final Pattern CREATE =
        Pattern.compile("CREATE FUNCTION (\\S+) AS '([^']+)' USING JAR '([^']+)'");

    private final Map<String, List<String>> functions = new LinkedHashMap<>();
    private final List<String> changes = new ArrayList<>();
    private boolean refusing;

    @Override
    public HiveStatements open() {
      return this;
    }

    @Override
    public String address() {
      return "jdbc:hive2://fake:10000/";
    }

    @Override
    public void execute(String statement) throws SQLException {
      if (refusing) {
        throw new SQLException("FAILED: Principal [name=ann] does not have ADMIN PRIVILEGE");
      }
      changes.add(statement);
      Matcher create = CREATE.matcher(statement);
      if (create.matches()) {
        List<String> description =
            List.of(
                "It counts; see there",
                "Function class:" + create.group(2),
                "Function type:PERSISTENT",
                "Resource:" + create.group(3));
        assertThat(functions.put(create.group(1), description)).isNull();
      } else {
        functions.remove(statement.replace("DROP FUNCTION IF EXISTS ", ""));
      }
    }

    @Override
    public QueryResult query(String query) {
      String name = query.replace("DESCRIBE FUNCTION EXTENDED ", "");
      return new QueryResult(
          List.of("tab_name"),
          functions.getOrDefault(name, List.of("Function '" + name + "' does not exist.")).stream()
              .map(List::of)
              .toList());
    }

    @Override
    public void close() {}
  }

  private final FunctionCatalog hive = new FunctionCatalog();
  private final HiveFunctions functions = new HiveFunctions(new Configuration(), hive, "shop");

  @TempDir java.nio.file.Path workspace;

  @Test
  void makesAllFromOneJarThatIsWhole() throws Exception {
    assertThat(functions.install(new Path(workspace.toUri()))).isEqualTo(7);

    assertThat(hive.functions)
        .containsOnlyKeys(
            "`shop`.`cosine_similarity`",
            "`shop`.`dot_product`",
            "`shop`.`l2_norm`",
            "`shop`.`decode_half`",
            "`shop`.`nearest`",
            "`shop`.`auc`",
            "`shop`.`gauc`");
    java.nio.file.Path jar = onlyJar();
    assertThat(jar.getFileName().toString()).matches("dicm-hive-udf-[0-9a-f]{16}\\.jar");
    try (JarFile file = new JarFile(jar.toFile())) {
      for (List<String> description : hive.functions.values()) {
        assertThat(description.get(3)).endsWith("/hive/" + jar.getFileName());
        String name = description.get(1).replace("Function class:", "").replace('.', '/');
        try (InputStream code = file.getInputStream(file.getJarEntry(name + ".class"))) {
          assertThat(code.readNBytes(8)[7]).as(name).isEqualTo((byte) JAVA_8);
        }
      }
    }
  }

  @Test
  void againChangesNothing() throws Exception {
    functions.install(new Path(workspace.toUri()));
    hive.changes.clear();

    assertThat(functions.install(new Path(workspace.toUri()))).isZero();
    assertThat(hive.changes).isEmpty();
    assertThat(onlyJar()).exists();
  }

  @Test
  void functionOfAnotherJarIsReplacedAlone() {
    functions.install(new Path(workspace.toUri()));
    hive.changes.clear();
    hive.functions.put(
        "`shop`.`auc`",
        List.of("Function class:io.dicm.hive.udf.AreaUnderCurve", "Resource:hdfs://old.jar"));

    assertThat(functions.install(new Path(workspace.toUri()))).isEqualTo(1);
    assertThat(hive.changes).hasSize(2).first().isEqualTo("DROP FUNCTION IF EXISTS `shop`.`auc`");
  }

  @Test
  void plantedJarIsReplacedAndItsFunctionsMadeAnew() throws Exception {
    functions.install(new Path(workspace.toUri()));
    java.nio.file.Path jar = onlyJar();
    byte[] ours = Files.readAllBytes(jar);
    Files.delete(jar.resolveSibling("." + jar.getFileName() + ".crc"));
    Files.writeString(jar, "not ours");

    assertThat(functions.install(new Path(workspace.toUri()))).isEqualTo(7);
    assertThat(onlyJar()).isEqualTo(jar).hasBinaryContent(ours);
  }

  @Test
  void refusalIsOneSentence() {
    hive.refusing = true;

    assertThatThrownBy(() -> functions.install(new Path(workspace.toUri())))
        .isInstanceOf(DicmException.class)
        .hasMessage(
            "Cannot make the functions of database shop in Hive at jdbc:hive2://fake:10000/:"
                + " Principal [name=ann] does not have ADMIN PRIVILEGE.")
        .matches(e -> ((DicmException) e).code() == ErrorCode.HIVE_FAILED);
  }

  private java.nio.file.Path onlyJar() throws IOException {
    try (Stream<java.nio.file.Path> files = Files.list(workspace.resolve("hive"))) {
      return files
          .filter(file -> file.toString().endsWith(".jar"))
          .reduce((one, other) -> null)
          .orElseThrow();
    }
  }
}
