package io.dicm.hive.udf;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.io.WritableUtils;

/**
 * Impressions with their users, of which the GAUC follows: the users' AUCs weighted by their
 * impressions; users whose labels are all equal are left out, as in DICM's own evaluation (arXiv
 * 1711.06505, section 5). Whatever the order in which impressions are added, the result is the same
 * to the last bit.
 *
 * <p>Memory is 13 bytes an impression and about 100 a user, twice that for impressions while they
 * grow; at most {@link #MOST_IMPRESSIONS}. For one thread.
 */
public final class UserScores {
  /** The most impressions of one group, 110 MB of them. */
  public static final int MOST_IMPRESSIONS = 1 << 23;

  private static final int LEAST = 64;
  private static final int USER_BYTES = 100;
  private static final byte FORMAT = 1;

  private final Map<String, Integer> users = new HashMap<>();
  private final BitSet clicked = new BitSet();
  private int[] userOf = new int[LEAST];
  private double[] scores = new double[LEAST];
  private int size;

  /**
   * Adds an impression.
   *
   * @throws IllegalArgumentException for a score that is not a number
   * @throws IllegalStateException when there are too many impressions
   */
  public void add(String user, boolean click, double score) {
    if (Double.isNaN(score)) {
      throw new IllegalArgumentException("a score is not a number");
    }
    append(number(user), click, score + 0.0); // -0.0 and 0.0 are one score.
  }

  /**
   * Adds impressions that {@link #toBytes} gave.
   *
   * @throws IllegalArgumentException for other bytes
   * @throws IllegalStateException when there are too many impressions
   */
  public void add(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      byte format = in.readByte();
      if (format != FORMAT) {
        throw new IllegalArgumentException(
            "scores of users have format " + format + ", needed " + FORMAT);
      }
      int[] numbers = new int[WritableUtils.readVInt(in)];
      for (int i = 0; i < numbers.length; i++) {
        byte[] user = new byte[WritableUtils.readVInt(in)];
        in.readFully(user);
        numbers[i] = number(new String(user, StandardCharsets.UTF_8));
      }
      int impressions = WritableUtils.readVInt(in);
      for (int i = 0; i < impressions; i++) {
        long userAndClick = WritableUtils.readVLong(in);
        append(numbers[(int) (userAndClick >> 1)], (userAndClick & 1) == 1, in.readDouble());
      }
    } catch (IOException e) {
      throw new IllegalArgumentException(bytes.length + " bytes are no scores of users", e);
    }
  }

  /** All impressions; bounded as the memory is. */
  public byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 + 11 * size);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      String[] names = new String[users.size()];
      users.forEach((user, number) -> names[number] = user);
      WritableUtils.writeVInt(out, names.length);
      for (String name : names) {
        byte[] user = name.getBytes(StandardCharsets.UTF_8);
        WritableUtils.writeVInt(out, user.length);
        out.write(user);
      }
      WritableUtils.writeVInt(out, size);
      for (int i = 0; i < size; i++) {
        WritableUtils.writeVLong(out, 2L * userOf[i] + (clicked.get(i) ? 1 : 0));
        out.writeDouble(scores[i]);
      }
    } catch (IOException e) {
      throw new IllegalStateException("memory cannot be written", e);
    }
    return bytes.toByteArray();
  }

  /** The GAUC; not a number when no user has impressions of both kinds. */
  public double groupedAreaUnderCurve() {
    int[] ends = new int[users.size() + 1];
    for (int i = 0; i < size; i++) {
      ends[userOf[i] + 1]++;
    }
    Arrays.parallelPrefix(ends, Integer::sum);
    int[] places = Arrays.copyOf(ends, ends.length);
    int[] byUser = new int[size];
    for (int i = 0; i < size; i++) {
      byUser[places[userOf[i]]++] = i;
    }
    double weighted = 0;
    double weights = 0;
    // In the order of names: sums of doubles depend on theirs.
    for (int user : new TreeMap<>(users).values()) {
      double area = areaUnderCurve(byUser, ends[user], ends[user + 1]);
      if (!Double.isNaN(area)) {
        int impressions = ends[user + 1] - ends[user];
        weighted += impressions * area;
        weights += impressions;
      }
    }
    return weighted / weights;
  }

  /** Bytes of heap. */
  int memory() {
    return (int)
        Math.min(Integer.MAX_VALUE, 13L * scores.length + (long) USER_BYTES * users.size() + 200);
  }

  /** Of one user's impressions, those from {@code from} to {@code to} exclusive. */
  private double areaUnderCurve(int[] impressions, int from, int to) {
    double[] clicks = new double[to - from];
    double[] others = new double[to - from];
    int clickCount = 0;
    int otherCount = 0;
    for (int i = from; i < to; i++) {
      if (clicked.get(impressions[i])) {
        clicks[clickCount++] = scores[impressions[i]];
      } else {
        others[otherCount++] = scores[impressions[i]];
      }
    }
    Arrays.sort(clicks, 0, clickCount);
    Arrays.sort(others, 0, otherCount);
    double won = 0;
    int below = 0;
    int notAbove = 0;
    for (int i = 0; i < clickCount; i++) {
      while (below < otherCount && others[below] < clicks[i]) {
        below++;
      }
      while (notAbove < otherCount && others[notAbove] <= clicks[i]) {
        notAbove++;
      }
      won += (below + notAbove) / 2.0;
    }
    return won / ((double) clickCount * otherCount);
  }

  private int number(String user) {
    Integer number = users.get(user);
    if (number == null) {
      number = users.size();
      users.put(user, number);
    }
    return number;
  }

  private void append(int user, boolean click, double score) {
    if (size == scores.length) {
      if (size >= MOST_IMPRESSIONS) {
        throw new IllegalStateException(
            "there are more than "
                + MOST_IMPRESSIONS
                + " impressions in one group; take auc() by user first, then the mean of the users"
                + " weighted by their impressions");
      }
      scores = Arrays.copyOf(scores, 2 * size);
      userOf = Arrays.copyOf(userOf, 2 * size);
    }
    userOf[size] = user;
    scores[size] = score;
    clicked.set(size, click);
    size++;
  }
}
