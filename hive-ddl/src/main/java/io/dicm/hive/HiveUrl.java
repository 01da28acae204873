package io.dicm.hive;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A JDBC URL of HiveServer2, by its parts. Some of its settings are secrets, so {@link #toString}
 * has none of them. Immutable.
 *
 * @param hosts {@code host:port}, several with commas between them for ZooKeeper's ensemble
 * @param database after the hosts; may be empty
 * @param settings of the session, in order
 * @param rest Hive's own settings and variables, from {@code ?} or {@code #} on; may be empty
 */
record HiveUrl(String hosts, String database, Map<String, String> settings, String rest) {
  static final String SCHEME = "jdbc:hive2://";
  static final String PRINCIPAL = "principal";
  static final String AUTH = "auth";
  static final String DELEGATION_TOKEN = "delegationToken";
  static final String SOCKET_TIMEOUT = "socketTimeout";

  private static final Pattern URL =
      Pattern.compile(Pattern.quote(SCHEME) + "([^/;?#]*)(?:/([^;?#]*))?(?:;([^?#]*))?([?#].*)?");
  private static final Pattern HOSTS = Pattern.compile("[^,\\s]+(,[^,\\s]+)*");
  private static final Pattern PRINCIPAL_FORM = Pattern.compile("[^/@\\s]+/[^/@\\s]+@[^/@\\s]+");

  /** Settings of which the driver knows a few values; it takes others for its default. */
  private static final Map<String, Set<String>> CHOICES =
      Map.of(
          "ssl", Set.of("true", "false"),
          "transportMode", Set.of("binary", "http"),
          "saslQop", Set.of("auth", "auth-int", "auth-conf"),
          "serviceDiscoveryMode", Set.of("none", "zookeeper", "zookeeperha"));

  HiveUrl {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
  }

  /**
   * Reads one.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} for the URL of another driver,
   *     and for settings that the driver would silently take for something else
   */
  static HiveUrl parse(String url) {
    Matcher parts = URL.matcher(url);
    if (!parts.matches()) {
      throw invalid(shown(url), "allowed is " + SCHEME + "host:port/...");
    }
    Map<String, String> settings = new LinkedHashMap<>();
    for (String setting : (parts.group(3) == null ? "" : parts.group(3)).split(";", -1)) {
      int equals = setting.indexOf('=');
      if (equals > 0) {
        settings.put(setting.substring(0, equals).strip(), setting.substring(equals + 1).strip());
      } else if (!setting.isBlank()) {
        // Not shown: it may be the second half of a password with a semicolon in it.
        throw invalid(
            shown(url), "setting " + (settings.size() + 1) + " after it is no name=value");
      }
    }
    HiveUrl parsed =
        new HiveUrl(
            parts.group(1),
            parts.group(2) == null ? "" : parts.group(2),
            settings,
            parts.group(4) == null ? "" : parts.group(4));
    parsed.check();
    return parsed;
  }

  /** A setting's value; the driver tells names apart by case. */
  Optional<String> setting(String name) {
    return Optional.ofNullable(settings.get(name));
  }

  /** The same with a setting, which replaces the one of that name. */
  HiveUrl with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(settings);
    more.put(name, value);
    return new HiveUrl(hosts, database, more, rest);
  }

  /** The same without a setting. */
  HiveUrl without(String name) {
    Map<String, String> fewer = new LinkedHashMap<>(settings);
    fewer.remove(name);
    return new HiveUrl(hosts, database, fewer, rest);
  }

  /** Whether the session is to be one by delegation token. */
  boolean isByToken() {
    return setting(AUTH).filter(DELEGATION_TOKEN::equalsIgnoreCase).isPresent();
  }

  /** The whole, secrets included, as the driver takes it. */
  String text() {
    return SCHEME
        + hosts
        + "/"
        + database
        + settings.entrySet().stream()
            .map(setting -> ";" + setting.getKey() + "=" + setting.getValue())
            .collect(Collectors.joining())
        + rest;
  }

  /** Hosts and database, without settings. */
  @Override
  public String toString() {
    return SCHEME + hosts + "/" + database;
  }

  private void check() {
    if (!hosts.isEmpty() && !HOSTS.matcher(hosts).matches()) {
      throw invalid(toString(), "its hosts are no host:port,host:port");
    }
    CHOICES.forEach(this::checkChoice);
    setting(PRINCIPAL)
        .filter(principal -> !PRINCIPAL_FORM.matcher(principal).matches())
        .ifPresent(
            principal -> {
              throw invalid(
                  toString(),
                  "its principal was '"
                      + principal
                      + "', needed is HiveServer2's, hive/_HOST@REALM");
            });
    if (setting("sslTrustStore").isPresent()
        && !setting("ssl").filter("true"::equalsIgnoreCase).isPresent()) {
      throw invalid(
          toString(), "it has an sslTrustStore but not ssl=true, so nothing is encrypted");
    }
  }

  private void checkChoice(String name, Set<String> allowed) {
    setting(name)
        .filter(value -> !allowed.contains(value.toLowerCase(Locale.ROOT)))
        .ifPresent(
            value -> {
              throw invalid(
                  toString(),
                  "its "
                      + name
                      + " was '"
                      + value
                      + "', allowed is one of "
                      + allowed.stream().sorted().toList());
            });
  }

  private static String shown(String url) {
    return url.replaceFirst("[;?#].*", "");
  }

  private static DicmException invalid(String shown, String why) {
    return new DicmException(
        ErrorCode.CONFIGURATION_INVALID,
        "Cannot use " + DicmKeys.HIVE_JDBC_URL + ": was '" + shown + "', " + why);
  }
}
