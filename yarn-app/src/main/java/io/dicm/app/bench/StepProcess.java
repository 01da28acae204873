package io.dicm.app.bench;

import io.dicm.ams.client.AmsClient;
import io.dicm.ams.client.GrpcAmsClient;
import io.dicm.ams.compute.NativeThreads;
import io.dicm.ams.server.AmsServer;
import io.dicm.ams.submodel.SubModelShape;
import io.dicm.ams.wire.RowPrecision;
import io.dicm.app.container.ServerSettings;
import io.dicm.app.launch.ContainerSettings;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.json.JsonFiles;
import io.dicm.common.progress.ProgressListener;
import io.dicm.common.security.ApplicationSecret;
import io.dicm.trainer.bench.StepMeasurement;
import io.dicm.trainer.bench.StepPlan;
import io.dicm.trainer.model.DicmNetwork;
import io.dicm.trainer.model.NetworkChoice;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Entry point of one process of a step's measurement. It gets its role and a file with the {@link
 * Task}; the secret comes as the first line of stdin, and when stdin ends the process does too. Its
 * answers are lines of JSON on stdout. A server answers its address, is then told the addresses of
 * all servers on one line, and answers their number when it has connected to them.
 */
public final class StepProcess {
  private static final String HEAP = "-Xmx1g";
  private static final String HOST = "localhost";
  private static final long EPOCH = 1;

  private final Role role;
  private final Task task;
  private final DicmConfiguration conf;
  private final BufferedReader stdin;

  /** What a process does. */
  enum Role {
    SERVER,
    WORKER,
    PLAIN;

    BenchmarkProcess.Program program() {
      return new BenchmarkProcess.Program(StepProcess.class, name(), HEAP);
    }
  }

  /**
   * A process's place among those that train together.
   *
   * @param index of this server or worker among its kind
   * @param servers how many there are
   * @param workers how many there are
   */
  record Place(int index, int servers, int workers) {
    /** Of the only server or the only worker. */
    static final Place ALONE = new Place(0, 1, 1);
  }

  /**
   * What a process of a measurement does.
   *
   * @param plan what is measured
   * @param configuration a file with all keys
   * @param place its own
   * @param servers {@code host:port} of all servers, for a worker; else none
   */
  record Task(StepPlan plan, String configuration, Place place, List<String> servers) {
    Task {
      servers = List.copyOf(servers);
    }
  }

  private StepProcess(Role role, Task task, DicmConfiguration conf, BufferedReader stdin) {
    this.role = role;
    this.task = task;
    this.conf = conf;
    this.stdin = stdin;
  }

  /** Arguments: role and task file. */
  public static void main(String[] arguments) throws IOException {
    Role role = Role.valueOf(arguments[0]);
    Task task =
        new JsonFiles(new Configuration())
            .read(new Path(arguments[1]), Task.class, ErrorCode.CONFIGURATION_INVALID);
    Configuration hadoop = new Configuration(false);
    hadoop.addResource(new Path(task.configuration()));
    // What the plain loop has, whatever the vectors' length.
    hadoop.set(DicmKeys.MODEL_SUB_MODEL, SubModelShape.USUAL.toString());
    BufferedReader stdin =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    try {
      new StepProcess(role, task, DicmConfiguration.of(hadoop), stdin).run();
    } catch (DicmException e) {
      System.err.println(e.oneLine());
      System.exit(e.code().exitCode().status());
    }
  }

  private void run() throws IOException {
    ApplicationSecret secret = ApplicationSecret.of(HexFormat.of().parseHex(stdin.readLine()));
    switch (role) {
      case SERVER -> serve(secret);
      case WORKER -> {
        EndOfInput.endsProcess(stdin);
        train(secret);
      }
      case PLAIN -> {
        EndOfInput.endsProcess(stdin);
        NativeThreads.use(ContainerSettings.threads(conf));
        answer(measurement().ofPlainLoop(task.plan().data().pictures(conf.hadoop())));
      }
    }
  }

  /** Until stdin ends. */
  private void serve(ApplicationSecret secret) throws IOException {
    Place place = task.place();
    try (AmsServer server =
        new AmsServer(
            ServerSettings.of(conf, place.index(), place.servers(), place.workers(), EPOCH, HOST),
            secret)) {
      server.load(task.plan().data().pictures(conf.hadoop()), ProgressListener.NONE);
      answer(HOST + ":" + server.start());
      String addresses = stdin.readLine();
      if (addresses == null) {
        return;
      }
      List<String> all = List.of(addresses.split(",", -1));
      server.connectPeers(all);
      answer(all.size());
      while (stdin.readLine() != null) {
        // Nothing but its end matters.
      }
    }
  }

  private void train(ApplicationSecret secret) throws IOException {
    try (AmsClient servers =
        new GrpcAmsClient(
            task.place().index(),
            task.servers(),
            secret,
            EPOCH,
            2 * conf.nonNegativeLong(DicmKeys.TRAIN_WINDOW_TIMEOUT_MS),
            conf.choice(DicmKeys.TRAIN_ROW_PRECISION, RowPrecision.class))) {
      Place place = task.place();
      answer(
          measurement()
              .ofWorker(
                  servers,
                  place.index(),
                  place.workers(),
                  () -> System.out.println(BenchmarkProcess.BEGINNING)));
    }
  }

  private StepMeasurement measurement() {
    DicmNetwork network =
        new DicmNetwork(
            NetworkChoice.of(conf)
                .shape(
                    task.plan().data().schema(conf.hadoop()),
                    ContainerSettings.embeddingDimension(conf)));
    return new StepMeasurement(conf, task.plan(), network);
  }

  private static void answer(Object value) {
    System.out.println(
        BenchmarkProcess.ANSWER + new JsonFiles(new Configuration(false)).oneLine(value));
  }
}
