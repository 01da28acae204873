package io.dicm.trainer.samplejob;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.SequenceFile;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mrunit.types.Pair;

/** Writes what the survey's reducer gives as its job does. */
final class HeavyUserFiles {
  private HeavyUserFiles() {}

  static void write(Configuration conf, Path directory, List<Pair<Text, LongWritable>> boundaries)
      throws IOException {
    try (SequenceFile.Writer writer =
        SequenceFile.createWriter(
            conf,
            SequenceFile.Writer.file(new Path(directory, "part-r-00000")),
            SequenceFile.Writer.keyClass(Text.class),
            SequenceFile.Writer.valueClass(LongWritable.class))) {
      for (Pair<Text, LongWritable> boundary : boundaries) {
        writer.append(boundary.getFirst(), boundary.getSecond());
      }
    }
  }
}
