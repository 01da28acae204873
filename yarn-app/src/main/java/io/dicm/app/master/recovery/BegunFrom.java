package io.dicm.app.master.recovery;

import io.dicm.ams.server.WarmStartMode;
import io.dicm.app.master.checkpoint.CheckpointOrigin;
import io.dicm.app.master.checkpoint.WarmStart;
import org.apache.hadoop.fs.Path;

/**
 * The other training's checkpoint with which a training began. A later attempt must not look for it
 * again: a newer one may be there by now, and this one may be gone.
 *
 * @param checkpoint its directory
 * @param mode how much of it was taken
 * @param origin what it was trained on
 */
public record BegunFrom(String checkpoint, WarmStartMode mode, CheckpointOrigin origin) {
  /** Of a warm start that was found. */
  public static BegunFrom of(WarmStart warm) {
    return new BegunFrom(warm.checkpoint().toString(), warm.mode(), warm.origin());
  }

  /** The same warm start. */
  public WarmStart warmStart() {
    return new WarmStart(new Path(checkpoint), mode, origin);
  }
}
