package io.dicm.app.master.checkpoint;

import io.dicm.ams.checkpoint.CheckpointCommitter;
import io.dicm.ams.checkpoint.CheckpointManifest;
import io.dicm.app.launch.CheckpointNames;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes checkpoints of what the servers of one incarnation report. Every server writes its parts in
 * the order of steps and leaves none out; so the least of the steps that they reported last is a
 * checkpoint of which all parts are there. For one thread.
 */
public final class CheckpointCoordinator {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointCoordinator.class);

  private final Configuration conf;
  private final CheckpointStore store;
  private final CheckpointSettings settings;
  private final CheckpointManifest identity;
  private final CheckpointOrigin origin;
  private final long epoch;
  private long committed;

  /**
   * @param identity what the training is; its steps and parts are not looked at
   * @param epoch the incarnation
   * @param committed steps of the checkpoint that it began with, which is there already; 0: none
   */
  public CheckpointCoordinator(
      Configuration conf,
      CheckpointStore store,
      CheckpointSettings settings,
      CheckpointManifest identity,
      CheckpointOrigin origin,
      long epoch,
      long committed) {
    this.conf = conf;
    this.store = store;
    this.settings = settings;
    this.identity = identity;
    this.origin = origin;
    this.epoch = epoch;
    this.committed = committed;
  }

  /** Steps of the newest checkpoint that is there; 0: none. */
  public long committed() {
    return committed;
  }

  /** Whether there is a new checkpoint to commit; steps as {@link #reported} takes them. */
  public boolean isDue(List<Long> steps) {
    return Collections.min(steps) > committed;
  }

  /**
   * Commits a checkpoint when there is a new one.
   *
   * @param steps by server: of the last checkpoint of which it has written its part, less than 1
   *     when there is none
   * @throws DicmException {@link ErrorCode#STORAGE_FAILED}, {@link ErrorCode#STORE_CORRUPT}
   */
  public void reported(List<Long> steps) {
    if (!isDue(steps)) {
      return;
    }
    long complete = Collections.min(steps);
    Path parts = new Path(store.staging(epoch), CheckpointNames.of(complete));
    try {
      origin.write(conf, parts);
      new CheckpointCommitter(conf)
          .commit(parts, store.directory(complete), steps.size(), identity.at(complete, List.of()));
    } catch (IOException e) {
      throw new DicmException(
          ErrorCode.STORAGE_FAILED,
          "Cannot commit the checkpoint of step " + complete + ": " + e.getMessage(),
          e);
    }
    committed = complete;
    LOG.info("Committed checkpoint {}", store.directory(complete));
    store.deleteParts(epoch, complete);
    store.keepNewest(settings.kept());
  }
}
