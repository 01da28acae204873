package io.dicm.trainer.samplejob;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.input.TableRecord;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.sample.SampleManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.Mapper;
import org.apache.hadoop.mrunit.mapreduce.MultipleInputsMapReduceDriver;
import org.apache.hadoop.mrunit.types.Pair;

/**
 * Random logs through mappers, shuffle order and reducer: no behaviour at or after its impression,
 * none missing, and both splits, all equal to the join by its definition, however users are cut
 * into segments.
 */
class TestPointInTime {
  private Configuration conf;
  private java.nio.file.Path directory;

  @BeforeTry
  void makeDirectory() throws IOException {
    conf = SampleTestInput.configuration();
    directory = Files.createTempDirectory("dicm-point-in-time");
  }

  @AfterTry
  void deleteDirectory() {
    assertThat(FileUtil.fullyDelete(directory.toFile())).isTrue();
  }

  @Property(seed = "11", tries = 200)
  void mappersAndReducerEqualTheJoinByDefinition(@ForAll("cases") JoinCase join)
      throws IOException {
    SampleTestInput input = join.write(directory.resolve("in"), conf);
    SampleInput tables = SampleInput.check(conf, new InputLayout(input.path()));
    new TaskInput(conf).tell(tables);
    survey(join);

    MultipleInputsMapReduceDriver<?, ?, Text, SampleWritable> driver = driver(join);
    List<Pair<Text, SampleWritable>> made = driver.run();

    DefinedJoin expected = DefinedJoin.of(join);
    assertThat(lines(made, SampleSplit.TRAIN)).isEqualTo(expected.train());
    assertThat(lines(made, SampleSplit.TEST)).isEqualTo(expected.test());
    assertThat(SampleCounters.leftOut(driver.getCounters())).isEqualTo(expected.leftOut());
  }

  /** The whole job: partitions, real sort and merge, files written and read. */
  @Property(seed = "12", tries = 8, shrinking = ShrinkingMode.OFF)
  void theJobEqualsTheJoinByDefinition(@ForAll("cases") JoinCase join)
      throws IOException, InterruptedException {
    DefinedJoin expected = DefinedJoin.of(join);
    Assume.that(!expected.train().isEmpty() && !expected.test().isEmpty());
    SampleTestInput input = join.write(directory.resolve("in"), conf);
    conf.setInt("mapreduce.input.fileinputformat.split.maxsize", 400); // Several map tasks.
    Path target = new Path(directory.resolve("samples").toUri());

    SampleManifest manifest = new SamplesJob(conf).run(input.path(), target, ProgressListener.NONE);

    ReadSamples read = ReadSamples.of(conf, input.path(), target);
    assertThat(DefinedJoin.lines(read.train())).isEqualTo(expected.train());
    assertThat(DefinedJoin.lines(read.test())).isEqualTo(expected.test());
    assertThat(manifest.leftOut()).isEqualTo(expected.leftOut());
  }

  @Provide
  Arbitrary<JoinCase> cases() {
    return JoinCases.any();
  }

  private MultipleInputsMapReduceDriver<?, ?, Text, SampleWritable> driver(JoinCase join) {
    MultipleInputsMapReduceDriver<UserEventKey, UserEventWritable, Text, SampleWritable> driver =
        MultipleInputsMapReduceDriver.newMultipleInputMapReduceDriver(new SampleReducer());
    ByReferenceSerialization.addTo(driver, conf);
    add(driver, new ImpressionMapper(), halves(join.impressionLines()).get(0));
    add(driver, new ImpressionMapper(), halves(join.impressionLines()).get(1));
    if (join.behaviors() != null) {
      add(driver, new BehaviorMapper(), halves(join.behaviorLines()).get(0));
      add(driver, new BehaviorMapper(), halves(join.behaviorLines()).get(1));
    }
    driver.setKeyOrderComparator(ShuffleComparators.order());
    driver.setKeyGroupingComparator(ShuffleComparators.grouping());
    return driver;
  }

  /** Two tables of the rows of one, as two map tasks get them. */
  private static List<List<String>> halves(List<String> lines) {
    List<String> second = new ArrayList<>(lines.subList(0, 1));
    second.addAll(lines.subList(1 + lines.size() / 2, lines.size()));
    return List.of(lines.subList(0, 1 + lines.size() / 2), second);
  }

  private static <V, R> void add(
      MultipleInputsMapReduceDriver<UserEventKey, V, Text, R> driver,
      Mapper<NullWritable, TableRecord, UserEventKey, V> mapper,
      List<String> lines) {
    List<Pair<NullWritable, TableRecord>> rows = TableLines.table(lines);
    if (rows.isEmpty()) {
      return; // MRUnit refuses a mapper without input.
    }
    driver.addMapper(mapper);
    driver.addAll(mapper, rows);
  }

  /** Looks over the log as the job does, and tells of the last moment and the heavy users. */
  private void survey(JoinCase join) throws IOException {
    MultipleInputsMapReduceDriver<UserEventKey, NullWritable, Text, LongWritable> driver =
        MultipleInputsMapReduceDriver.newMultipleInputMapReduceDriver(new SurveyReducer());
    SurveyRate.tell(conf, join.settings().maxUserEvents());
    ByReferenceSerialization.addTo(driver, conf);
    add(driver, new ImpressionSurveyMapper(), join.impressionLines());
    if (join.behaviors() != null) {
      add(driver, new SurveyMapper(), join.behaviorLines());
    }
    driver.setKeyOrderComparator(ShuffleComparators.order());
    driver.setKeyGroupingComparator(ShuffleComparators.grouping());
    Path heavyUsers = new Path(directory.resolve("heavy").toUri());
    HeavyUserFiles.write(conf, heavyUsers, driver.run());
    TaskInput told = new TaskInput(conf);
    told.tellHeavyUsers(heavyUsers);
    told.tellLastMoment(
        driver
            .getCounters()
            .findCounter(SurveyReducer.GROUP, SurveyReducer.LAST_MOMENT)
            .getValue());
  }

  private static List<String> lines(List<Pair<Text, SampleWritable>> made, SampleSplit split) {
    List<Sample> samples =
        made.stream()
            .filter(pair -> pair.getFirst().toString().equals(split.name()))
            .map(pair -> pair.getSecond().sample())
            .toList();
    return DefinedJoin.lines(samples);
  }
}
