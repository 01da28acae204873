package io.dicm.sandbox.control;

/**
 * Whether the sandbox asks its clients who they are, and how long it then believes them.
 *
 * @param kerberos whether a Kerberos server runs and HDFS and YARN want its tickets
 * @param tokenRenewalSeconds for how long a delegation token of HDFS is good until it is renewed
 * @param tokenLifetimeSeconds for how long it can be renewed
 */
public record SandboxSecurity(boolean kerberos, int tokenRenewalSeconds, int tokenLifetimeSeconds) {
  /** Hadoop's own defaults. */
  static final int DEFAULT_TOKEN_RENEWAL_SECONDS = 86_400;

  static final int DEFAULT_TOKEN_LIFETIME_SECONDS = 604_800;

  /** The realm of the sandbox's Kerberos server. */
  public static final String REALM = "DICM.SANDBOX";

  /** Everybody is who he says he is. */
  static SandboxSecurity none() {
    return new SandboxSecurity(
        false, DEFAULT_TOKEN_RENEWAL_SECONDS, DEFAULT_TOKEN_LIFETIME_SECONDS);
  }

  /** The principal of all daemons; by its first part they are the user who runs the sandbox. */
  public String daemonPrincipal() {
    return owner() + "/localhost@" + REALM;
  }

  /** The principal of the daemons' web pages. */
  public String webPrincipal() {
    return "HTTP/localhost@" + REALM;
  }

  /** The user who runs the sandbox. */
  public static String owner() {
    return System.getProperty("user.name");
  }
}
