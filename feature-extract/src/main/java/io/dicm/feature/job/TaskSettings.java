package io.dicm.feature.job;

import io.dicm.common.json.JsonFiles;
import io.dicm.feature.encode.ExtractorDescription;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;

/** Carries the extractor's description from the client to the tasks. */
final class TaskSettings {
  private TaskSettings() {}

  static void setExtractor(Configuration conf, ExtractorDescription extractor) {
    conf.set(ExtractJobKeys.EXTRACTOR, new JsonFiles(conf).oneLine(extractor));
  }

  static ExtractorDescription extractor(Configuration conf) throws IOException {
    return new JsonFiles(conf)
        .parse(conf.get(ExtractJobKeys.EXTRACTOR), ExtractorDescription.class);
  }
}
