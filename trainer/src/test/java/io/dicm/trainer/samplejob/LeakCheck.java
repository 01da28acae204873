package io.dicm.trainer.samplejob;

import io.dicm.common.key.Fingerprints;
import io.dicm.trainer.input.CsvTable;
import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.input.RejectedRows;
import io.dicm.trainer.sample.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;

/**
 * Looks for what samples must not know: held against the log of clicks that they were made of, not
 * against the job's own ideas.
 */
final class LeakCheck {
  private final Map<String, List<Click>> clicksOfUsers = new HashMap<>();

  /** Reads the clicked rows of impressions.csv. */
  LeakCheck(Configuration conf, InputLayout input) throws IOException {
    try (CsvTable table = new CsvTable(conf, input.impressions())) {
      long unused =
          table.forEach(
              row -> {
                if (row.required("label").equals("1")) {
                  clicksOfUsers
                      .computeIfAbsent(row.required("user_id"), user -> new ArrayList<>())
                      .add(
                          new Click(
                              Fingerprints.idKey("item_id", row.required("item_id")),
                              row.timestampSeconds("ts")));
                }
              },
              RejectedRows.IGNORE);
    }
  }

  /** What is wrong, a sentence each; empty for samples without a leak. */
  List<String> findings(ReadSamples samples) {
    List<String> findings = new ArrayList<>();
    samples.train().forEach(sample -> addUnknownClicks(sample, findings));
    samples.test().forEach(sample -> addUnknownClicks(sample, findings));
    addLateTraining(samples, findings);
    addSharedImpressions(samples, findings);
    return findings;
  }

  /** Training impressions at or after the first test impression of anybody: for split by days. */
  static List<String> findingsAcrossUsers(ReadSamples samples) {
    long firstTest =
        samples.test().stream().mapToLong(Sample::timestampSeconds).min().orElseThrow();
    return samples.train().stream()
        .filter(sample -> sample.timestampSeconds() >= firstTest)
        .map(sample -> moment(sample) + " is in training, testing begins at " + firstTest)
        .toList();
  }

  /** A sample may know an item as often as its user had clicked it before the sample's second. */
  private void addUnknownClicks(Sample sample, List<String> findings) {
    Map<Long, Integer> known = new HashMap<>();
    for (Click click : clicksOfUsers.getOrDefault(sample.userId(), List.of())) {
      if (click.timestampSeconds < sample.timestampSeconds()) {
        known.merge(click.itemKey, 1, Integer::sum);
      }
    }
    for (long itemKey : sample.behaviors().idKeys()[0]) {
      if (known.merge(itemKey, -1, Integer::sum) < 0) {
        findings.add(moment(sample) + " knows a click on " + itemKey + " that is not older");
      }
    }
  }

  private static void addLateTraining(ReadSamples samples, List<String> findings) {
    Map<String, Long> firstTests = new HashMap<>();
    for (Sample sample : samples.test()) {
      firstTests.merge(sample.userId(), sample.timestampSeconds(), Math::min);
    }
    for (Sample sample : samples.train()) {
      if (sample.timestampSeconds() > firstTests.getOrDefault(sample.userId(), Long.MAX_VALUE)) {
        findings.add(moment(sample) + " is in training, later than a test impression of the user");
      }
    }
  }

  private static void addSharedImpressions(ReadSamples samples, List<String> findings) {
    Set<String> training = new HashSet<>();
    for (Sample sample : samples.train()) {
      sample.impressions().forEach(shown -> training.add(shown.impressionId()));
    }
    for (Sample sample : samples.test()) {
      sample.impressions().stream()
          .filter(shown -> training.contains(shown.impressionId()))
          .forEach(shown -> findings.add(shown.impressionId() + " is in both splits"));
    }
  }

  private static String moment(Sample sample) {
    return sample.userId() + "@" + sample.timestampSeconds();
  }

  private record Click(long itemKey, long timestampSeconds) {}
}
