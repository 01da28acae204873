package io.dicm.trainer.fault;

import io.dicm.ams.checkpoint.CheckpointCommitter;
import io.dicm.common.fs.DirectLocalFileSystem;
import io.dicm.common.json.JsonFiles;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Commits one checkpoint as a process that can be killed meanwhile. */
final class CommitMain {
  private CommitMain() {}

  /**
   * @param args the settings, then epoch and step of the checkpoint
   */
  public static void main(String[] args) throws IOException {
    DirectLocalFileSystem.install(new Configuration(false));
    FaultSettings settings = FaultSettings.of(args);
    long epoch = Long.parseLong(args[FaultSettings.ARGUMENTS]);
    long step = Long.parseLong(args[FaultSettings.ARGUMENTS + 1]);
    Configuration conf = new Configuration(false);
    Path staging = new Path(settings.staging(epoch, step).toUri());
    // Loads what is needed, so that the time after the word is the commit's own.
    new JsonFiles(conf).write(new Path(staging, "_warm_up.json"), FaultSettings.identity(step));
    Word.WRITING.say(step);
    new CheckpointCommitter(conf)
        .commit(
            staging,
            new Path(settings.checkpoint(step).toUri()),
            FaultSettings.SERVERS,
            FaultSettings.identity(step));
    Word.WROTE.say(step);
  }
}
