package io.dicm.app.logs;

/**
 * A container with logs.
 *
 * @param id YARN's
 * @param member what it is of the application, such as {@code master} or {@code server 0}; empty
 *     when it does not say
 * @param node where it runs or ran, as far as is known
 */
public record LoggedContainer(String id, String member, String node) {
  /** Whether it has this role. */
  public boolean hasRole(String role) {
    return member.equals(role) || member.startsWith(role + " ");
  }
}
