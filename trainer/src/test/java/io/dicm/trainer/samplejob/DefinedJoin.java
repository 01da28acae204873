package io.dicm.trainer.samplejob;

import io.dicm.common.key.Fingerprints;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.Sample;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The samples by their definition: for every impression its whole log is gone through. Knows
 * nothing of the job but what the documentation says. Both sides are lists of text, an impression
 * with its behaviours each, sorted.
 *
 * @param train lines of the training impressions
 * @param test lines of the test impressions
 * @param leftOut counts of what the settings leave out
 */
record DefinedJoin(List<String> train, List<String> test, Map<String, Long> leftOut) {
  private static final Set<String> ITEMS = Set.of("a", "b", "c");
  private static final Map<String, String> IMAGES = Map.of("a", "pa", "b", "pb");
  private static final long SECONDS_PER_DAY = 86_400;

  /** What a case's samples have to be. */
  static DefinedJoin of(JoinCase join) {
    List<LogRow> impressions = new ArrayList<>(good(join));
    impressions.sort(order(row -> row.item() + "\0" + row.impressionId()));
    List<LogRow> clicks = clicks(join);
    DefinedJoin defined = new DefinedJoin(new ArrayList<>(), new ArrayList<>(), new TreeMap<>());
    defined.countDwell(join);
    for (String user : new TreeSet<>(impressions.stream().map(LogRow::user).toList())) {
      List<LogRow> own = impressions.stream().filter(row -> row.user().equals(user)).toList();
      for (int rank = 0; rank < own.size(); rank++) {
        LogRow row = own.get(rank);
        if (isTraining(join, row, rank, own.size())) {
          defined.addTraining(join.settings(), clicks, row);
        } else {
          defined.test.add(line(row, behaviors(clicks, row, join.settings())));
        }
      }
    }
    defined.train.sort(Comparator.naturalOrder());
    defined.test.sort(Comparator.naturalOrder());
    return defined;
  }

  /** Samples as they were made, as such lines. */
  static List<String> lines(List<Sample> samples) {
    List<String> lines = new ArrayList<>();
    for (Sample sample : samples) {
      long[] pictures = sample.behaviors().imageKeys();
      long[] ids = sample.behaviors().idKeys()[0];
      List<String> behaviors = new ArrayList<>();
      for (int t = 0; t < pictures.length; t++) {
        behaviors.add(pictures[t] + "/" + ids[t]);
      }
      for (Impression impression : sample.impressions()) {
        lines.add(
            line(
                sample.userId(),
                sample.timestampSeconds(),
                impression.impressionId(),
                impression.itemKeys()[0][0],
                impression.label(),
                behaviors));
      }
    }
    lines.sort(Comparator.naturalOrder());
    return lines;
  }

  private void addTraining(JoinSettings settings, List<LogRow> clicks, LogRow row) {
    TrainingFilter filter = filter(settings);
    String[] name = {
      row.user(), row.item(), Long.toString(row.timestampSeconds()), row.impressionId()
    };
    if (filter.heldOutItems().contains(row.item())) {
      leftOut.merge("held_out_item", 1L, Long::sum);
    } else if (row.label() == 0 && !filter.keptNegatives().contains(name)) {
      leftOut.merge("down_sampled_negative", 1L, Long::sum);
    } else {
      List<LogRow> others =
          clicks.stream().filter(click -> !filter.heldOutItems().contains(click.item())).toList();
      train.add(line(row, behaviors(others, row, settings)));
    }
  }

  private void countDwell(JoinCase join) {
    for (LogRow row : clickRows(join)) {
      if (join.settings().minDwellSeconds() == 0 || row.dwellSeconds().equals("long")) {
        continue;
      }
      if (row.dwellSeconds().isEmpty()) {
        leftOut.merge("unknown_dwell", 1L, Long::sum);
      } else if (!stayed(row, join.settings())) {
        leftOut.merge("short_dwell", 1L, Long::sum);
      }
    }
  }

  /** The share of items and negatives is the job's choice; what follows from it is not. */
  private static TrainingFilter filter(JoinSettings settings) {
    return new TrainingFilter(
        new SeededShare(settings.seed(), "held-out items", settings.itemHoldoutFraction()),
        new SeededShare(settings.seed(), "kept negatives", settings.negativeKeepFraction()));
  }

  /** A clicked impression whose dwell time is needed and no number is a bad row. */
  private static List<LogRow> good(JoinCase join) {
    List<LogRow> bad =
        join.behaviors() == null && join.settings().minDwellSeconds() > 0
            ? clickRows(join).stream().filter(row -> row.dwellSeconds().equals("long")).toList()
            : List.of();
    return known(join.impressions()).stream().filter(row -> !bad.contains(row)).toList();
  }

  /** Rows that are clicks, whatever their dwell time. */
  private static List<LogRow> clickRows(JoinCase join) {
    return join.behaviors() == null
        ? known(join.impressions()).stream().filter(row -> row.label() == 1).toList()
        : known(join.behaviors());
  }

  private static boolean stayed(LogRow row, JoinSettings settings) {
    return settings.minDwellSeconds() == 0
        || (!row.dwellSeconds().isEmpty()
            && !row.dwellSeconds().equals("long")
            && Double.parseDouble(row.dwellSeconds()) >= settings.minDwellSeconds());
  }

  private static List<LogRow> known(List<LogRow> rows) {
    return rows.stream().filter(row -> ITEMS.contains(row.item())).toList();
  }

  private static List<LogRow> clicks(JoinCase join) {
    return clickRows(join).stream()
        .filter(row -> stayed(row, join.settings()))
        .sorted(
            order(
                join.behaviors() == null
                    ? row -> row.item() + "\0" + row.impressionId()
                    : LogRow::item))
        .toList();
  }

  private static boolean isTraining(JoinCase join, LogRow row, int rank, int total) {
    String[] rule = join.settings().split().split(":", -1);
    if (rule[0].equals("user-fraction")) {
      BigDecimal first = new BigDecimal(rule[1]).multiply(BigDecimal.valueOf(total));
      return rank < first.setScale(0, RoundingMode.FLOOR).intValueExact();
    }
    // Of rows that samples are made of: a bad one must not move the boundary.
    long last = good(join).stream().mapToLong(LogRow::timestampSeconds).max().orElseThrow();
    long day = row.timestampSeconds() / SECONDS_PER_DAY;
    return day <= last / SECONDS_PER_DAY - Integer.parseInt(rule[1]);
  }

  private static List<String> behaviors(
      List<LogRow> sortedClicks, LogRow impression, JoinSettings settings) {
    List<LogRow> earlier =
        sortedClicks.stream()
            .filter(click -> click.user().equals(impression.user()))
            .filter(click -> click.timestampSeconds() < impression.timestampSeconds())
            .filter(
                click ->
                    settings.windowDays() == 0
                        || impression.timestampSeconds() - click.timestampSeconds()
                            <= settings.windowDays() * SECONDS_PER_DAY)
            .toList();
    return earlier.stream()
        .skip(Math.max(0, earlier.size() - settings.maxBehaviors()))
        .map(click -> picture(click.item()) + "/" + Fingerprints.idKey("item_id", click.item()))
        .collect(Collectors.toList());
  }

  private static long picture(String item) {
    return IMAGES.containsKey(item) ? Fingerprints.imageKey(IMAGES.get(item)) : Fingerprints.NONE;
  }

  private static String line(LogRow row, List<String> behaviors) {
    return line(
        row.user(),
        row.timestampSeconds(),
        row.impressionId(),
        Fingerprints.idKey("item_id", row.item()),
        row.label(),
        behaviors);
  }

  private static String line(
      String user, long timestamp, String id, long itemKey, int label, List<String> behaviors) {
    return user + "@" + timestamp + " " + id + " " + itemKey + "=" + label + " after " + behaviors;
  }

  /** By time, then as UTF-8 bytes. */
  private static Comparator<LogRow> order(java.util.function.Function<LogRow, String> tie) {
    return Comparator.comparingLong(LogRow::timestampSeconds)
        .thenComparing(
            row -> tie.apply(row).getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);
  }
}
