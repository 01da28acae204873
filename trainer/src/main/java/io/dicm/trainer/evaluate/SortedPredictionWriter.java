package io.dicm.trainer.evaluate;

import com.google.common.io.Closer;
import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.common.parquet.ParquetTables;
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
 * runs are merged at the end, {@value #MERGED_RUNS} at a time, again and again where there are
 * more. Memory does not depend on the rows. For one thread.
 */
public final class SortedPredictionWriter implements Closeable {
  private static final int HELD_ROWS = 8_192;

  /** Each has a reader with its buffers. */
  private static final int MERGED_RUNS = 32;

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
  private int begunRuns;
  private long rows;

  private record Held(int run, Prediction prediction) {}

  /** One run while runs are merged, with its next row; null after the last. */
  private static final class Run {
    private final ParquetReader<Prediction> reader;
    private Prediction next;

    private Run(ParquetReader<Prediction> reader) throws IOException {
      this.reader = reader;
      advance();
    }

    private void advance() throws IOException {
      next = reader.read();
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

  /** Writes what is held, merges the runs and removes them, also when that fails. */
  @Override
  public void close() throws IOException {
    FileSystem fs = file.getFileSystem(conf);
    try {
      while (!held.isEmpty()) {
        writeLeast();
      }
      closeRun();
      while (runs.size() > MERGED_RUNS) {
        List<Path> first = List.copyOf(runs.subList(0, MERGED_RUNS));
        Path merged = nextRun();
        merge(first, PredictionTable.runWriter(conf, merged));
        runs.removeAll(first);
        for (Path run : first) {
          fs.delete(run, false);
        }
      }
      merge(runs, PredictionTable.writer(conf, file));
    } finally {
      closeRun();
      fs.delete(runDirectory, true);
    }
  }

  private Path nextRun() {
    Path run = new Path(runDirectory, "run-" + begunRuns++ + ".parquet");
    runs.add(run);
    return run;
  }

  private void writeLeast() throws IOException {
    Held least = held.remove();
    if (least.run() > currentRun) {
      closeRun();
      currentRun = least.run();
    }
    if (out == null) {
      out = PredictionTable.runWriter(conf, nextRun());
    }
    out.write(least.prediction());
    last = least.prediction();
  }

  private void closeRun() throws IOException {
    if (out != null) {
      ParquetTableWriter<Prediction> run = out;
      out = null;
      run.close();
    }
  }

  private void merge(List<Path> from, ParquetTableWriter<Prediction> to) throws IOException {
    PriorityQueue<Run> open = new PriorityQueue<>(Comparator.comparing(run -> run.next, ORDER));
    try (to;
        Closer readers = Closer.create()) {
      for (Path run : from) {
        open.add(
            new Run(
                readers.register(
                    ParquetTables.reader(conf, run, new PredictionReadSupport()).build())));
      }
      while (!open.isEmpty()) {
        Run least = open.remove();
        to.write(least.next);
        least.advance();
        if (least.next != null) {
          open.add(least);
        }
      }
    }
  }
}
