package io.dicm.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Stands in for the command line of dicm.jar, which is not on this module's class path. */
public final class Main {
  private static final int USAGE = 2;

  private Main() {}

  /**
   * Says what it was called with; {@code --status N} chooses its exit status, {@code --wait FILE}
   * makes FILE and never ends, {@code --property NAME} adds a system property. It has no command
   * {@code typo} and no option {@code --typo}.
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    List<String> given = List.of(arguments);
    System.out.println(String.join(" ", given));
    System.out.println("HADOOP_CONF_DIR=" + System.getenv("HADOOP_CONF_DIR"));
    if (given.contains("typo") || given.contains("--typo")) {
      System.err.println("USAGE: there is no such thing.");
      System.exit(USAGE);
    }
    if (given.contains("--check") || given.contains("--help")) {
      return;
    }
    int property = given.indexOf("--property");
    if (property >= 0) {
      System.out.println(System.getProperty(given.get(property + 1)));
    }
    int wait = given.indexOf("--wait");
    if (wait >= 0) {
      Files.writeString(Path.of(given.get(wait + 1)), Long.toString(ProcessHandle.current().pid()));
      TimeUnit.HOURS.sleep(1);
    }
    int status = given.indexOf("--status");
    System.exit(status < 0 ? 0 : Integer.parseInt(given.get(status + 1)));
  }
}
