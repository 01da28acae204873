package io.dicm.hive;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.FileDigest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes DICM's functions permanent ones of a database: their jar goes into the workspace, under a
 * name with its digest, and a function that comes from this jar already is left alone. A file of
 * that name with other bytes is replaced, and all functions are made anew. May be run again at any
 * time. Safe for use by many threads.
 */
public final class HiveFunctions {
  private static final Logger LOG = LoggerFactory.getLogger(HiveFunctions.class);
  private static final String SCRIPT = "ddl/functions.hql";
  private static final String JAR = "ddl/dicm-hive-udf.jar";
  private static final String DIRECTORY = "hive";
  private static final int DIGEST_LENGTH = 16;
  private static final Pattern CREATE =
      Pattern.compile("CREATE FUNCTION (`\\w+`\\.`\\w+`) AS '([\\w.]+)'.*", Pattern.DOTALL);

  private final Configuration conf;
  private final HiveSessions sessions;
  private final String database;

  /**
   * @param conf for the workspace's file system
   * @param database must be there
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} for a name that Hive cannot have
   */
  public HiveFunctions(Configuration conf, HiveSessions sessions, String database) {
    this.conf = conf;
    this.sessions = sessions;
    this.database = HiveText.checkedIdentifier(database);
  }

  /**
   * Makes the functions where they are missing or come from another jar.
   *
   * @param workspace the workspace's directory, which HiveServer2 must be able to read
   * @return how many were made
   * @throws DicmException {@link ErrorCode#STORAGE_FAILED} when the jar cannot be written, {@link
   *     ErrorCode#HIVE_FAILED} when Hive refuses one, for which the user may lack the right
   */
  public int install(Path workspace) {
    Upload upload = upload(workspace);
    String jar = upload.jar().toString();
    List<String> statements =
        HiveScript.resource(SCRIPT).statements(Map.of("database", database, "jar", jar));
    int made = 0;
    try (HiveStatements hive = sessions.open()) {
      // Pairs: DROP FUNCTION IF EXISTS, then CREATE FUNCTION, which Hive has no IF NOT EXISTS for.
      for (int i = 0; i < statements.size(); i += 2) {
        if (upload.replaced() || !isFrom(hive, statements.get(i + 1), jar)) {
          hive.execute(statements.get(i));
          hive.execute(statements.get(i + 1));
          made++;
        }
      }
    } catch (SQLException e) {
      throw HiveFailures.failed(
          "make the functions of database " + database, sessions.address(), e);
    }
    LOG.info("Made {} functions in Hive database {} from {}", made, database, jar);
    return made;
  }

  private static boolean isFrom(HiveStatements hive, String create, String jar)
      throws SQLException {
    Matcher matcher = CREATE.matcher(create);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(SCRIPT + " has an unknown statement: " + create);
    }
    List<String> description =
        hive.query("DESCRIBE FUNCTION EXTENDED " + matcher.group(1)).rows().stream()
            .map(row -> row.get(0).strip())
            .toList();
    return description.contains("Function class:" + matcher.group(2))
        && description.contains("Resource:" + jar);
  }

  /**
   * The jar in the workspace.
   *
   * @param replaced whether another file had its name
   */
  private record Upload(Path jar, boolean replaced) {}

  private Upload upload(Path workspace) {
    byte[] jar = jar();
    String digest = FileDigest.sha256(jar);
    String name = "dicm-hive-udf-" + digest.substring(0, DIGEST_LENGTH) + ".jar";
    Path target = new Path(new Path(workspace, DIRECTORY), name);
    try {
      FileSystem fs = target.getFileSystem(conf);
      boolean other = fs.exists(target) && !FileDigest.sha256(conf, target).equals(digest);
      if (other) {
        // HiveServer2 would run it with its own rights.
        LOG.warn(
            "{} was not the jar that its name says, and is replaced. See who may write there.",
            target);
        fs.delete(target, false);
      }
      if (!fs.exists(target)) {
        write(fs, target, jar);
      }
      return new Upload(fs.makeQualified(target), other);
    } catch (IOException e) {
      throw new DicmException(
          ErrorCode.STORAGE_FAILED,
          "Cannot write the jar of Hive's functions to " + target + ": " + e.getMessage() + ".",
          e);
    }
  }

  /** Under another name first: Hive finds the whole file or none. */
  private static void write(FileSystem fs, Path target, byte[] jar) throws IOException {
    Path unfinished = target.suffix("." + UUID.randomUUID());
    try (OutputStream out = fs.create(unfinished, false)) {
      out.write(jar);
    }
    if (!fs.rename(unfinished, target)) {
      fs.delete(unfinished, false); // Another registration was faster; its copy is the same.
    }
  }

  private static byte[] jar() {
    try (InputStream in = HiveFunctions.class.getResourceAsStream(JAR)) {
      if (in == null) {
        throw new DicmException(
            ErrorCode.CONFIGURATION_INVALID,
            "Cannot make functions in Hive: this build of DICM has no " + JAR + ".");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new DicmException(
          ErrorCode.STORAGE_FAILED, "Cannot read " + JAR + ": " + e.getMessage() + ".", e);
    }
  }
}
