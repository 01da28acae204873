package io.dicm.trainer.evaluate;

import io.dicm.common.parquet.ParquetTableWriter;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetReader;

/**
 * Writes one file of predictions in {@link PredictionOrder}, whatever order they come in. What is
 * scored comes in order but for a new beginning with every file of samples, and the impressions of
 * one moment. So a heap of some thousand rows puts the near ones in order (replacement selection:
 * Knuth, The Art of Computer Programming 3, 5.4.1); what comes too late begins another run, and the
 * runs are merged at the end. Memory does not depend on the rows. For one thread.
 */
public final class SortedPredictionWriter implements Closeable {
  private static final int HELD_ROWS = 8_192;
  private static final PredictionOrder ORDER = new PredictionOrder();

  private final Configuration conf;
  private final Path file;
  private final Path runDirectory;
  private final PriorityQueue<Held> held =
      new PriorityQueue<>(
          Comparator.comparingInt(Held::run).thenComparing(Held::prediction, ORDER));
  private final List<Path> runs = new ArrayList<>();
  private ParquetTableWriter<Prediction> out;
  private Prediction last;
  private int currentRun;
  private long rows;

  private record Held(int run, Prediction prediction) {}

  /** One run while runs are merged, with its next row. */
  private static final class Run implements Closeable {
    private final ParquetReader<Prediction> reader;
    private Prediction next;

    private Run(Configuration conf, Path file) throws IOException {
      this.reader = ParquetReader.builder(new PredictionReadSupport(), file).withConf(conf).build();
      advance();
    }

    private void advance() throws IOException {
      next = reader.read();
    }

    @Override
    public void close() throws IOException {
      reader.close();
    }
  }

  /**
   * @param file created or replaced by {@link #close}; until then the rows are in a directory
   *     beside it, whose name begins with {@code _runs-}
   */
  public SortedPredictionWriter(Configuration conf, Path file) {
    this.conf = conf;
    this.file = file;
    this.runDirectory = new Path(file.getParent(), "_runs-" + file.getName());
  }

  /** Takes a row. */
  public void write(Prediction prediction) throws IOException {
    boolean late = last != null && ORDER.compare(prediction, last) < 0;
    held.add(new Held(late ? currentRun + 1 : currentRun, prediction));
    rows++;
    if (held.size() > HELD_ROWS) {
      writeLeast();
    }
  }

  /** Rows taken so far. */
  public long rows() {
    return rows;
  }

  /** Writes what is held, merges the runs and removes them. */
  @Override
  public void close() throws IOException {
    while (!held.isEmpty()) {
      writeLeast();
    }
    closeRun();
    FileSystem fs = file.getFileSystem(conf);
    merge();
    fs.delete(runDirectory, true);
  }

  private void writeLeast() throws IOException {
    Held least = held.remove();
    if (least.run() > currentRun) {
      closeRun();
      currentRun = least.run();
    }
    if (out == null) {
      Path run = new Path(runDirectory, "run-" + runs.size() + ".parquet");
      out = PredictionTable.runWriter(conf, run);
      runs.add(run);
    }
    out.write(least.prediction());
    last = least.prediction();
  }

  private void closeRun() throws IOException {
    if (out != null) {
      out.close();
      out = null;
    }
  }

  private void merge() throws IOException {
    PriorityQueue<Run> open = new PriorityQueue<>(Comparator.comparing(run -> run.next, ORDER));
    try (ParquetTableWriter<Prediction> sorted = PredictionTable.writer(conf, file)) {
      for (Path run : runs) {
        open.add(new Run(conf, run));
      }
      while (!open.isEmpty()) {
        Run least = open.remove();
        sorted.write(least.next);
        least.advance();
        if (least.next == null) {
          least.close();
        } else {
          open.add(least);
        }
      }
    } finally {
      for (Run run : open) {
        run.close();
      }
    }
  }
}
