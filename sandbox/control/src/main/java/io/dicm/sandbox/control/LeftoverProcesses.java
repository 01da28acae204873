package io.dicm.sandbox.control;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds and ends what a sandbox's daemons leave behind when they die before they can clean up:
 * containers, whose environment YARN sets to name their local folders, and clients that were marked
 * with {@link #CLIENT_MARK}.
 *
 * <p>Neither working directory nor command line counts: a user's own shell or editor in the folder
 * is not the sandbox's.
 */
public final class LeftoverProcesses {
  /**
   * Environment variable that holds the folder of the sandbox together with which its bearer has to
   * end.
   */
  public static final String CLIENT_MARK = "DICM_SANDBOX_CLIENT_OF";

  private static final Duration KILL_LIMIT = Duration.ofSeconds(5);

  private final String clientEntry;
  private final String containerEntry;

  public LeftoverProcesses(SandboxDirectory directory) {
    this.clientEntry = CLIENT_MARK + "=" + directory.root();
    this.containerEntry = "LOCAL_DIRS=" + directory.yarn() + "/";
  }

  /** Living processes of the sandbox that are not its daemons. */
  public List<ProcessIdentity> find() throws IOException {
    try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
      return entries
          .filter(entry -> isNumber(entry.getFileName().toString()))
          .filter(this::belongsHere)
          .map(entry -> ProcessIdentity.of(Long.parseLong(entry.getFileName().toString())))
          .flatMap(Optional::stream)
          .filter(process -> process.pid() != ProcessHandle.current().pid())
          .toList();
    }
  }

  /**
   * Kills them, and those that they start meanwhile.
   *
   * @return how many were killed
   */
  public int killAll() throws IOException, InterruptedException {
    Deadline deadline = Deadline.in(KILL_LIMIT);
    int killed = 0;
    List<ProcessIdentity> found = find();
    while (!found.isEmpty() && !deadline.isPast()) {
      found.forEach(ProcessIdentity::kill);
      killed += found.size();
      List<ProcessIdentity> dying = found;
      deadline.await(() -> dying.stream().noneMatch(ProcessIdentity::isAlive));
      found = find();
    }
    return killed;
  }

  private boolean belongsHere(Path process) {
    String environment;
    try {
      environment =
          new String(Files.readAllBytes(process.resolve("environ")), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return false; // Gone, or another user's.
    }
    return Stream.of(environment.split("\0", -1))
        .anyMatch(entry -> entry.equals(clientEntry) || entry.startsWith(containerEntry));
  }

  private static boolean isNumber(String name) {
    return name.chars().allMatch(Character::isDigit);
  }
}
