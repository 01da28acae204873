package io.dicm.trainer.fault;

import io.dicm.ams.client.AmsClient;
import io.dicm.ams.client.GrpcAmsClient;
import io.dicm.ams.compute.NativeThreads;
import io.dicm.ams.wire.RowPrecision;
import io.dicm.common.security.ApplicationSecret;
import io.dicm.trainer.equality.TrainingProblem;
import io.dicm.trainer.model.DicmNetwork;
import io.dicm.trainer.train.TrainingOptions;
import io.dicm.trainer.train.TrainingWorker;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;

/** A worker: trains its part of all batches that the servers do not have yet. */
record WorkerMember(FaultSettings settings, int index, long epoch, ApplicationSecret secret) {
  private static final int SUPERVISOR_GONE = 2;

  /** Trains, once the supervisor's line has brought the addresses. */
  void run(BufferedReader input) throws IOException {
    int share = TrainingProblem.shareOf(FaultSettings.WORKERS);
    DicmNetwork network = settings.problem().network();
    // Loads the native libraries, so that no step waits for them.
    NativeThreads.use(1);
    Word.READY.say("");
    String addresses = input.readLine();
    if (addresses == null) {
      return;
    }
    endWith(input);
    try (AmsClient servers =
        new GrpcAmsClient(
            index,
            List.of(addresses.split(",")),
            secret,
            epoch,
            settings.callTimeoutMs(),
            RowPrecision.FLOAT32)) {
      new TrainingWorker(
              new TrainingOptions(
                  index, FaultSettings.WORKERS, share, 1, TrainingProblem.SEED, 1, 0),
              network,
              servers,
              settings.problem().samplesOf(index, FaultSettings.WORKERS),
              (done, total, what) -> Word.STEP.say(done / share))
          .run();
      Word.DONE.say("");
    }
  }

  private static void endWith(BufferedReader input) {
    Thread watch =
        new Thread(
            () -> {
              try {
                input.readLine();
              } catch (IOException e) {
                // The same as its end.
              }
              Runtime.getRuntime().halt(SUPERVISOR_GONE);
            },
            "supervisor-watch");
    watch.setDaemon(true);
    watch.start();
  }
}
