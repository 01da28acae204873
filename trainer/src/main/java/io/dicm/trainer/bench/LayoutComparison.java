package io.dicm.trainer.bench;

import io.dicm.common.key.Fingerprints;
import io.dicm.trainer.bench.LayoutFigures.LookUps;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.model.NetworkShape;
import io.dicm.trainer.sample.FlatSampleWriter;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.sample.SampleFiles;
import io.dicm.trainer.sample.SampleSource;
import io.dicm.trainer.sample.SampleWriter;
import io.dicm.trainer.sample.ShuffleOptions;
import io.dicm.trainer.schema.FeatureSchema;
import io.dicm.trainer.train.Batch;
import io.dicm.trainer.train.BatchAssembler;
import io.dicm.trainer.train.BatchReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Writes samples once as the product does, once flat in the same order and once flat in random
 * order, and counts what training looks up either way. All three are one file, with the same row
 * groups and compression; values that all have are encoded as Parquet chooses, and only what flat
 * rows have not (numbers of items, steps of times and IDs) is encoded otherwise. For one thread.
 */
public final class LayoutComparison {
  /** Any: it does not change which keys are asked for. */
  private static final int EMBEDDING_DIMENSION = 12;

  private final Configuration conf;
  private final FeatureSchema schema;
  private final Path samples;

  /**
   * @param samples directory of one split, that with the Parquet files
   */
  public LayoutComparison(Configuration conf, FeatureSchema schema, Path samples) {
    this.conf = conf;
    this.schema = schema;
    this.samples = samples;
  }

  /**
   * Measures.
   *
   * @param folder exists; gets the three files
   * @param batchSize impressions of a batch
   * @param shuffle the order in which batches take the samples
   */
  public LayoutFigures run(Path folder, int batchSize, ShuffleOptions shuffle) throws IOException {
    Path nested = new Path(folder, "nested.parquet");
    Path flat = new Path(folder, "flat.parquet");
    Path shuffled = new Path(folder, "shuffled.parquet");
    writeShuffled(shuffled, shuffle);
    Counts counts = new Counts();
    try (SampleSource all = SampleFiles.sequential(conf, samples, schema, 0, 1);
        SampleWriter nestedFile = new SampleWriter(conf, nested, schema);
        FlatSampleWriter flatFile = new FlatSampleWriter(conf, flat, schema)) {
      for (Sample sample = all.next(); sample != null; sample = all.next()) {
        nestedFile.write(sample);
        for (Impression shown : sample.impressions()) {
          flatFile.write(sample, shown);
        }
        counts.add(sample);
      }
    }
    return new LayoutFigures(
        counts.samples,
        counts.impressions,
        bytes(flat),
        bytes(shuffled),
        bytes(nested),
        counts.flat,
        counts.bySample,
        byBatch(batchSize, shuffle));
  }

  /** Impression by impression out of a buffer, as large as that of training. */
  private void writeShuffled(Path file, ShuffleOptions shuffle) throws IOException {
    SplittableRandom random = new SplittableRandom(shuffle.seed());
    ShuffleOptions single = ShuffleOptions.ofSamples(shuffle.buffer(), shuffle.seed());
    List<Shown> buffer = new ArrayList<>();
    try (SampleSource all = SampleFiles.open(conf, samples, schema, 0, 1, 0, single);
        FlatSampleWriter out = new FlatSampleWriter(conf, file, schema)) {
      for (Sample sample = all.next(); sample != null; sample = all.next()) {
        for (Impression impression : sample.impressions()) {
          buffer.add(new Shown(sample, impression));
        }
        while (buffer.size() > shuffle.buffer()) {
          take(buffer, random).write(out);
        }
      }
      while (!buffer.isEmpty()) {
        take(buffer, random).write(out);
      }
    }
  }

  private static Shown take(List<Shown> buffer, SplittableRandom random) {
    Collections.swap(buffer, random.nextInt(buffer.size()), buffer.size() - 1);
    return buffer.remove(buffer.size() - 1);
  }

  private LookUps byBatch(int batchSize, ShuffleOptions shuffle) throws IOException {
    BatchAssembler assembler =
        new BatchAssembler(NetworkShape.of(schema.fields(), EMBEDDING_DIMENSION, ImageMode.JOINT));
    LookUps sum = new LookUps(0, 0);
    try (BatchReader batches =
        new BatchReader(
            SampleFiles.open(conf, samples, schema, 0, 1, 0, shuffle), assembler, batchSize)) {
      for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
        sum =
            sum.plus(
                batch.adImageKeys().length + batch.behaviorImageKeys().length,
                batch.idKeys().length);
      }
    }
    return sum;
  }

  private long bytes(Path file) throws IOException {
    return file.getFileSystem(conf).getFileStatus(file).getLen();
  }

  private record Shown(Sample sample, Impression impression) {
    void write(FlatSampleWriter out) throws IOException {
      out.write(sample, impression);
    }
  }

  /** Growing sums. */
  private static final class Counts {
    private long samples;
    private long impressions;
    private LookUps flat = new LookUps(0, 0);
    private LookUps bySample = new LookUps(0, 0);

    void add(Sample sample) {
      long sharedImages = present(sample.behaviors().imageKeys());
      long sharedIds = present(sample.userKeys()) + present(sample.behaviors().idKeys());
      samples++;
      bySample = bySample.plus(sharedImages, sharedIds);
      for (Impression shown : sample.impressions()) {
        long images = present(shown.imageKey());
        long ids = present(shown.itemKeys()) + present(shown.contextKeys());
        impressions++;
        bySample = bySample.plus(images, ids);
        flat = flat.plus(sharedImages + images, sharedIds + ids);
      }
    }

    private static long present(long[][] fields) {
      return Arrays.stream(fields).mapToLong(Counts::present).sum();
    }

    private static long present(long... keys) {
      return Arrays.stream(keys).filter(key -> key != Fingerprints.NONE).count();
    }
  }
}
