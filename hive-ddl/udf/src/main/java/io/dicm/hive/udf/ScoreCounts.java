package io.dicm.hive.udf;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.apache.hadoop.io.WritableUtils;

/**
 * Impressions by distinct score, of which the exact area under the ROC curve follows; equal scores
 * count half, as in DICM's own evaluation. Whatever the order in which impressions and other counts
 * are added, the result is the same to the last bit, as long as there are fewer than 2^53 pairs.
 *
 * <p>Memory is at most 24 bytes a distinct score, twice that while counts are put together, and as
 * many waiting scores of 8 bytes; at most {@link #MOST_SCORES} distinct ones. For one thread.
 */
public final class ScoreCounts {
  /** The most distinct scores of one group, 100 MB of them. */
  public static final int MOST_SCORES = 1 << 22;

  private static final int LEAST_WAITING = 64;
  private static final byte FORMAT = 1;

  private Run run = Run.EMPTY;
  private Waiting clicked = new Waiting();
  private Waiting unclicked = new Waiting();

  /**
   * Adds an impression.
   *
   * @throws IllegalArgumentException for a score that is not a number
   * @throws IllegalStateException when there are too many distinct scores
   */
  public void add(boolean click, double score) {
    if (Double.isNaN(score)) {
      throw new IllegalArgumentException("a score is not a number");
    }
    (click ? clicked : unclicked).add(score + 0.0); // -0.0 and 0.0 are one score.
    if (clicked.size + unclicked.size >= Math.max(LEAST_WAITING, run.size)) {
      settle();
    }
  }

  /**
   * Adds counts that {@link #toBytes} gave.
   *
   * @throws IllegalArgumentException for other bytes
   * @throws IllegalStateException when there are too many distinct scores
   */
  public void add(byte[] bytes) {
    settle();
    run = checked(Run.merged(run, Run.of(bytes)));
  }

  /** All counts; bounded as the memory is. */
  public byte[] toBytes() {
    settle();
    return run.toBytes();
  }

  /** The area under the curve; not a number without an impression of either kind. */
  public double areaUnderCurve() {
    settle();
    double won = 0;
    double clicks = 0;
    double others = 0;
    for (int i = 0; i < run.size; i++) {
      won += run.clicked[i] * (others + run.unclicked[i] / 2.0);
      clicks += run.clicked[i];
      others += run.unclicked[i];
    }
    return won / (clicks * others);
  }

  /** Bytes of heap. */
  int memory() {
    return 24 * run.scores.length + 8 * (clicked.scores.length + unclicked.scores.length) + 200;
  }

  private void settle() {
    if (clicked.size + unclicked.size > 0) {
      run = checked(Run.merged(run, Run.merged(clicked.take(true), unclicked.take(false))));
    }
  }

  private static Run checked(Run run) {
    if (run.size > MOST_SCORES) {
      throw new IllegalStateException(
          "there are more than "
              + MOST_SCORES
              + " distinct scores in one group; round them, such as round(score, 6)");
    }
    return run;
  }

  /** Scores of one kind that are not sorted yet. */
  private static final class Waiting {
    private double[] scores = new double[LEAST_WAITING];
    private int size;

    void add(double score) {
      if (size == scores.length) {
        scores = Arrays.copyOf(scores, 2 * size);
      }
      scores[size++] = score;
    }

    Run take(boolean click) {
      Arrays.sort(scores, 0, size);
      Run taken = new Run(size);
      for (int i = 0; i < size; i++) {
        taken.append(scores[i], click ? 1 : 0, click ? 0 : 1);
      }
      size = 0;
      return taken;
    }
  }

  /** Counts in ascending order of score, each score once. */
  private static final class Run {
    private static final Run EMPTY = new Run(0);

    private final double[] scores;
    private final long[] clicked;
    private final long[] unclicked;
    private int size;

    Run(int most) {
      scores = new double[most];
      clicked = new long[most];
      unclicked = new long[most];
    }

    static Run merged(Run first, Run second) {
      Run merged = new Run(first.size + second.size);
      int i = 0;
      int j = 0;
      while (i < first.size || j < second.size) {
        if (j == second.size || (i < first.size && first.scores[i] <= second.scores[j])) {
          merged.append(first.scores[i], first.clicked[i], first.unclicked[i]);
          i++;
        } else {
          merged.append(second.scores[j], second.clicked[j], second.unclicked[j]);
          j++;
        }
      }
      return merged.trimmed();
    }

    /** Adds counts of a score that is not below the last one. */
    void append(double score, long clicks, long others) {
      if (size == 0 || scores[size - 1] != score) {
        scores[size++] = score;
      }
      clicked[size - 1] += clicks;
      unclicked[size - 1] += others;
    }

    /** Arrays that are mostly empty would be held for as long as the group. */
    private Run trimmed() {
      if (size > scores.length / 2) {
        return this;
      }
      Run smaller = new Run(size);
      System.arraycopy(scores, 0, smaller.scores, 0, size);
      System.arraycopy(clicked, 0, smaller.clicked, 0, size);
      System.arraycopy(unclicked, 0, smaller.unclicked, 0, size);
      smaller.size = size;
      return smaller;
    }

    byte[] toBytes() {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(16 + 10 * size);
      try (DataOutputStream out = new DataOutputStream(bytes)) {
        out.writeByte(FORMAT);
        WritableUtils.writeVInt(out, size);
        for (int i = 0; i < size; i++) {
          out.writeDouble(scores[i]);
          WritableUtils.writeVLong(out, clicked[i]);
          WritableUtils.writeVLong(out, unclicked[i]);
        }
      } catch (IOException e) {
        throw new IllegalStateException("memory cannot be written", e);
      }
      return bytes.toByteArray();
    }

    static Run of(byte[] bytes) {
      try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
        byte format = in.readByte();
        if (format != FORMAT) {
          throw new IllegalArgumentException(
              "counts of scores have format " + format + ", needed " + FORMAT);
        }
        Run run = new Run(WritableUtils.readVInt(in));
        for (int i = 0; i < run.scores.length; i++) {
          run.append(in.readDouble(), WritableUtils.readVLong(in), WritableUtils.readVLong(in));
        }
        return run;
      } catch (IOException e) {
        throw new IllegalArgumentException(bytes.length + " bytes are no counts of scores", e);
      }
    }
  }
}
