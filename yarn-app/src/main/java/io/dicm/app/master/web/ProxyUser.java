package io.dicm.app.master.web;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Reads who asks from the cookie by which YARN's web proxy tells it. */
final class ProxyUser {
  private static final String COOKIE = "proxy-user=";

  private ProxyUser() {}

  /**
   * The user; nothing where the proxy told none, or something that cannot be a name.
   *
   * @param cookieHeaders values of the request's {@code Cookie} headers
   */
  static Optional<String> in(List<String> cookieHeaders) {
    List<String> users =
        cookieHeaders.stream()
            .flatMap(header -> List.of(header.split(";")).stream())
            .map(String::trim)
            .filter(cookie -> cookie.startsWith(COOKIE))
            .map(cookie -> cookie.substring(COOKIE.length()))
            .distinct()
            .toList();
    // Two names are one too many to believe any.
    return users.size() == 1 ? decoded(users.get(0)) : Optional.empty();
  }

  private static Optional<String> decoded(String value) {
    String bare =
        value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
            ? value.substring(1, value.length() - 1)
            : value;
    try {
      return Optional.of(URLDecoder.decode(bare, StandardCharsets.UTF_8).trim())
          .filter(name -> !name.isEmpty());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
