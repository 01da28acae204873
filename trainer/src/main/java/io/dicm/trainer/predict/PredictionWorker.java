package io.dicm.trainer.predict;

import io.dicm.ams.compute.NativeThreads;
import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.common.parquet.ParquetTables;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.evaluate.SortedPredictionWriter;
import io.dicm.trainer.model.TowerOutput;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.sample.SampleSource;
import io.dicm.trainer.train.Batch;
import io.dicm.trainer.train.BatchReader;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Scores one share of the samples and writes it as one file. For one thread. */
public final class PredictionWorker {
  private final Configuration conf;
  private final PredictionOptions options;
  private final Model model;
  private final PredictionRowMaker rows;
  private final ProgressListener progress;

  /**
   * @param rows knows what the samples and the feature store say of the impressions
   * @param progress told scored impressions after each batch
   */
  public PredictionWorker(
      Configuration conf,
      PredictionOptions options,
      Model model,
      PredictionRowMaker rows,
      ProgressListener progress) {
    this.conf = conf;
    this.options = options;
    this.model = model;
    this.rows = rows;
    this.progress = progress;
  }

  /** The file of a predictor: {@code part-00000.parquet} and so on. */
  public static String fileName(int worker) {
    return ParquetTables.partName(worker);
  }

  /**
   * Scores all samples of the source, which it closes, and writes them by user, moment and
   * impression. Of a model with towers it leaves the vectors too, see {@link #mergeVectors}.
   *
   * @param directory the predictions' staging directory
   * @return the number of impressions
   */
  public long run(SampleSource samples, Path directory) throws IOException {
    NativeThreads.use(options.threads());
    try (BatchReader batches = new BatchReader(samples, model.assembler(), options.batchSize());
        TowerVectorWriter vectors =
            model.hasTowers() ? new TowerVectorWriter(parts(directory), options.worker()) : null;
        SortedPredictionWriter out =
            new SortedPredictionWriter(conf, new Path(directory, fileName(options.worker())))) {
      for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
        write(out, batch, score(batch, vectors));
        progress.progress(out.rows(), options.expectedImpressions(), "scored");
      }
      return out.rows();
    }
  }

  private float[] score(Batch batch, TowerVectorWriter vectors) throws IOException {
    if (vectors == null) {
      return model.predict(batch);
    }
    TowerOutput towers = model.towers(batch);
    vectors.write(batch, towers);
    return towers.probabilities();
  }

  /**
   * Puts together what all predictors have left of the users and items that are this one's, once
   * all have run: each ID is in one file. Nothing for a model without towers.
   *
   * @param directory as for {@link #run}
   * @see #vectors(Path, TowerTable) where the files are
   */
  public void mergeVectors(Path directory) throws IOException {
    if (!model.hasTowers()) {
      return;
    }
    TowerParts parts = parts(directory);
    for (TowerTable table : TowerTable.values()) {
      try (ParquetTableWriter<TowerVector> out =
          TowerTableWriters.open(
              conf, table, new Path(vectors(directory, table), fileName(options.worker())))) {
        for (TowerVector vector : parts.read(table, options.worker()).byId()) {
          out.write(vector);
        }
      }
      parts.delete(table, options.worker());
    }
  }

  /**
   * Where the files of a table are, once all predictors have merged theirs; nothing is there of a
   * model without towers.
   *
   * @param directory as for {@link #run}
   */
  public static Path vectors(Path directory, TowerTable table) {
    return TowerParts.finished(directory, table);
  }

  /**
   * Above {@link #vectors(Path, TowerTable)}; its name begins with "_".
   *
   * @param directory as for {@link #run}
   */
  public static Path vectors(Path directory) {
    return new Path(directory, TowerParts.DIRECTORY);
  }

  private TowerParts parts(Path directory) {
    return new TowerParts(conf, directory, options.workers());
  }

  private void write(SortedPredictionWriter out, Batch batch, float[] clicks) throws IOException {
    int row = 0;
    for (Sample sample : batch.samples()) {
      for (Impression impression : sample.impressions()) {
        out.write(rows.row(sample, impression, clicks[row++]));
      }
    }
  }
}
