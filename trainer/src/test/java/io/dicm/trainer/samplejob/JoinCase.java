package io.dicm.trainer.samplejob;

import io.dicm.common.config.DicmKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/**
 * A made-up log with the settings under which it is joined.
 *
 * @param behaviors rows of behaviors.csv, null for no such table
 */
record JoinCase(List<LogRow> impressions, List<LogRow> behaviors, JoinSettings settings) {
  static final String IMPRESSIONS_HEADER =
      "impression_id,user_id,item_id,ts,label,hour,dwell_seconds";
  static final String BEHAVIORS_HEADER = "ts,user_id,item_id,dwell_seconds";

  /** Writes the tables into an empty directory, and the settings into the configuration. */
  SampleTestInput write(java.nio.file.Path directory, Configuration conf) throws IOException {
    Files.createDirectories(directory);
    SampleTestInput input = new SampleTestInput(directory);
    input.write("impressions.csv", text(impressionLines()));
    if (behaviors != null) {
      input.write("behaviors.csv", text(behaviorLines()));
    }
    conf.set(DicmKeys.INPUT_MAX_BAD_FRACTION, "1");
    settings.set(conf);
    return input;
  }

  List<String> impressionLines() {
    return lines(IMPRESSIONS_HEADER, impressions.stream().map(LogRow::impression));
  }

  List<String> behaviorLines() {
    return behaviors == null
        ? List.of()
        : lines(BEHAVIORS_HEADER, behaviors.stream().map(LogRow::behavior));
  }

  private static List<String> lines(String header, Stream<String> rows) {
    return Stream.concat(Stream.of(header), rows).toList();
  }

  private static String text(List<String> lines) {
    return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
  }
}
