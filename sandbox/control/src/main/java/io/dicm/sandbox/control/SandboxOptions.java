package io.dicm.sandbox.control;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A sandbox command line, understood.
 *
 * @param directory folder of the sandbox
 * @param home root of the DICM build, below which the library folders lie
 * @param fresh whether to forget all data first
 * @param hive whether to start HiveServer2
 * @param oozie whether to start Oozie
 * @param kerberos whether HDFS and YARN want Kerberos tickets
 * @param tokenRenewalSeconds until a delegation token has to be renewed; empty: as Hadoop has it
 * @param tokenLifetimeSeconds for how long it can be renewed; empty: as Hadoop has it
 * @param gpus simulated GPUs; empty: as before, or none
 * @param nodes NodeManagers; empty: as before, or one
 * @param memoryMb memory for containers on each node, MiB; empty: as before, or the default
 * @param vcores virtual cores for containers on each node; empty: as before, or the default
 * @param hivePort HiveServer2's port; empty: as before, or any free one
 * @param ownerPid process without which the sandbox ends itself
 * @param startLimit longest wait for readiness
 */
record SandboxOptions(
    Command command,
    SandboxDirectory directory,
    Path home,
    boolean fresh,
    boolean hive,
    boolean oozie,
    boolean kerberos,
    OptionalInt tokenRenewalSeconds,
    OptionalInt tokenLifetimeSeconds,
    OptionalInt gpus,
    OptionalInt nodes,
    OptionalInt memoryMb,
    OptionalInt vcores,
    OptionalInt hivePort,
    OptionalLong ownerPid,
    Duration startLimit) {

  static final String USAGE =
      """
      usage: dicm sandbox start|stop|status [options]
        --dir DIR            folder of the sandbox (default: .sandbox beside ./dicm)
      start only:
        --fresh              forget HDFS, YARN and Hive data of earlier starts
        --gpus N             simulated yarn.io/gpu devices (default 0)
        --nodes N            YARN nodes, all in one process (default 1)
        --memory-mb N        memory for YARN containers of a node, MiB (default 10240)
        --vcores N           virtual cores for YARN containers of a node (default 8)
        --no-hive            without HiveServer2
        --with oozie         Oozie, too: its address is printed as OOZIE_URL
        --kerberos           a Kerberos server, whose tickets HDFS and YARN want; without Hive
        --token-renewal-s N  with --kerberos: until HDFS wants a token renewed (default a day)
        --token-lifetime-s N with --kerberos: for how long a token can be renewed (default a week)
        --hive-port N        port of HiveServer2 (default: any free one, then always the same)
        --owner-pid PID      end the sandbox when this process ends
        --start-timeout-s N  longest wait for readiness (default 120)
      Exit status: 0 done or running, 1 status: not running, 2 usage, 9 environment,
        11 interrupted.
      """;

  enum Command {
    START,
    STOP,
    STATUS
  }

  static SandboxOptions parse(List<String> arguments) throws SandboxException {
    return new Parser(arguments).parse();
  }

  /** Takes the arguments one after the other. */
  private static final class Parser {
    private final Deque<String> rest;
    private Optional<Path> dir = Optional.empty();
    private Path home = Installation.ofThisClass();
    private boolean fresh;
    private boolean hive = true;
    private boolean oozie;
    private boolean kerberos;
    private OptionalInt tokenRenewalSeconds = OptionalInt.empty();
    private OptionalInt tokenLifetimeSeconds = OptionalInt.empty();
    private OptionalInt gpus = OptionalInt.empty();
    private OptionalInt nodes = OptionalInt.empty();
    private OptionalInt memoryMb = OptionalInt.empty();
    private OptionalInt vcores = OptionalInt.empty();
    private OptionalInt hivePort = OptionalInt.empty();
    private OptionalLong ownerPid = OptionalLong.empty();
    private Duration startLimit = Duration.ofMinutes(2);

    Parser(List<String> arguments) {
      this.rest = new ArrayDeque<>(arguments);
    }

    SandboxOptions parse() throws SandboxException {
      Command command = command();
      while (!rest.isEmpty()) {
        String option = rest.pop();
        if (!commonOption(option) && !(command == Command.START && startOption(option))) {
          throw SandboxException.usage(
              "Cannot run 'sandbox %s': unknown option '%s'.".formatted(name(command), option));
        }
      }
      return new SandboxOptions(
          command,
          SandboxDirectory.at(dir.orElse(home.resolve(".sandbox"))),
          home,
          fresh,
          hive && !kerberos,
          oozie,
          kerberos,
          tokenRenewalSeconds,
          tokenLifetimeSeconds,
          gpus,
          nodes,
          memoryMb,
          vcores,
          hivePort,
          ownerPid,
          startLimit);
    }

    private Command command() throws SandboxException {
      if (rest.isEmpty()) {
        throw SandboxException.usage("Cannot run 'sandbox': it needs start, stop or status.");
      }
      String word = rest.pop();
      for (Command command : Command.values()) {
        if (name(command).equals(word)) {
          return command;
        }
      }
      throw SandboxException.usage(
          "Cannot run 'sandbox %s': allowed are start, stop and status.".formatted(word));
    }

    private boolean commonOption(String option) throws SandboxException {
      switch (option) {
        case "--dir" -> dir = Optional.of(Path.of(value(option)));
        case "--home" -> home = Path.of(value(option)).toAbsolutePath();
        default -> {
          return false;
        }
      }
      return true;
    }

    private boolean startOption(String option) throws SandboxException {
      switch (option) {
        case "--fresh" -> fresh = true;
        case "--no-hive" -> hive = false;
        case "--with" -> oozie = with(option);
        case "--kerberos" -> kerberos = true;
        case "--token-renewal-s" ->
            tokenRenewalSeconds = OptionalInt.of(number(option, 1, 604_800));
        case "--token-lifetime-s" ->
            tokenLifetimeSeconds = OptionalInt.of(number(option, 1, 604_800));
        case "--gpus" -> gpus = OptionalInt.of(number(option, 0, 1_024));
        case "--nodes" -> nodes = OptionalInt.of(number(option, 1, 16));
        case "--memory-mb" -> memoryMb = OptionalInt.of(number(option, 1_024, 1_048_576));
        case "--vcores" -> vcores = OptionalInt.of(number(option, 1, 1_024));
        case "--hive-port" -> hivePort = OptionalInt.of(number(option, 1, 65_535));
        case "--owner-pid" -> ownerPid = OptionalLong.of(number(option, 1, Integer.MAX_VALUE));
        case "--start-timeout-s" -> startLimit = Duration.ofSeconds(number(option, 1, 3_600));
        default -> {
          return false;
        }
      }
      return true;
    }

    private boolean with(String option) throws SandboxException {
      String service = value(option);
      if (!service.equals(ServiceSpec.OOZIE.name())) {
        throw SandboxException.usage(
            "Cannot read option %s: the value was '%s', allowed is oozie."
                .formatted(option, service));
      }
      return true;
    }

    private String value(String option) throws SandboxException {
      if (rest.isEmpty()) {
        throw SandboxException.usage("Cannot read option %s: it needs a value.".formatted(option));
      }
      return rest.pop();
    }

    private int number(String option, int least, int most) throws SandboxException {
      String value = value(option);
      try {
        int number = Integer.parseInt(value);
        if (number >= least && number <= most) {
          return number;
        }
      } catch (NumberFormatException e) {
        // Said below, like a number out of range.
      }
      throw SandboxException.usage(
          "Cannot read option %s: the value was '%s', allowed %d..%d."
              .formatted(option, value, least, most));
    }

    private static String name(Command command) {
      return command.name().toLowerCase(Locale.ROOT);
    }
  }
}
