package io.dicm.sandbox.control;

import java.util.ArrayList;
import java.util.List;

/**
 * How one process of the sandbox is run.
 *
 * @param name short name: of its module, its log and its pid file
 * @param label for messages
 * @param mainClass entry point, called as {@link ServiceRunner#run} says
 * @param jvmFlags heap and module flags
 */
record ServiceSpec(String name, String label, String mainClass, List<String> jvmFlags) {

  /** HDFS and YARN. */
  static final ServiceSpec HADOOP =
      new ServiceSpec(
          "hadoop",
          "HDFS and YARN",
          "io.dicm.sandbox.hadoop.HadoopSandbox",
          List.of("-Xmx768m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));

  /** HiveServer2. */
  static final ServiceSpec HIVE =
      new ServiceSpec("hive", "HiveServer2", "io.dicm.sandbox.hive.HiveSandbox", hiveFlags());

  /** The Oozie server. */
  static final ServiceSpec OOZIE =
      new ServiceSpec(
          "oozie",
          "Oozie",
          "io.dicm.sandbox.oozie.OozieSandbox",
          List.of("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));

  /** In starting order. */
  static final List<ServiceSpec> ALL = List.of(HADOOP, HIVE, OOZIE);

  ServiceSpec {
    jvmFlags = List.copyOf(jvmFlags);
  }

  /** Hive 4.0 looks into these packages by reflection. */
  private static List<String> hiveFlags() {
    List<String> flags = new ArrayList<>(List.of("-Xmx1g", "-XX:+UseSerialGC"));
    for (String opened :
        List.of(
            "java.base/java.io",
            "java.base/java.lang",
            "java.base/java.lang.reflect",
            "java.base/java.math",
            "java.base/java.net",
            "java.base/java.nio",
            "java.base/java.text",
            "java.base/java.time",
            "java.base/java.util",
            "java.base/java.util.concurrent",
            "java.base/java.util.concurrent.atomic",
            "java.base/java.util.regex",
            "java.sql/java.sql")) {
      flags.add("--add-opens=" + opened + "=ALL-UNNAMED");
    }
    return flags;
  }
}
