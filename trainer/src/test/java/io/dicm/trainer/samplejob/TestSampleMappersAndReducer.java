package io.dicm.trainer.samplejob;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.key.Fingerprints;
import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.input.TableRecord;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.sample.SplitTotals;
import io.dicm.trainer.samplejob.UserEvent.Clicked;
import io.dicm.trainer.samplejob.UserEvent.ImpressionCount;
import io.dicm.trainer.samplejob.UserEvent.Shown;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.Mapper;
import org.apache.hadoop.mrunit.mapreduce.MapDriver;
import org.apache.hadoop.mrunit.mapreduce.MapReduceDriver;
import org.apache.hadoop.mrunit.types.Pair;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestSampleMappersAndReducer {
  private static final String HEADER = "user_id,item_id,ts,label,hour";

  private final Configuration conf = SampleTestInput.configuration();

  @TempDir private java.nio.file.Path directory;
  private SampleTestInput input;

  @BeforeEach
  void setUp() throws IOException {
    input = new SampleTestInput(directory);
    input.write("impressions.csv", HEADER + "\n");
  }

  @Test
  void impressionMapperEmitsTheImpressionTheClickAndTheCount() throws IOException {
    tell();

    List<Pair<UserEventKey, UserEventWritable>> events =
        impressions().withAll(List.of(line(30, "u,a,5,1,7"), line(41, "u,b,6,0,7"))).run();

    assertThat(events)
        .extracting(pair -> pair.getFirst().toString().replace('\0', '&'))
        .containsExactly(
            "u@5/1/a&u:a:5", "u@5/2/a&u:a:5", "u@6/1/b&u:b:6", "u@" + Long.MIN_VALUE + "/0/");
    assertThat(((Shown) event(events, 0)).impression().label()).isEqualTo(1);
    assertThat(((Clicked) event(events, 1)).imageKey()).isEqualTo(Fingerprints.imageKey("pa"));
    assertThat(((Clicked) event(events, 1)).idKeys())
        .containsExactly(Fingerprints.idKey("item_id", "a"));
    assertThat(event(events, 3)).isEqualTo(new ImpressionCount(2, 0));
  }

  @Test
  void impressionMapperLeavesClicksToTheirOwnTable() throws IOException {
    input.write("behaviors.csv", "user_id,item_id,ts\n");
    tell();

    assertThat(impressions().withAll(List.of(line(30, "u,a,5,1,7"))).run())
        .extracting(pair -> pair.getSecond().event().getClass().getSimpleName())
        .containsExactly("Shown", "ImpressionCount");
  }

  @Test
  void impressionMapperCountsBadRowsByReason() throws IOException {
    tell();

    impressions()
        .withAll(
            List.of(line(30, "u,nothing,5,1,7"), line(50, "u,a,5,yes,7"), line(70, "\"u,a,5,1,7")))
        .withCounter(SampleCounters.rejects("impressions.csv"), "unknown_item", 1)
        .withCounter(SampleCounters.rejects("impressions.csv"), "bad_label", 1)
        .withCounter(SampleCounters.rejects("impressions.csv"), "wrong_field_count", 1)
        .withCounter(SampleCounters.ROWS, "impressions.csv", 3)
        .runTest();
  }

  @Test
  void behaviorMapperEmitsClicksOfAnyColumnOrder() throws IOException {
    input.write("behaviors.csv", "ts,item_id,user_id\n");
    tell();

    List<Pair<UserEventKey, UserEventWritable>> events =
        driver(new BehaviorMapper())
            .withAll(List.of(line("ts,item_id,user_id", 19, "1970-01-01T00:00:09Z,b,u")))
            .run();

    assertThat(events).hasSize(1);
    assertThat(events.get(0).getFirst()).hasToString("u@9/2/b");
    assertThat(((Clicked) event(events, 0)).imageKey()).isEqualTo(Fingerprints.imageKey("pb"));
  }

  @Test
  void behaviorMapperLeavesOutClicksThatNobodyStayedWith() throws IOException {
    input.write("behaviors.csv", "user_id,item_id,ts,dwell_seconds\n");
    conf.setInt(DicmKeys.SAMPLES_MIN_DWELL_SECONDS, 5);
    tell();

    String header = "user_id,item_id,ts,dwell_seconds";
    MapDriver<NullWritable, TableRecord, UserEventKey, UserEventWritable> driver =
        driver(new BehaviorMapper())
            .withAll(
                List.of(
                    line(header, 30, "u,a,1,5"),
                    line(header, 40, "u,b,2,4.99"),
                    line(header, 50, "u,c,3,"),
                    line(header, 60, "u,a,4,much"),
                    line(header, 70, "u,a,5,-1")))
            .withCounter(SampleCounters.LEFT_OUT, "short_dwell", 1)
            .withCounter(SampleCounters.LEFT_OUT, "unknown_dwell", 1)
            .withCounter(SampleCounters.rejects("behaviors.csv"), "bad_dwell", 2);

    assertThat(driver.run())
        .extracting(pair -> pair.getFirst().toString())
        .containsExactly("u@1/2/a");
  }

  @Test
  void shuffleAndReducerMakeSamplesInTimeOrder() throws IOException {
    tell();
    conf.set("dicm.samples.split", "last-days:1");
    new TaskInput(conf).tellLastMoment(9 * 86_400);
    MapReduceDriver<
            NullWritable, TableRecord, UserEventKey, UserEventWritable, Text, SampleWritable>
        driver = MapReduceDriver.newMapReduceDriver(new ImpressionMapper(), new SampleReducer());
    ByReferenceSerialization.addTo(driver, conf);
    driver.setKeyOrderComparator(ShuffleComparators.order());
    driver.setKeyGroupingComparator(ShuffleComparators.grouping());
    driver.addAll(List.of(line(30, "u,b,6,0,7"), line(40, "v,b,6,1,7"), line(50, "u,a,5,1,7")));

    List<Pair<Text, SampleWritable>> samples = driver.run();

    assertThat(samples).extracting(pair -> pair.getFirst().toString()).containsOnly("TRAIN");
    List<Sample> values = samples.stream().map(pair -> pair.getSecond().sample()).toList();
    assertThat(values).extracting(Sample::userId).containsExactly("u", "u", "v");
    assertThat(values).extracting(Sample::timestampSeconds).containsExactly(5L, 6L, 6L);
    assertThat(values.get(1).behaviors().imageKeys()).containsExactly(Fingerprints.imageKey("pa"));
    assertThat(values.get(2).behaviors().imageKeys()).isEmpty();
    assertThat(SampleCounters.totals(driver.getCounters(), SampleSplit.TRAIN))
        .isEqualTo(new SplitTotals(3, 3, 2, 1));
  }

  private MapDriver<NullWritable, TableRecord, UserEventKey, UserEventWritable> impressions() {
    return driver(new ImpressionMapper());
  }

  private <K, V> MapDriver<NullWritable, TableRecord, K, V> driver(
      Mapper<NullWritable, TableRecord, K, V> mapper) {
    MapDriver<NullWritable, TableRecord, K, V> driver = MapDriver.newMapDriver(mapper);
    ByReferenceSerialization.addTo(driver, conf);
    return driver;
  }

  private void tell() throws IOException {
    new TaskInput(conf).tell(SampleInput.check(conf, new InputLayout(input.path())));
  }

  private static Pair<NullWritable, TableRecord> line(long offset, String text) {
    return line(HEADER, offset, text);
  }

  private static Pair<NullWritable, TableRecord> line(String header, long offset, String text) {
    return TableLines.of(header).line(offset, text);
  }

  private static UserEvent event(List<Pair<UserEventKey, UserEventWritable>> events, int index) {
    return events.get(index).getSecond().event();
  }
}
