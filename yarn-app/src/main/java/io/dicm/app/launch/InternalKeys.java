package io.dicm.app.launch;

/** Keys by which the client tells the master; nobody sets them by hand. */
public final class InternalKeys {
  /** Everything of this prefix is set by DICM itself. */
  public static final String PREFIX = "dicm.internal.";

  /** The application's staging directory. */
  public static final String STAGING = PREFIX + "staging";

  /** Where {@code dicm.jar} lies, if not on the class path; for tests. */
  public static final String APPLICATION_JAR = PREFIX + "application-jar";

  private InternalKeys() {}
}
