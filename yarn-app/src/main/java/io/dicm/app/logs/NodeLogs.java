package io.dicm.app.logs;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dicm.app.launch.MemberFile;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.web.URLConnectionFactory;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.security.authentication.client.AuthenticationException;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.api.records.ContainerReport;

/**
 * Logs of containers that run, from the web services of their node managers. On a cluster with
 * Kerberos the pages want the user's ticket (SPNEGO): delegation tokens do not open them.
 */
public final class NodeLogs implements LogSource {
  private static final int TIMEOUT_MS = 20_000;

  private final ApplicationId id;
  private final Map<String, String> addresses = new TreeMap<>();
  private final Set<String> silent = new HashSet<>();
  private final URLConnectionFactory connections;

  /**
   * @param running the containers of the application that run, as the resource manager reports them
   */
  public NodeLogs(Configuration conf, ApplicationId id, List<ContainerReport> running) {
    this.id = id;
    for (ContainerReport container : running) {
      addresses.put(container.getContainerId().toString(), container.getNodeHttpAddress());
    }
    this.connections =
        URLConnectionFactory.newDefaultURLConnectionFactory(TIMEOUT_MS, TIMEOUT_MS, conf);
  }

  @Override
  public List<LoggedContainer> containers() throws IOException {
    if (addresses.isEmpty()) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING, "Cannot show logs of " + id + ": no container of it runs yet.");
    }
    List<LoggedContainer> containers = new ArrayList<>();
    for (String container : addresses.keySet()) {
      containers.add(named(container));
    }
    containers.sort(Comparator.comparing(LoggedContainer::id));
    return containers;
  }

  @Override
  public List<String> files(LoggedContainer container) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    return fetch(container.id(), "", Long.MAX_VALUE, text)
        ? new ObjectMapper()
            .readTree(text.toByteArray()).findValuesAsText("fileName").stream().distinct().toList()
        : List.of();
  }

  @Override
  public boolean write(LoggedContainer container, String file, long tailBytes, OutputStream out)
      throws IOException {
    return fetch(container.id(), file, tailBytes, out);
  }

  @Override
  public void close() {
    connections.destroy();
  }

  private LoggedContainer named(String container) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    String node = addresses.get(container);
    LoggedContainer unnamed = new LoggedContainer(container, "", URI.create(node).getAuthority());
    if (silent.contains(node)) {
      return unnamed;
    }
    try {
      if (!fetch(container, MemberFile.NAME, Long.MAX_VALUE, text)) {
        return unnamed;
      }
    } catch (DicmException e) {
      if (e.code() == ErrorCode.AUTHENTICATION_FAILED) {
        throw e;
      }
      // One node that does not answer hides no log of another; what is wanted of it says why.
      silent.add(node);
      return unnamed;
    }
    return LogText.members(text.toString(StandardCharsets.UTF_8)).getOrDefault(container, unnamed);
  }

  private boolean fetch(String container, String file, long tailBytes, OutputStream out)
      throws IOException {
    HttpURLConnection connection = open(container, file, tailBytes);
    try {
      int status = connection.getResponseCode();
      if (status == HttpURLConnection.HTTP_NOT_FOUND) {
        return false;
      } else if (status == HttpURLConnection.HTTP_UNAUTHORIZED
          || status == HttpURLConnection.HTTP_FORBIDDEN) {
        throw refused(container, "HTTP status " + status, null);
      } else if (status != HttpURLConnection.HTTP_OK) {
        throw unavailable(container, "HTTP status " + status, null);
      }
      try (InputStream in = connection.getInputStream()) {
        in.transferTo(out);
      }
      return true;
    } catch (IOException e) {
      throw unavailable(container, e.getMessage(), e);
    } finally {
      connection.disconnect();
    }
  }

  private HttpURLConnection open(String container, String file, long tailBytes) throws IOException {
    boolean secure = UserGroupInformation.isSecurityEnabled();
    StringBuilder address = new StringBuilder(addresses.get(container));
    address
        .append("/ws/v1/node/containers/")
        .append(container)
        .append("/logs/")
        .append(encoded(file));
    String separator = "?";
    if (tailBytes != Long.MAX_VALUE) {
      address.append(separator).append("size=-").append(tailBytes);
      separator = "&";
    }
    if (!secure) {
      address
          .append(separator)
          .append("user.name=")
          .append(encoded(UserGroupInformation.getCurrentUser().getShortUserName()));
    }
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              connections.openConnection(URI.create(address.toString()).toURL(), secure);
      if (file.isEmpty()) {
        connection.setRequestProperty("Accept", "application/json");
      }
      return connection;
    } catch (AuthenticationException e) {
      throw refused(container, e.getMessage(), e);
    } catch (IOException e) {
      throw unavailable(container, e.getMessage(), e);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private DicmException refused(String container, String why, Exception cause) {
    return new DicmException(
        ErrorCode.AUTHENTICATION_FAILED,
        "Cannot read the logs of %s at %s: it refused you (%s). Its pages want a Kerberos ticket (kinit) and dicm.yarn.view-acl; after the application's end its logs are on HDFS."
            .formatted(container, addresses.get(container), why),
        cause);
  }

  private DicmException unavailable(String container, String why, Exception cause) {
    return new DicmException(
        ErrorCode.SERVICE_UNAVAILABLE,
        "Cannot read the logs of %s at %s: %s.".formatted(container, addresses.get(container), why),
        cause);
  }
}
