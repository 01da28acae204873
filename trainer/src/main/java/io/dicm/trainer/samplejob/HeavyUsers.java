package io.dicm.trainer.samplejob;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.SequenceFile;
import org.apache.hadoop.io.Text;

/**
 * The users with more events than one reduce call should take, and the moments at which their time
 * is cut into segments. Events of one second are never parted. Immutable.
 */
final class HeavyUsers {
  /** Nobody: each user is one segment. */
  static final HeavyUsers NONE = new HeavyUsers(Map.of());

  /** By user: the first second of each segment but the first, in ascending order. */
  private final Map<String, long[]> boundaries;

  private HeavyUsers(Map<String, long[]> boundaries) {
    this.boundaries = boundaries;
  }

  /** Reads what {@link SurveyReducer} wrote: a user and a boundary each. */
  static HeavyUsers read(Configuration conf, Path directory) throws IOException {
    Map<String, List<Long>> found = new HashMap<>();
    for (FileStatus file :
        directory.getFileSystem(conf).globStatus(new Path(directory, "part-*"))) {
      try (SequenceFile.Reader reader =
          new SequenceFile.Reader(conf, SequenceFile.Reader.file(file.getPath()))) {
        Text userId = new Text();
        LongWritable boundary = new LongWritable();
        while (reader.next(userId, boundary)) {
          found.computeIfAbsent(userId.toString(), user -> new ArrayList<>()).add(boundary.get());
        }
      }
    }
    Map<String, long[]> sorted = new HashMap<>();
    found.forEach(
        (user, moments) ->
            sorted.put(user, moments.stream().mapToLong(Long::longValue).sorted().toArray()));
    return new HeavyUsers(sorted);
  }

  /** How many segments a user's time has; 1 for most users. */
  int segments(String userId) {
    long[] moments = boundaries.get(userId);
    return moments == null ? 1 : moments.length + 1;
  }

  /** The segment of a moment, from 0. */
  int segment(String userId, long timestampSeconds) {
    long[] moments = boundaries.get(userId);
    if (moments == null) {
      return 0;
    }
    int found = Arrays.binarySearch(moments, timestampSeconds);
    return found >= 0 ? found + 1 : -found - 1;
  }
}
