package io.dicm.trainer.sample;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.parquet.ParquetTables;
import io.dicm.trainer.lease.LeasePlan;
import io.dicm.trainer.lease.LeaseSize;
import io.dicm.trainer.lease.LeaseSource;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.SplittableRandom;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.hadoop.util.HadoopInputFile;

/**
 * Opens one split of a samples directory, {@code train} or {@code test}, for one of several
 * workers. Where workers wait for each other, the samples of all files, in the order of their
 * names, are cut into one equal range for each: shares differ by at most one sample, whatever the
 * number of files and rows. Where they do not, they are cut into leases, which each asks for as it
 * gets on.
 */
public final class SampleFiles {
  private SampleFiles() {}

  /**
   * This worker's share in a random order that depends on the options, epoch and worker only: row
   * groups are shuffled, then within a buffer samples, or the runs of one user's samples.
   *
   * @param worker 0 to {@code workers} - 1
   * @param epoch pass over the data; each has an order of its own
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} when there is no such directory, {@link
   *     ErrorCode#INPUT_INVALID} when its files have another format, {@link
   *     ErrorCode#SCHEMA_MISMATCH} when the samples were made with other features
   */
  public static SampleSource open(
      Configuration conf,
      Path directory,
      FeatureSchema schema,
      int worker,
      int workers,
      int epoch,
      ShuffleOptions options)
      throws IOException {
    SplittableRandom own = random(options, worker, epoch);
    List<SamplePiece> pieces = share(conf, directory, schema, worker, workers);
    Collections.shuffle(pieces, new Random(own.nextLong()));
    UserRuns runs = new UserRuns(new PieceSource(conf, schema, pieces), options.groupSize());
    return new ShuffledSource(runs, own, options.buffer());
  }

  /** This worker's share in the order of files and rows; errors as {@link #open}. */
  public static SampleSource sequential(
      Configuration conf, Path directory, FeatureSchema schema, int worker, int workers)
      throws IOException {
    return new PieceSource(conf, schema, share(conf, directory, schema, worker, workers));
  }

  /**
   * The work of all workers in leases.
   *
   * @param seed of each epoch's order, for training; without one in the order of files and rows
   * @throws DicmException as {@link #open}
   */
  public static LeasePlan plan(
      Configuration conf, Path directory, FeatureSchema schema, LeaseSize size, OptionalLong seed)
      throws IOException {
    return LeasePlan.of(
        rowGroups(conf, directory, schema).stream().map(SamplePiece::toSample).toList(),
        size,
        seed);
  }

  /**
   * What this worker leases of an epoch, in a random order that depends on the options, epoch,
   * worker and leases only: samples are shuffled within a buffer, or the runs of one user's samples
   * that lie in one lease. The buffer is a small part of all samples where they are few: what a
   * worker has in it, no other can take.
   *
   * @param leases this worker's own
   * @param worker its number, from 0
   * @param epoch pass over the data
   * @throws DicmException as {@link #open}, and of {@code leases}
   */
  public static SampleSource leased(
      Configuration conf,
      Path directory,
      FeatureSchema schema,
      LeaseSource leases,
      LeaseSize size,
      int worker,
      int epoch,
      ShuffleOptions options)
      throws IOException {
    List<SamplePiece> rowGroups = rowGroups(conf, directory, schema);
    PieceSource pieces = new PieceSource(conf, schema, new LeasedPieces(rowGroups, leases, epoch));
    return new ShuffledSource(
        new UserRuns(pieces, options.groupSize()),
        random(options, worker, epoch),
        size.buffer(options.buffer(), samples(rowGroups)));
  }

  /**
   * What one of several leases of the first epoch, in the order in which it is leased: for a plan
   * without seed, the order of files and rows. Errors as {@link #leased}.
   */
  public static SampleSource sequential(
      Configuration conf, Path directory, FeatureSchema schema, LeaseSource leases)
      throws IOException {
    return new PieceSource(
        conf, schema, new LeasedPieces(rowGroups(conf, directory, schema), leases, 0));
  }

  private static SplittableRandom random(ShuffleOptions options, int worker, int epoch) {
    SplittableRandom random = new SplittableRandom(options.seed());
    for (int skipped = 0; skipped < epoch; skipped++) {
      random.nextLong();
    }
    return new SplittableRandom(random.nextLong() + worker);
  }

  private static long samples(List<SamplePiece> rowGroups) {
    return rowGroups.stream().mapToLong(SamplePiece::toSample).sum();
  }

  private static List<SamplePiece> share(
      Configuration conf, Path directory, FeatureSchema schema, int worker, int workers)
      throws IOException {
    if (worker < 0 || worker >= workers) {
      throw new IllegalArgumentException("Worker was " + worker + ", allowed 0.." + (workers - 1));
    }
    List<SamplePiece> rowGroups = rowGroups(conf, directory, schema);
    long samples = samples(rowGroups);
    return SamplePiece.samples(
        rowGroups, samples * worker / workers, samples * (worker + 1) / workers);
  }

  private static List<SamplePiece> rowGroups(
      Configuration conf, Path directory, FeatureSchema schema) throws IOException {
    List<SamplePiece> rowGroups = new ArrayList<>();
    for (FileStatus file : files(conf, directory)) {
      try (ParquetFileReader reader =
          ParquetFileReader.open(HadoopInputFile.fromStatus(file, conf))) {
        ParquetMetadata footer = reader.getFooter();
        requireFormat(footer, file.getPath());
        requireSchema(footer, schema, file.getPath());
        for (BlockMetaData block : footer.getBlocks()) {
          rowGroups.add(
              new SamplePiece(file.getPath(), block.getOrdinal(), 0, SampleFormat.samples(block)));
        }
      }
    }
    return rowGroups;
  }

  private static List<FileStatus> files(Configuration conf, Path directory) throws IOException {
    try {
      return ParquetTables.files(conf, directory);
    } catch (FileNotFoundException e) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING,
          "Cannot read samples: there is no directory " + directory + ". Make the samples first.",
          e);
    }
  }

  private static void requireFormat(ParquetMetadata footer, Path file) {
    String found =
        footer.getFileMetaData().getKeyValueMetaData().getOrDefault(SampleFormat.FORMAT, "1");
    if (!found.equals(Integer.toString(SampleFormat.FORMAT_VERSION))) {
      throw new DicmException(
          ErrorCode.INPUT_INVALID,
          "Cannot read "
              + file
              + ": it has samples of format "
              + found
              + ", known is "
              + SampleFormat.FORMAT_VERSION
              + ". Make the samples again.");
    }
  }

  private static void requireSchema(ParquetMetadata footer, FeatureSchema schema, Path file) {
    String digest = footer.getFileMetaData().getKeyValueMetaData().get(SampleFormat.SCHEMA_DIGEST);
    if (!schema.digest().equals(digest)) {
      throw new DicmException(
          ErrorCode.SCHEMA_MISMATCH,
          "Cannot read "
              + file
              + ": it was made with features of digest "
              + digest
              + ", features.json now has "
              + schema.digest()
              + ". Make the samples again.");
    }
  }
}
