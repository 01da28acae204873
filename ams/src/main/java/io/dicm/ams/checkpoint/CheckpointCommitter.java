package io.dicm.ams.checkpoint;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.json.JsonFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Makes the parts that all servers wrote into a staging directory one valid checkpoint: manifest,
 * {@code _SUCCESS}, rename. Before the rename there is no checkpoint, after it there is a whole
 * one.
 */
public final class CheckpointCommitter {
  private final Configuration conf;

  public CheckpointCommitter(Configuration conf) {
    this.conf = conf;
  }

  /**
   * Commits.
   *
   * @param staging where the parts are
   * @param target the checkpoint's directory to be, on the same file system, not there yet
   * @param servers how many parts there must be
   * @param identity what the training is; its parts are not looked at
   * @throws DicmException {@link ErrorCode#STORE_CORRUPT} when a part is missing or is of another
   *     step; {@link ErrorCode#INTERNAL} when the servers' replicas of the sub-model differ; {@link
   *     ErrorCode#OUTPUT_EXISTS} when the target is there; {@link ErrorCode#STORAGE_FAILED} when
   *     the rename is refused
   */
  public void commit(Path staging, Path target, int servers, CheckpointManifest identity)
      throws IOException {
    FileSystem fs = target.getFileSystem(conf);
    if (fs.exists(target)) {
      // A rename would move the staging directory into it.
      throw new DicmException(
          ErrorCode.OUTPUT_EXISTS,
          "Cannot commit the checkpoint: " + target + " is there already.");
    }
    JsonFiles json = new JsonFiles(conf);
    List<CheckpointPart> parts = new ArrayList<>();
    for (int server = 0; server < servers; server++) {
      Path file = new Path(staging, CheckpointLayout.part(server));
      CheckpointPart part = json.read(file, CheckpointPart.class, ErrorCode.STORE_CORRUPT);
      if (part.steps() != identity.steps() || part.servers() != servers) {
        throw new DicmException(
            ErrorCode.STORE_CORRUPT,
            "Cannot commit the checkpoint of step "
                + identity.steps()
                + " by "
                + servers
                + " servers: "
                + file
                + " is of step "
                + part.steps()
                + " by "
                + part.servers()
                + ".");
      }
      parts.add(part);
      requireSameSubModel(parts.get(0), part);
    }
    json.write(new Path(staging, CheckpointLayout.MANIFEST), identity.at(identity.steps(), parts));
    fs.create(new Path(staging, DirectoryPublisher.SUCCESS), true).close();
    if (!fs.rename(staging, target)) {
      throw new DicmException(
          ErrorCode.STORAGE_FAILED,
          "Cannot rename " + staging + " to " + target + ": the file system refused.");
    }
  }

  /** With staleness, and after the last step, nobody else compares the replicas. */
  private static void requireSameSubModel(CheckpointPart first, CheckpointPart part) {
    if (!part.hasSubModelOf(first)) {
      throw new DicmException(
          ErrorCode.INTERNAL,
          "Cannot commit the checkpoint of step %d: the sub-model of server %d has the CRC-32C %s, that of server %d %s. Train again, or go on from an earlier checkpoint; if it happens again, look at the machines' memory."
              .formatted(
                  part.steps(),
                  first.server(),
                  first.subModelChecksum(),
                  part.server(),
                  part.subModelChecksum()));
    }
  }
}
