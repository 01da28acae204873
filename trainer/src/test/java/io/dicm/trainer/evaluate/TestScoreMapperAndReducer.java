package io.dicm.trainer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.io.DataOutputBuffer;
import org.apache.hadoop.io.DoubleWritable;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.io.serializer.WritableSerialization;
import org.apache.hadoop.mrunit.mapreduce.MapDriver;
import org.apache.hadoop.mrunit.mapreduce.ReduceDriver;
import org.junit.jupiter.api.Test;

class TestScoreMapperAndReducer {

  @Test
  void mapperPutsEachPredictionIntoTwoGroups() throws Exception {
    map(new Prediction("i", "u", "a", "", 0, 1, 0.5))
        .withOutput(ScoreKey.ofAll(0.5), new ScoreCounts(1, 0))
        .withOutput(ScoreKey.ofUser("u", 0.5), new ScoreCounts(1, 0))
        .runTest();
  }

  @Test
  void mapperRefusesWhatIsNoProbability() {
    assertThatThrownBy(() -> map(new Prediction("i-9", "u", "a", "", 0, 1, 1.5)).run())
        .isInstanceOf(DicmException.class)
        .hasMessageContaining("impression i-9: probability was 1.5 and label 1");
    assertThatThrownBy(() -> map(new Prediction("i-9", "u", "a", "", 0, 2, 0.5)).run())
        .hasMessageContaining("label 2");
  }

  @Test
  void combinerAddsUp() throws IOException {
    ReduceDriver.newReduceDriver(new ScoreCombiner())
        .withInput(ScoreKey.ofUser("u", 0.5), List.of(new ScoreCounts(1, 0), new ScoreCounts(2, 5)))
        .withOutput(ScoreKey.ofUser("u", 0.5), new ScoreCounts(3, 5))
        .runTest();
  }

  @Test
  void reducerWritesSumsOverItsUsers() throws IOException {
    ReduceDriver.newReduceDriver(new MetricReducer())
        .withInput(ScoreKey.ofUser("u", 0.5), List.of(new ScoreCounts(1, 3)))
        .withInput(ScoreKey.ofUser("v", 0.5), List.of(new ScoreCounts(0, 3)))
        .withOutput(new Text("USERS"), new DoubleWritable(2))
        .withOutput(new Text("USERS_ONE_CLASS"), new DoubleWritable(1))
        .withOutput(new Text("RANKED_IMPRESSIONS"), new DoubleWritable(4))
        .withOutput(new Text("WEIGHTED_AUC"), new DoubleWritable(2))
        .runTest();
  }

  @Test
  void serialisedKeysSortGroupAndPartitionAsKeysDo() throws IOException {
    Random random = new Random(9);
    List<ScoreKey> keys = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      double score = random.nextInt(4) / 3.0;
      String user = "user".repeat(random.nextInt(2) * 40) + random.nextInt(3);
      keys.add(random.nextInt(4) == 0 ? ScoreKey.ofAll(score) : ScoreKey.ofUser(user, score));
    }
    ScoreOrder order = new ScoreOrder();
    ScoreGrouping grouping = new ScoreGrouping();
    ScorePartitioner partitioner = new ScorePartitioner();

    for (ScoreKey first : keys) {
      for (ScoreKey second : keys) {
        byte[] a = bytes(first);
        byte[] b = bytes(second);
        assertThat(Integer.signum(order.compare(a, 0, a.length, b, 0, b.length)))
            .isEqualTo(Integer.signum(first.compareTo(second)));
        if (grouping.compare(first, second) == 0) {
          assertThat(partitioner.getPartition(first, null, 7))
              .isEqualTo(partitioner.getPartition(second, null, 7));
        }
      }
    }
  }

  private static MapDriver<Object, Prediction, ScoreKey, ScoreCounts> map(Prediction prediction) {
    MapDriver<Object, Prediction, ScoreKey, ScoreCounts> driver =
        MapDriver.newMapDriver(new ScoreMapper());
    driver
        .getConfiguration()
        .setStrings(
            "io.serializations",
            WritableSerialization.class.getName(),
            PredictionSerialization.class.getName());
    return driver.withInput(NullWritable.get(), prediction);
  }

  private static byte[] bytes(ScoreKey key) throws IOException {
    DataOutputBuffer out = new DataOutputBuffer();
    key.write(out);
    return java.util.Arrays.copyOf(out.getData(), out.getLength());
  }
}
