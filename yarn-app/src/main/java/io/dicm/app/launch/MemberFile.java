package io.dicm.app.launch;

import org.apache.hadoop.yarn.api.ApplicationConstants;

/**
 * A small file among a container's logs that says what it is of the application, such as {@code
 * server 0}. The shell writes it, so that it is there whatever becomes of the program, and YARN
 * keeps it with the logs.
 */
public final class MemberFile {
  /** The file's name among the container's logs. */
  public static final String NAME = "member";

  /** What the master's file says. */
  public static final String MASTER = "master";

  private MemberFile() {}

  /**
   * A command line that leaves the file and then runs another in its place.
   *
   * @param member words without characters of the shell
   * @param command the other
   */
  public static String before(String member, String command) {
    return "echo %s 1>%s/%s ; exec %s"
        .formatted(member, ApplicationConstants.LOG_DIR_EXPANSION_VAR, NAME, command);
  }
}
