package io.dicm.trainer.samplejob;

import com.google.common.hash.Hashing;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.Partitioner;

/** Sends all events of a user to one reducer; spreads users evenly whatever their names. */
public final class UserPartitioner extends Partitioner<UserEventKey, UserEventWritable> {
  @Override
  public int getPartition(UserEventKey key, UserEventWritable value, int partitions) {
    Text user = key.userId();
    long hash =
        Hashing.farmHashFingerprint64().hashBytes(user.getBytes(), 0, user.getLength()).asLong();
    return (int) Math.floorMod(hash, (long) partitions);
  }
}
