package io.dicm.trainer.samplejob;

import com.google.common.hash.Hashing;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.io.Writable;
import org.apache.hadoop.mapreduce.Partitioner;

/**
 * Sends all events of a user's segment to one reducer, and the user's next segment to the next one;
 * spreads users evenly whatever their names.
 */
public final class UserPartitioner extends Partitioner<UserEventKey, Writable> {
  @Override
  public int getPartition(UserEventKey key, Writable value, int partitions) {
    Text user = key.userId();
    long hash =
        Hashing.farmHashFingerprint64().hashBytes(user.getBytes(), 0, user.getLength()).asLong();
    return (int) Math.floorMod(hash + key.segment(), (long) partitions);
  }
}
