package io.dicm.app.bench;

import io.dicm.app.bench.StepProcess.Place;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.json.JsonFiles;
import io.dicm.trainer.bench.StepPlan;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/**
 * Writes the files that tell processes of a {@link StepPlan} what to do.
 *
 * @param conf every key of the processes
 * @param plan what is measured
 * @param folder gets the files
 */
record StepTasks(Configuration conf, StepPlan plan, Path folder) {
  /**
   * Writes one.
   *
   * @param computeThreads of the process
   * @param servers their addresses, for a worker
   */
  Path write(int computeThreads, Place place, List<String> servers) throws IOException {
    Configuration own = new Configuration(conf);
    own.setInt(DicmKeys.TRAIN_THREADS, computeThreads);
    own.setInt(DicmKeys.TRAIN_BATCH_SIZE, plan.batchSize());
    own.setInt(DicmKeys.TRAIN_EPOCHS, 1);
    Path configuration = Files.createTempFile(folder, "dicm", ".xml");
    try (OutputStream out = Files.newOutputStream(configuration)) {
      own.writeXml(out);
    }
    Path task = Files.createTempFile(folder, "task", ".json");
    new JsonFiles(new Configuration(false))
        .write(
            new org.apache.hadoop.fs.Path(task.toUri()),
            new StepProcess.Task(plan, configuration.toUri().toString(), place, servers));
    return task;
  }
}
