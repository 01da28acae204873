package io.dicm.trainer.ablation;

import io.dicm.ams.shard.ImageSignals;
import io.dicm.common.error.DicmException;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.key.Fingerprints;
import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.common.parquet.ParquetTables;
import io.dicm.common.parquet.RowFields;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.sample.SampleFiles;
import io.dicm.trainer.sample.SampleSource;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/**
 * Makes the table for {@code dicm.train.planted-signal} of a run's samples: for each shown picture
 * how often it was clicked, over training <em>and test</em> impressions, as {@link ClickCounts}
 * says. It is the positive control: it carries the answer on purpose, and a model that gains
 * nothing from it could not gain anything from pictures either. Never a feature.
 *
 * <p>Samples are read once, in one process. Memory is at most {@value #BYTES_AN_IMAGE} bytes of the
 * Java heap for each different shown picture, whatever the number of impressions. For one thread.
 */
public final class PlantedSignal {
  /** What one image takes while it is counted; the counts double when they are full. */
  static final int BYTES_AN_IMAGE = 120;

  private static final String[] SPLITS = {"train", "test"};

  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          "message planted_signal { required int64 %s; required double %s; }"
              .formatted(ImageSignals.KEY, ImageSignals.SIGNAL));

  private final Configuration conf;
  private final FeatureSchema schema;

  /**
   * @param schema of the samples
   */
  public PlantedSignal(Configuration conf, FeatureSchema schema) {
    this.conf = conf;
    this.schema = schema;
  }

  /**
   * What was read.
   *
   * @param images different shown pictures
   * @param impressions of them
   * @param clicks among those
   */
  public record Summary(long images, long impressions, long clicks) {}

  private record Row(long key, double signal) {}

  /**
   * Publishes the table.
   *
   * @param samples directory of a run, with {@code train} and {@code test}
   * @param target directory of the table; an earlier one is replaced
   * @throws DicmException as {@link SampleFiles#sequential}; {@code MEMORY_PLAN_TOO_LARGE} when
   *     there are more images than half the heap has room for
   */
  public Summary write(Path samples, Path target) throws IOException {
    ClickCounts counts = new ClickCounts(Runtime.getRuntime().maxMemory() / 2 / BYTES_AN_IMAGE);
    for (String split : SPLITS) {
      count(new Path(samples, split), counts);
    }
    try (DirectoryPublisher publisher = new DirectoryPublisher(conf, target)) {
      try (ParquetTableWriter<Row> table =
          new ParquetTableWriter<>(
              conf,
              new Path(publisher.staging(), ParquetTables.partName(0)),
              SCHEMA,
              (out, row) -> {
                RowFields.int64(out, ImageSignals.KEY, 0, row.key());
                RowFields.float64(out, ImageSignals.SIGNAL, 1, row.signal());
              })) {
        counts.forEachSignal((key, signal) -> table.write(new Row(key, signal)));
      }
      publisher.publish();
    }
    return new Summary(counts.images(), counts.impressions(), counts.clicks());
  }

  private void count(Path split, ClickCounts counts) throws IOException {
    try (SampleSource source = SampleFiles.sequential(conf, split, schema, 0, 1)) {
      for (Sample sample = source.next(); sample != null; sample = source.next()) {
        for (Impression impression : sample.impressions()) {
          if (impression.imageKey() != Fingerprints.NONE) {
            counts.add(impression.imageKey(), impression.label());
          }
        }
      }
    }
  }
}
