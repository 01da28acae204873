package io.dicm.sandbox.oozie;

import io.dicm.sandbox.control.SandboxPort;
import io.dicm.sandbox.control.SandboxSettings;
import java.util.EnumSet;
import javax.servlet.DispatcherType;
import org.apache.oozie.servlet.AuthFilter;
import org.apache.oozie.servlet.CallbackServlet;
import org.apache.oozie.servlet.HostnameFilter;
import org.apache.oozie.servlet.V1JobsServlet;
import org.apache.oozie.servlet.V2AdminServlet;
import org.apache.oozie.servlet.V2JobServlet;
import org.apache.oozie.servlet.V2ValidateServlet;
import org.apache.oozie.servlet.VersionServlet;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.ServletContextHandler;

/**
 * Oozie's HTTP API, on 127.0.0.1 alone. Its own server listens on all interfaces and has web pages
 * besides.
 */
final class OozieWebServer {
  private static final String LOOPBACK = "127.0.0.1";

  private final Server server = new Server();

  OozieWebServer(SandboxSettings settings) {
    ServerConnector connector = new ServerConnector(server, 1, 1);
    connector.setHost(LOOPBACK);
    connector.setPort(settings.port(SandboxPort.OOZIE));
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler();
    context.setContextPath("/oozie");
    // Launchers tell that they have ended; their address has a number that only they know.
    context.addServlet(CallbackServlet.class, "/callback");
    context.addServlet(VersionServlet.class, "/versions");
    for (String version : new String[] {"/v1", "/v2"}) {
      context.addServlet(V2JobServlet.class, version + "/job/*");
      context.addServlet(V1JobsServlet.class, version + "/jobs");
      context.addServlet(V2AdminServlet.class, version + "/admin/*");
    }
    context.addServlet(V2ValidateServlet.class, "/v2/validate");
    EnumSet<DispatcherType> requests = EnumSet.of(DispatcherType.REQUEST);
    context.addFilter(HostnameFilter.class, "/*", requests);
    for (String path : new String[] {"/versions", "/v1/*", "/v2/*"}) {
      context.addFilter(AuthFilter.class, path, requests);
    }
    server.setHandler(context);
  }

  void start() throws Exception {
    server.start();
  }

  void stop() throws Exception {
    server.stop();
  }
}
