package io.dicm.trainer.samplejob;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.config.DicmKeys;
import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.input.TableRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.Mapper;
import org.apache.hadoop.mrunit.mapreduce.MapDriver;
import org.apache.hadoop.mrunit.mapreduce.MapReduceDriver;
import org.apache.hadoop.mrunit.types.Pair;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestSurvey {
  private static final String HEADER = "user_id,item_id,ts,label,hour";

  private final Configuration conf = SampleTestInput.configuration();

  @TempDir private Path directory;

  @BeforeEach
  void tell() throws IOException {
    conf.set(DicmKeys.SAMPLES_SPLIT, "last-days:1");
    SampleTestInput input = new SampleTestInput(directory);
    input.write("impressions.csv", HEADER + "\n");
    new TaskInput(conf).tell(SampleInput.check(conf, new InputLayout(input.path())));
  }

  @Test
  void mappersEmitUsersAndMomentsOfGoodRows() throws IOException {
    SurveyRate.tell(conf, 5);
    List<String> log = List.of(HEADER, "u,b,6,0,7", "v,b,5,0,7", "u,b,later,0,7", ",b,9,0,7");

    assertThat(moments(new SurveyMapper(), log)).containsExactly("u@6/1/", "v@5/1/");
    assertThat(moments(new ImpressionSurveyMapper(), log))
        .as("and the latest one, of nobody")
        .containsExactly("u@6/1/", "v@5/1/", "@6/1/");
  }

  /** What is wrong with a row has nothing to do with its moment. */
  @ParameterizedTest
  @ValueSource(strings = {",b,9,0,7", "u,nothing,9,0,7", "u,b,9,2,7", "u,,9,0,7", "u,b,9,,7"})
  void aRowThatNoSampleIsMadeOfIsNotTheLatest(String bad) throws IOException {
    SurveyRate.tell(conf, 0);
    List<String> log = List.of(HEADER, "u,b,6,0,7", bad, "v,b,5,0,7");

    assertThat(moments(new ImpressionSurveyMapper(), log)).containsExactly("@6/1/");
  }

  @Test
  void aClickWithABadDwellTimeIsNotTheLatest() throws IOException {
    SurveyRate.tell(conf, 0);
    conf.setInt(DicmKeys.SAMPLES_MIN_DWELL_SECONDS, 5);
    String header = HEADER + ",dwell_seconds";
    List<String> log = List.of(header, "u,b,6,1,7,9", "u,b,8,1,7,long", "u,b,7,0,7,long");

    assertThat(moments(new ImpressionSurveyMapper(), log)).containsExactly("@7/1/");
  }

  @Test
  void noMomentIsLookedForWhereNoDaysAreSplit() throws IOException {
    SurveyRate.tell(conf, 5);
    conf.set(DicmKeys.SAMPLES_SPLIT, "user-fraction:0.5");

    assertThat(moments(new ImpressionSurveyMapper(), log("u", 1, 2)))
        .containsExactly("u@1/1/", "u@2/1/");
  }

  @Test
  void onlyTheLatestMomentIsLookedForWhenNobodyIsToBeCut() throws IOException {
    SurveyRate.tell(conf, 0);

    assertThat(moments(new ImpressionSurveyMapper(), log("u", 1, 2, 3))).containsExactly("@3/1/");
  }

  @Test
  void cutsUsersOfManyRowsBetweenMomentsAndFindsTheLastOne() throws IOException {
    SurveyRate.tell(conf, 3);
    List<String> log = new ArrayList<>(log("h", 9, 1, 2, 3, 4, 5, 5, 5, 5, 6, 7));
    log.addAll(log("u", 1, 2, 30).subList(1, 4));

    MapReduceDriver<NullWritable, TableRecord, UserEventKey, NullWritable, Text, LongWritable>
        driver =
            MapReduceDriver.newMapReduceDriver(new ImpressionSurveyMapper(), new SurveyReducer());
    ByReferenceSerialization.addTo(driver, conf);
    driver.setKeyOrderComparator(ShuffleComparators.order());
    driver.setKeyGroupingComparator(ShuffleComparators.grouping());
    driver.addAll(TableLines.table(log));

    assertThat(driver.run())
        .as("segments of 1 2 3, 4 5 5 5 5, and 6 7 9")
        .containsExactly(boundary("h", 4), boundary("h", 6));
    assertThat(counter(driver, SurveyReducer.LAST_MOMENT)).isEqualTo(30);
    assertThat(counter(driver, SurveyReducer.HEAVY_USERS)).isEqualTo(1);
    assertThat(counter(driver, SurveyReducer.SEGMENTS)).isEqualTo(3);
  }

  @Test
  void looksAtAboutAThousandRowsOfASegmentAndTheSameOnesAgain() {
    SurveyRate rate = SurveyRate.of(100_000);
    assertThat(rate).isEqualTo(new SurveyRate(100, 1000));

    for (int task = 0; task < 3; task++) {
      int number = task;
      long[] rows = LongStream.range(0, 100_000).filter(row -> rate.looksAt(number, row)).toArray();
      assertThat(rows.length).isBetween(900, 1100);
      assertThat(LongStream.of(rows).allMatch(row -> rate.looksAt(number, row))).isTrue();
      assertThat(LongStream.of(rows).filter(row -> rate.looksAt(number + 1, row)).count())
          .as("another task looks at others")
          .isLessThan(50);
    }
  }

  @Test
  void looksAtEveryRowWhereSegmentsAreSmallAndAtNoneWithoutSegments() {
    assertThat(SurveyRate.of(1)).isEqualTo(new SurveyRate(1, 1));
    assertThat(SurveyRate.of(1999)).isEqualTo(new SurveyRate(1, 1999));
    assertThat(SurveyRate.of(1_000_000)).isEqualTo(new SurveyRate(1000, 1000));
    assertThat(LongStream.range(0, 99).allMatch(row -> SurveyRate.of(7).looksAt(2, row))).isTrue();
    assertThat(LongStream.range(0, 99).anyMatch(row -> SurveyRate.of(0).looksAt(2, row))).isFalse();
  }

  private List<String> moments(
      Mapper<NullWritable, TableRecord, UserEventKey, NullWritable> mapper, List<String> log)
      throws IOException {
    MapDriver<NullWritable, TableRecord, UserEventKey, NullWritable> driver =
        MapDriver.newMapDriver(mapper);
    ByReferenceSerialization.addTo(driver, conf);
    driver.addAll(TableLines.table(log));
    return driver.run().stream().map(pair -> pair.getFirst().toString()).toList();
  }

  private static List<String> log(String user, long... moments) {
    List<String> lines = new ArrayList<>(List.of(HEADER));
    for (long moment : moments) {
      lines.add(user + ",a," + moment + ",0,7");
    }
    return lines;
  }

  private static long counter(MapReduceDriver<?, ?, ?, ?, ?, ?> driver, String name) {
    return driver.getCounters().findCounter(SurveyReducer.GROUP, name).getValue();
  }

  private static Pair<Text, LongWritable> boundary(String user, long seconds) {
    return new Pair<>(new Text(user), new LongWritable(seconds));
  }
}
