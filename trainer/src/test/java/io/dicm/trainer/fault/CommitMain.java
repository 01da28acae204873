package io.dicm.trainer.fault;

import io.dicm.ams.checkpoint.CheckpointCommitter;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;

/** Commits one checkpoint as a process that can be killed meanwhile. */
final class CommitMain {
  private CommitMain() {}

  /**
   * @param args the settings, then epoch and step of the checkpoint
   */
  public static void main(String[] args) throws IOException {
    FaultSettings settings = FaultSettings.of(args);
    long epoch = Long.parseLong(args[3]);
    long step = Long.parseLong(args[4]);
    Word.WRITING.say(step);
    new CheckpointCommitter(new Configuration(false))
        .commit(
            new org.apache.hadoop.fs.Path(settings.staging(epoch, step).toUri()),
            new org.apache.hadoop.fs.Path(settings.checkpoint(step).toUri()),
            FaultSettings.SERVERS,
            FaultSettings.identity(step));
    Word.WROTE.say(step);
  }
}
