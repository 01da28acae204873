package io.dicm.sandbox.control;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/**
 * What a sandbox keeps from its first start on, so that {@code hdfs://} addresses in the metastore
 * stay true.
 *
 * @param nodes NodeManagers, all in one process
 * @param memoryMb memory that YARN gives to containers on each node, MiB
 * @param vcores virtual cores that YARN gives to containers on each node; more than the machine
 *     has, since most containers wait
 * @param gpus simulated {@code yarn.io/gpu} devices: counted by the scheduler, not there
 * @param hive whether the latest start was with HiveServer2
 * @param oozie whether the latest start was with Oozie
 * @param security Kerberos, or nothing that asks who a client is
 * @param ports every {@link SandboxPort}'s number
 */
public record SandboxSettings(
    int nodes,
    int memoryMb,
    int vcores,
    int gpus,
    boolean hive,
    boolean oozie,
    SandboxSecurity security,
    Map<SandboxPort, Integer> ports) {
  /** Sandboxes of older versions have no port for these; the next start chooses one. */
  private static final Set<SandboxPort> LATER = EnumSet.of(SandboxPort.OOZIE, SandboxPort.KDC);

  static final int DEFAULT_MEMORY_MB = 10_240;
  static final int DEFAULT_VCORES = 8;

  public SandboxSettings {
    ports = Collections.unmodifiableMap(new EnumMap<>(ports));
  }

  /** The port's number. */
  public int port(SandboxPort port) {
    return ports.get(port);
  }

  /** Whether something of this sandbox listens there. */
  boolean uses(SandboxPort port) {
    return switch (port) {
      case HIVE -> hive;
      case OOZIE -> oozie;
      case KDC -> security.kerberos();
      default -> true;
    };
  }

  /** Whether this process was part of the latest start. */
  boolean runs(ServiceSpec service) {
    return (hive || !service.equals(ServiceSpec.HIVE))
        && (oozie || !service.equals(ServiceSpec.OOZIE));
  }

  /** {@code fs.defaultFS}. */
  public String hdfsUri() {
    return "hdfs://localhost:" + port(SandboxPort.NAMENODE);
  }

  /** What a JDBC client connects to; no database named. */
  public String jdbcUrl() {
    return "jdbc:hive2://127.0.0.1:" + port(SandboxPort.HIVE) + "/";
  }

  /** What Oozie's clients connect to; ends with a slash. */
  public String oozieUrl() {
    return "http://" + address(SandboxPort.OOZIE) + "/oozie/";
  }

  /** {@code 127.0.0.1:port}. */
  public String address(SandboxPort port) {
    return "127.0.0.1:" + port(port);
  }

  /**
   * Reads the settings of a sandbox that was started before.
   *
   * @throws SandboxException when the file is not what {@link #store} wrote
   */
  public static SandboxSettings load(Path file) throws IOException, SandboxException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    Map<SandboxPort, Integer> ports = new EnumMap<>(SandboxPort.class);
    for (SandboxPort port : SandboxPort.values()) {
      if (!LATER.contains(port) || properties.containsKey("port." + port.key())) {
        ports.put(port, number(file, properties, "port." + port.key()));
      }
    }
    // Sandboxes of older versions had one node and no Kerberos, and did not say so.
    properties.putIfAbsent("nodes", "1");
    properties.putIfAbsent("token-renewal-s", "" + SandboxSecurity.DEFAULT_TOKEN_RENEWAL_SECONDS);
    properties.putIfAbsent("token-lifetime-s", "" + SandboxSecurity.DEFAULT_TOKEN_LIFETIME_SECONDS);
    return new SandboxSettings(
        number(file, properties, "nodes"),
        number(file, properties, "memory-mb"),
        number(file, properties, "vcores"),
        number(file, properties, "gpus"),
        Boolean.parseBoolean(properties.getProperty("hive")),
        Boolean.parseBoolean(properties.getProperty("oozie")),
        new SandboxSecurity(
            Boolean.parseBoolean(properties.getProperty("kerberos")),
            number(file, properties, "token-renewal-s"),
            number(file, properties, "token-lifetime-s")),
        ports);
  }

  void store(Path file) throws IOException {
    Properties properties = new Properties();
    properties.setProperty("nodes", Integer.toString(nodes));
    properties.setProperty("memory-mb", Integer.toString(memoryMb));
    properties.setProperty("vcores", Integer.toString(vcores));
    properties.setProperty("gpus", Integer.toString(gpus));
    properties.setProperty("hive", Boolean.toString(hive));
    properties.setProperty("oozie", Boolean.toString(oozie));
    properties.setProperty("kerberos", Boolean.toString(security.kerberos()));
    properties.setProperty("token-renewal-s", Integer.toString(security.tokenRenewalSeconds()));
    properties.setProperty("token-lifetime-s", Integer.toString(security.tokenLifetimeSeconds()));
    ports.forEach(
        (port, number) -> properties.setProperty("port." + port.key(), Integer.toString(number)));
    Path unfinished = file.resolveSibling(file.getFileName() + ".tmp");
    try (Writer writer = Files.newBufferedWriter(unfinished)) {
      properties.store(writer, "DICM sandbox; --fresh makes a new one");
    }
    Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private static int number(Path file, Properties properties, String key) throws SandboxException {
    String value = properties.getProperty(key, "");
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw SandboxException.environment(
          "Cannot read %s: %s was '%s', not a number. Start with --fresh to make a new sandbox."
              .formatted(file, key, value));
    }
  }
}
