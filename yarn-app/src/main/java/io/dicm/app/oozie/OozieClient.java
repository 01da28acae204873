package io.dicm.app.oozie;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.authentication.client.AuthenticatedURL;
import org.apache.hadoop.security.authentication.client.AuthenticationException;

/**
 * Submits, shows and kills jobs of an Oozie server by its HTTP API (Oozie's "Web Services API",
 * version 2). Logs in by Kerberos where the server asks for it, else by the user's name. For one
 * thread.
 */
public final class OozieClient {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int LONGEST_REASON = 300;
  private static final int MOST_STEPS = 1_000;

  /** Header with the reason of a refusal. */
  private static final String ERROR_HEADER = "oozie-error-message";

  private final URI server;
  private final String user;
  private final JsonMapper json = new JsonMapper();
  private final AuthenticatedURL.Token token = new AuthenticatedURL.Token();

  /**
   * @param server its base, {@code http://host:11000/oozie/}
   * @param user in whose name jobs run
   */
  OozieClient(URI server, String user) {
    this.server = server;
    this.user = user;
  }

  /**
   * For the server of {@code dicm.oozie.url}.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} when that is no http address
   */
  public static OozieClient of(Configuration conf, String user) {
    String url = DicmConfiguration.of(conf).text(DicmKeys.OOZIE_URL);
    if (!url.matches("https?://[^/]+/.*")) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot ask Oozie: %s was '%s', needed is an address such as http://oozie.example.com:11000/oozie/."
              .formatted(DicmKeys.OOZIE_URL, url));
    }
    try {
      return new OozieClient(new URI(url.endsWith("/") ? url : url + "/"), user);
    } catch (URISyntaxException e) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot ask Oozie: %s: %s.".formatted(DicmKeys.OOZIE_URL, e.getMessage()),
          e);
    }
  }

  /**
   * Submits and starts a job.
   *
   * @param properties of the job, as in {@code job.properties}
   * @return its ID
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} when Oozie refuses it, {@link
   *     ErrorCode#SERVICE_UNAVAILABLE} when it does not answer, {@link
   *     ErrorCode#AUTHENTICATION_FAILED}
   */
  public String submit(Map<String, String> properties) throws IOException {
    StringBuilder xml = new StringBuilder("<configuration>");
    Map<String, String> all = new TreeMap<>(properties);
    all.put("user.name", user);
    all.forEach(
        (name, value) ->
            xml.append("<property><name>")
                .append(escape(name))
                .append("</name><value>")
                .append(escape(value))
                .append("</value></property>"));
    xml.append("</configuration>");
    byte[] body = xml.toString().getBytes(StandardCharsets.UTF_8);
    return call("POST", "v2/jobs?action=start", body).path("id").asText();
  }

  /**
   * Shows a job.
   *
   * @throws DicmException as {@link #submit}
   */
  public OozieJob job(String id) throws IOException {
    return OozieJob.of(
        id, call("GET", path(id) + "?show=info&timezone=GMT&offset=1&len=" + MOST_STEPS, null));
  }

  /**
   * Kills a job and all that it runs.
   *
   * @throws DicmException as {@link #submit}
   */
  public void kill(String id) throws IOException {
    call("PUT", path(id) + "?action=kill", null);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String path(String id) {
    return "v2/job/" + URLEncoder.encode(id, StandardCharsets.UTF_8);
  }

  private JsonNode call(String method, String path, byte[] body) throws IOException {
    try {
      HttpURLConnection connection = open(method, path, body);
      int status = connection.getResponseCode();
      if (status >= HttpURLConnection.HTTP_BAD_REQUEST) {
        throw refused(status, connection.getHeaderField(ERROR_HEADER));
      }
      try (InputStream in = connection.getInputStream()) {
        byte[] answer = in.readAllBytes();
        return answer.length == 0 ? json.createObjectNode() : json.readTree(answer);
      }
    } catch (JsonProcessingException e) {
      throw unavailable("its answer is no JSON", e);
    } catch (IOException e) {
      throw unavailable(String.valueOf(e.getMessage()), e);
    }
  }

  private HttpURLConnection open(String method, String path, byte[] body) throws IOException {
    HttpURLConnection connection;
    try {
      AuthenticatedURL login =
          new AuthenticatedURL(
              null,
              unopened -> {
                unopened.setConnectTimeout((int) LIMIT.toMillis());
                unopened.setReadTimeout((int) LIMIT.toMillis());
                return unopened;
              });
      connection = login.openConnection(server.resolve(path).toURL(), token);
    } catch (AuthenticationException e) {
      if (e.getCause() instanceof IOException lost) {
        throw lost;
      }
      throw new DicmException(
          ErrorCode.AUTHENTICATION_FAILED,
          "Cannot ask Oozie at %s: it does not let you in: %s.".formatted(server, e.getMessage()),
          e);
    }
    connection.setRequestMethod(method);
    if (body != null) {
      connection.setDoOutput(true);
      connection.setRequestProperty("Content-Type", "application/xml;charset=UTF-8");
      try (OutputStream out = connection.getOutputStream()) {
        out.write(body);
      }
    }
    return connection;
  }

  private DicmException refused(int status, String reason) {
    String why = reason == null ? "HTTP status " + status : reason.replaceAll("\\s+", " ");
    if (status == HttpURLConnection.HTTP_UNAUTHORIZED) {
      return new DicmException(
          ErrorCode.AUTHENTICATION_FAILED,
          "Cannot ask Oozie at %s: it does not let you in: %s.".formatted(server, why));
    }
    if (status >= HttpURLConnection.HTTP_INTERNAL_ERROR) {
      return unavailable(why, null);
    }
    return new DicmException(
        ErrorCode.CONFIGURATION_INVALID,
        "Oozie at %s refused: %s."
            .formatted(server, why.substring(0, Math.min(LONGEST_REASON, why.length()))));
  }

  private DicmException unavailable(String why, Exception cause) {
    return new DicmException(
        ErrorCode.SERVICE_UNAVAILABLE,
        "Cannot ask Oozie at %s (%s): %s.".formatted(server, DicmKeys.OOZIE_URL, why),
        cause);
  }
}
