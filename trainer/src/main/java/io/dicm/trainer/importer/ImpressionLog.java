package io.dicm.trainer.importer;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Simulates who is shown what, and who clicks: pages of a few items, ordered by time. Holds one day
 * at a time, so that a log may be longer than memory.
 */
final class ImpressionLog {
  /** Items on one page, shown at one moment. */
  static final int ITEMS_PER_PAGE = 4;

  private static final long FIRST_DAY = Instant.parse("2024-05-01T00:00:00Z").getEpochSecond();
  private static final int SECONDS_PER_DAY = 86_400;
  private static final int SECONDS_PER_HOUR = 3_600;
  private static final double CLICK_THROUGH_RATE = 0.25;

  /** Impressions from which the constant of the click-through rate is found. */
  private static final int PILOT_IMPRESSIONS = 20_000;

  /** New items are shown more often in their first days. */
  private static final double PUSH_OF_NEW_ITEMS = 2.5;

  private final CatalogueWorld world;
  private final long seed;
  private final WeightedChoice<CatalogueUser> users;
  private final List<WeightedChoice<CatalogueItem>> itemsOfDays = new ArrayList<>();

  ImpressionLog(CatalogueWorld world, CatalogueParameters parameters) {
    this.world = world;
    this.seed = parameters.seed();
    this.users = new WeightedChoice<>(world.users(), CatalogueUser::activity);
    for (int day = 0; day < parameters.days(); day++) {
      int today = day;
      List<CatalogueItem> shown =
          world.items().stream().filter(item -> item.firstDay() <= today).toList();
      itemsOfDays.add(new WeightedChoice<>(shown, ImpressionLog::weight));
    }
  }

  /** Gives this many impressions to {@code consumer}, by time. */
  void simulate(int count, Consumer<LoggedImpression> consumer) {
    double bias = bias();
    Random random = new Random(seed + 1);
    int[] impressionsOfDays = impressionsOfDays(count, random);
    for (int day = 0; day < impressionsOfDays.length; day++) {
      List<LoggedImpression> log = new ArrayList<>();
      for (Shown one : shownOn(day, impressionsOfDays[day], random)) {
        log.add(one.logged(random.nextDouble() < logistic(bias + one.logit)));
      }
      log.sort(
          Comparator.comparingLong(LoggedImpression::timestampSeconds)
              .thenComparing(impression -> impression.user().number())
              .thenComparingInt(LoggedImpression::position));
      log.forEach(consumer);
    }
  }

  /** Each page falls on any day. */
  private int[] impressionsOfDays(int count, Random random) {
    int[] impressions = new int[itemsOfDays.size()];
    for (int left = count; left > 0; left -= ITEMS_PER_PAGE) {
      impressions[random.nextInt(impressions.length)] += Math.min(left, ITEMS_PER_PAGE);
    }
    return impressions;
  }

  private List<Shown> shownOn(int day, int count, Random random) {
    List<Shown> shown = new ArrayList<>();
    while (shown.size() < count) {
      addPage(shown, day, count, random);
    }
    return shown;
  }

  private void addPage(List<Shown> shown, int day, int count, Random random) {
    CatalogueUser user = users.draw(random);
    long moment = FIRST_DAY + (long) day * SECONDS_PER_DAY + secondOfDay(random);
    List<CatalogueItem> page = new ArrayList<>();
    while (page.size() < ITEMS_PER_PAGE && shown.size() < count) {
      CatalogueItem item = itemsOfDays.get(day).draw(random);
      if (!page.contains(item)) {
        shown.add(new Shown(user, item, moment, page.size(), logit(user, item, page.size())));
        page.add(item);
      }
    }
  }

  /** Mostly by day. */
  private static int secondOfDay(Random random) {
    double hour = 14 + random.nextGaussian() * 4;
    int seconds = (int) (hour * SECONDS_PER_HOUR);
    return Math.floorMod(seconds, SECONDS_PER_DAY);
  }

  private double logit(CatalogueUser user, CatalogueItem item, int position) {
    return world.toldLogit(user, item, position) + world.seenLogit(user, item);
  }

  /**
   * The constant that makes the mean probability of a pilot log the click-through rate, by
   * bisection.
   */
  private double bias() {
    Random random = new Random(seed + 2);
    List<Shown> pilot = new ArrayList<>();
    for (int day = 0; day < itemsOfDays.size(); day++) {
      pilot.addAll(shownOn(day, PILOT_IMPRESSIONS / itemsOfDays.size(), random));
    }
    double low = -20;
    double high = 20;
    for (int step = 0; step < 50; step++) {
      double middle = (low + high) / 2;
      double mean =
          pilot.stream().mapToDouble(one -> logistic(middle + one.logit)).sum() / pilot.size();
      if (mean < CLICK_THROUGH_RATE) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }

  private static double weight(CatalogueItem item) {
    return item.firstDay() > 0 ? PUSH_OF_NEW_ITEMS * item.popularity() : item.popularity();
  }

  /** Strict, so that every machine makes the same log. */
  private static double logistic(double logit) {
    return 1 / (1 + StrictMath.exp(-logit));
  }

  private record Shown(
      CatalogueUser user, CatalogueItem item, long timestampSeconds, int position, double logit) {
    LoggedImpression logged(boolean click) {
      int hour = (int) (timestampSeconds % SECONDS_PER_DAY / SECONDS_PER_HOUR);
      return new LoggedImpression(user, item, timestampSeconds, hour, position, click);
    }
  }
}
