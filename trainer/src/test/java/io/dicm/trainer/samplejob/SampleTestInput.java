package io.dicm.trainer.samplejob;

import io.dicm.common.config.DicmKeys;
import java.io.IOException;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** A hand-made input directory and a configuration for local jobs. */
final class SampleTestInput {
  static final String FEATURES =
      """
      {"features": [
        {"name": "user_id",  "side": "user", "kind": "id"},
        {"name": "item_id",  "side": "item", "kind": "id", "behavior": true, "query": true},
        {"name": "hour",     "side": "context", "kind": "id"},
        {"name": "category", "side": "item", "kind": "ids"}]}
      """;

  private static final Configuration READ = read();

  private final java.nio.file.Path directory;

  SampleTestInput(java.nio.file.Path directory) throws IOException {
    this.directory = directory;
    write("features.json", FEATURES);
    write("items.csv", "item_id,image_id,category\na,pa,x|y\nb,pb,y\nc,,\n");
  }

  void write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
  }

  Path path() {
    return new Path(directory.toUri());
  }

  /** One of the caller's own; a copy, since reading Hadoop's files costs as much as a small job. */
  static Configuration configuration() {
    return new Configuration(READ);
  }

  private static Configuration read() {
    Configuration conf = new Configuration();
    conf.addResource("dicm-default.xml");
    conf.set("mapreduce.framework.name", "local");
    conf.set("mapreduce.task.io.sort.mb", "8");
    conf.set(DicmKeys.SAMPLES_MAX_BEHAVIORS, "3");
    return conf;
  }
}
