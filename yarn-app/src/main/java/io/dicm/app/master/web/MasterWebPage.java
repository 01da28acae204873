package io.dicm.app.master.web;

import io.dicm.app.master.history.RunHistory;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.api.records.ApplicationAccessType;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The master's web page, as long as the master runs. Where no port can be had there is none: the
 * run does not need it.
 */
public final class MasterWebPage implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MasterWebPage.class);

  private final String host;
  private final ViewRights rights;
  private final Optional<WebServer> server;

  /**
   * Starts to listen; nobody sees anything before {@link #admit}.
   *
   * @param host the node's name or address, as other nodes reach it
   * @param base path of the application at YARN's web proxy
   */
  public MasterWebPage(
      Configuration conf, ApplicationId application, String host, String base, RunHistory history) {
    this.host = host;
    this.rights = new ViewRights(conf, application, history.user());
    this.server = open(host, rights, conf, base, history);
  }

  /** What YARN is told; empty where there is no page. */
  public String trackingUrl() {
    return server.map(open -> "http://" + host + ":" + open.port() + "/").orElse("");
  }

  /** Shows the run to those who may see it, by the lists with which it was submitted. */
  public void admit(Map<ApplicationAccessType, String> lists) {
    rights.know(lists);
  }

  @Override
  public void close() {
    server.ifPresent(WebServer::close);
  }

  private static Optional<WebServer> open(
      String host, ViewRights rights, Configuration conf, String base, RunHistory history) {
    try {
      return Optional.of(
          new WebServer(
              host,
              new GuardedHandler(
                  ProxyGate.of(conf, base), rights, new RunPages(history::detailed))));
    } catch (IOException | RuntimeException | LinkageError e) {
      // LinkageError: a Java runtime without the module jdk.httpserver.
      LOG.warn("This run has no web page", e);
      return Optional.empty();
    }
  }
}
