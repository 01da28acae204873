package io.dicm.trainer.samplejob;

import io.dicm.trainer.sample.Behaviors;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.Sample;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.io.Writable;
import org.apache.hadoop.io.WritableUtils;

/** A {@link Sample} on its way from the reducer to {@link SampleOutputFormat}. */
public final class SampleWritable implements Writable {
  private Sample sample;

  /** For Hadoop. */
  public SampleWritable() {}

  SampleWritable(Sample sample) {
    this.sample = sample;
  }

  Sample sample() {
    return sample;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    Text.writeString(out, sample.userId());
    out.writeLong(sample.timestampSeconds());
    KeyArrays.writeAll(out, sample.userKeys());
    KeyArrays.write(out, sample.behaviors().imageKeys());
    KeyArrays.writeAll(out, sample.behaviors().idKeys());
    WritableUtils.writeVInt(out, sample.impressions().size());
    for (Impression impression : sample.impressions()) {
      KeyArrays.writeImpression(out, impression);
    }
  }

  @Override
  public void readFields(DataInput in) throws IOException {
    String userId = Text.readString(in);
    long timestampSeconds = in.readLong();
    long[][] userKeys = KeyArrays.readAll(in);
    Behaviors behaviors = new Behaviors(KeyArrays.read(in), KeyArrays.readAll(in));
    int count = WritableUtils.readVInt(in);
    List<Impression> impressions = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      impressions.add(KeyArrays.readImpression(in));
    }
    sample = new Sample(userId, timestampSeconds, userKeys, behaviors, impressions);
  }
}
