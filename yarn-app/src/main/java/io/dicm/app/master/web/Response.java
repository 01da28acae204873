package io.dicm.app.master.web;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * An answer to a request.
 *
 * @param status of HTTP
 * @param contentType of the body
 * @param body bytes
 * @param headers besides those that every answer has
 */
record Response(int status, String contentType, byte[] body, Map<String, String> headers) {
  static final String HTML = "text/html; charset=utf-8";
  static final String JSON = "application/json; charset=utf-8";
  static final String TEXT = "text/plain; charset=utf-8";

  /** With a text as body. */
  static Response ok(String contentType, String text) {
    return new Response(200, contentType, text.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  /** With one sentence as body. */
  static Response refused(int status, String sentence, Map<String, String> headers) {
    return new Response(status, TEXT, (sentence + "\n").getBytes(StandardCharsets.UTF_8), headers);
  }
}
