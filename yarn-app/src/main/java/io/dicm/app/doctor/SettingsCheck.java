package io.dicm.app.doctor;

import io.dicm.app.client.SubmissionChecks;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.config.DicmConfiguration;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/** Every value that the stages will read. */
record SettingsCheck(Configuration conf, PipelineSettings settings) implements Check {
  @Override
  public String what() {
    return "settings";
  }

  @Override
  public List<Finding> look() {
    new SubmissionChecks(DicmConfiguration.of(conf), settings).checkSettings();
    int own = 0;
    for (Map.Entry<String, String> entry : conf) {
      own += entry.getKey().startsWith("dicm.") ? 1 : 0;
    }
    return List.of(
        Finding.ok(
            what(),
            "%d keys have a value, all right for %s"
                .formatted(own, StageName.labels(settings.stages()))));
  }
}
