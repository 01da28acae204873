package io.dicm.trainer.samplejob;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mrunit.types.Pair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestHeavyUsers {
  private final Configuration conf = SampleTestInput.configuration();

  @TempDir private java.nio.file.Path directory;

  @Test
  void aSegmentBeginsAtItsBoundary() throws IOException {
    HeavyUsers users =
        read(List.of(boundary("\u00e9", 20), boundary("w", 5), boundary("\u00e9", -3)));

    assertThat(users.segments("\u00e9")).isEqualTo(3);
    assertThat(users.segment("\u00e9", Long.MIN_VALUE)).isZero();
    assertThat(users.segment("\u00e9", -4)).isZero();
    assertThat(users.segment("\u00e9", -3)).isEqualTo(1);
    assertThat(users.segment("\u00e9", 19)).isEqualTo(1);
    assertThat(users.segment("\u00e9", 20)).isEqualTo(2);
    assertThat(users.segment("\u00e9", Long.MAX_VALUE)).isEqualTo(2);
    assertThat(users.segments("w")).isEqualTo(2);
  }

  @Test
  void othersHaveOneSegment() throws IOException {
    for (HeavyUsers users : List.of(read(List.of(boundary("w", 5))), HeavyUsers.NONE)) {
      assertThat(users.segments("u")).isEqualTo(1);
      assertThat(users.segment("u", 99)).isZero();
    }
  }

  @Test
  void tasksKnowNoneUnlessTheyAreTold() throws IOException {
    TaskInput input = new TaskInput(conf);
    assertThat(input.heavyUsers()).isSameAs(HeavyUsers.NONE);

    read(List.of(boundary("w", 5)));
    input.tellHeavyUsers(path());

    assertThat(input.heavyUsers().segments("w")).isEqualTo(2);
  }

  private HeavyUsers read(List<Pair<Text, LongWritable>> boundaries) throws IOException {
    HeavyUserFiles.write(conf, path(), boundaries);
    return HeavyUsers.read(conf, path());
  }

  private Path path() {
    return new Path(directory.toUri());
  }

  private static Pair<Text, LongWritable> boundary(String user, long seconds) {
    return new Pair<>(new Text(user), new LongWritable(seconds));
  }
}
