package io.dicm.app.ablation;

import io.dicm.app.client.SubmissionChecks;
import io.dicm.app.master.checkpoint.WarmStart;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.json.JsonFiles;
import io.dicm.trainer.ablation.AblationPlan;
import io.dicm.trainer.ablation.AblationRunner;
import io.dicm.trainer.ablation.PlannedRun;
import io.dicm.trainer.sample.SampleManifest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Does each run of an ablation as an application of its own. A run is done when its outputs are
 * there and its record has the digest of the settings of now, of the runs that it needs, of the
 * samples that it reads, and of the checkpoint of a given model that it begins with. Safe for many
 * threads, each with another run.
 */
public final class ApplicationAblationRunner implements AblationRunner {
  private final Configuration conf;
  private final AblationPlace place;
  private final Map<String, PlannedRun> runs = new HashMap<>();
  private final RunLauncher launcher;
  private final PlantedSignalMaker plantedSignal;

  /**
   * @param conf of the command; each run lays its settings over a copy
   */
  public ApplicationAblationRunner(
      Configuration conf,
      AblationPlace place,
      AblationPlan plan,
      RunLauncher launcher,
      PlantedSignalMaker plantedSignal) {
    this.conf = conf;
    this.place = place;
    this.launcher = launcher;
    this.plantedSignal = plantedSignal;
    plan.runs().forEach(run -> runs.put(run.name(), run));
  }

  /**
   * Checks the settings of all runs, so that a wrong value is said before anything is started.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID}, {@link
   *     ErrorCode#MEMORY_PLAN_TOO_LARGE}
   */
  public void checkSettings() {
    for (PlannedRun run : runs.values()) {
      if (run.work() != PlannedRun.Work.PLANTED_SIGNAL) {
        new SubmissionChecks(DicmConfiguration.of(configuration(run)), place.settings(run))
            .checkSettings();
      }
    }
  }

  @Override
  public boolean isDone(PlannedRun run) throws IOException {
    Optional<RunRecord> record = RunRecord.findDone(conf, place.record(run));
    return record.isPresent()
        && isThere(place.output(run))
        && record.get().digest().equals(digest(run));
  }

  @Override
  public void run(PlannedRun run) throws Exception {
    Path record = place.record(run);
    RunRecord.begun(run).write(conf, record);
    // Before the run: what is changed meanwhile was not what it began with.
    String digest = digest(run);
    if (run.work() == PlannedRun.Work.PLANTED_SIGNAL) {
      plantedSignal.make(
          configuration(run),
          place.input(),
          place.workspace().samples(place.name()),
          place.plantedSignal());
    } else {
      launcher.run(configuration(run), place.settings(run));
    }
    new RunRecord(run.name(), digest, run.settings()).write(conf, record);
  }

  private boolean isThere(Path output) throws IOException {
    FileSystem fs = output.getFileSystem(conf);
    return fs.exists(output);
  }

  private Configuration configuration(PlannedRun run) {
    Configuration own = new Configuration(conf);
    run.settings().forEach(own::set);
    // Each run is another application, and the ablation's name keeps two of them apart.
    own.set(DicmKeys.YARN_SUBMISSION_KEY, "");
    own.set(DicmKeys.INPUT_PATH, place.input().toString());
    own.set(DicmKeys.RUN_DATE, place.date());
    return own;
  }

  private String digest(PlannedRun run) throws IOException {
    List<String> before = new ArrayList<>();
    for (String name : run.after()) {
      Optional<RunRecord> record = RunRecord.findDone(conf, place.record(runs.get(name)));
      before.add(
          record
              .map(RunRecord::digest)
              .orElseThrow(
                  () ->
                      new DicmException(
                          ErrorCode.INPUT_MISSING,
                          "Cannot go on with run '%s': run '%s', which it needs, is not done."
                              .formatted(run.name(), name))));
    }
    Configuration own = configuration(run);
    String samples = run.settings().getOrDefault(DicmKeys.SAMPLES_RUN, "");
    if (!samples.isEmpty()) {
      SampleManifest manifest = SampleManifest.read(conf, place.workspace().samples(samples));
      before.add(new JsonFiles(conf).oneLine(manifest));
    }
    String start = run.settings().getOrDefault(DicmKeys.TRAIN_WARM_START, "");
    if (!start.isEmpty() && !runs.containsKey(start)) {
      // A given name means the last checkpoint of now, which is another one after a new training.
      WarmStart.find(DicmConfiguration.of(own), place.workspace())
          .ifPresent(warm -> before.add(warm.toString()));
    }
    return RunDigest.of(run.work(), own, before);
  }
}
