package io.dicm.app.master.web;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests that may be answered: those that read, that come through YARN's web proxy, and
 * whose user may see the application. Safe for use by many threads.
 */
final class GuardedHandler implements HttpHandler {
  private static final Logger LOG = LoggerFactory.getLogger(GuardedHandler.class);
  private static final String HEAD = "HEAD";
  private static final String METHODS = "GET, HEAD";
  private static final int NO_BODY = -1;

  /** Nothing is loaded but the page's own files, nothing runs but its own script. */
  private static final Map<String, String> STRICT =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
              + " img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "X-Frame-Options",
          "DENY",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "Cache-Control",
          "no-store");

  private final ProxyGate gate;
  private final ViewRights rights;
  private final RunPages pages;

  GuardedHandler(ProxyGate gate, ViewRights rights, RunPages pages) {
    this.gate = gate;
    this.rights = rights;
    this.pages = pages;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Response response;
      try {
        response = answer(exchange);
      } catch (RuntimeException e) {
        LOG.error("Cannot answer a request", e);
        response = Response.refused(500, "Cannot answer: see the master's log.", Map.of());
      }
      send(exchange, response);
    }
  }

  private Response answer(HttpExchange exchange) {
    if (!List.of("GET", HEAD).contains(exchange.getRequestMethod())) {
      return Response.refused(
          405, "This page can only be read (" + METHODS + ").", Map.of("Allow", METHODS));
    }
    if (!gate.admits(exchange.getRemoteAddress().getAddress())) {
      return stranger(exchange);
    }
    Optional<String> user =
        ProxyUser.in(exchange.getRequestHeaders().getOrDefault("Cookie", List.of()));
    if (!rights.mayView(user)) {
      return Response.refused(
          403,
          "You may not see this application: ask its owner to name you in its list of viewers.",
          Map.of());
    }
    return pages
        .at(exchange.getRequestURI().getPath())
        .orElseGet(() -> Response.refused(404, "There is no such page here.", Map.of()));
  }

  private Response stranger(HttpExchange exchange) {
    String query = exchange.getRequestURI().getRawQuery();
    String asked = exchange.getRequestURI().getRawPath() + (query == null ? "" : "?" + query);
    return gate.elsewhere(asked)
        .map(
            place ->
                Response.refused(
                    302,
                    "This page is shown by the resource manager's web proxy: " + place,
                    Map.of("Location", place)))
        .orElseGet(
            () ->
                Response.refused(
                    403,
                    "This page answers to the resource manager's web proxy alone. You came from "
                        + exchange.getRemoteAddress().getAddress().getHostAddress()
                        + ", which is no proxy's address: see yarn.web-proxy.address and"
                        + " yarn.resourcemanager.webapp.address.",
                    Map.of()));
  }

  private static void send(HttpExchange exchange, Response response) throws IOException {
    Headers headers = exchange.getResponseHeaders();
    STRICT.forEach(headers::set);
    response.headers().forEach(headers::set);
    headers.set("Content-Type", response.contentType());
    if (exchange.getRequestMethod().equals(HEAD)) {
      headers.set("Content-Length", Integer.toString(response.body().length));
      exchange.sendResponseHeaders(response.status(), NO_BODY);
      return;
    }
    exchange.sendResponseHeaders(
        response.status(), response.body().length == 0 ? NO_BODY : response.body().length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(response.body());
    }
  }
}
