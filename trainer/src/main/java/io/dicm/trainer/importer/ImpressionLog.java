package io.dicm.trainer.importer;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** Simulates who is shown what, and who clicks: pages of a few items, ordered by time. */
final class ImpressionLog {
  /** Items on one page, shown at one moment. */
  static final int ITEMS_PER_PAGE = 4;

  private static final long FIRST_DAY = Instant.parse("2024-05-01T00:00:00Z").getEpochSecond();
  private static final int SECONDS_PER_DAY = 86_400;
  private static final int SECONDS_PER_HOUR = 3_600;
  private static final double CLICK_THROUGH_RATE = 0.25;

  /** New items are shown more often in their first days. */
  private static final double PUSH_OF_NEW_ITEMS = 2.5;

  private final CatalogueWorld world;
  private final Random random;
  private final WeightedChoice<CatalogueUser> users;
  private final List<WeightedChoice<CatalogueItem>> itemsOfDays = new ArrayList<>();

  ImpressionLog(CatalogueWorld world, CatalogueParameters parameters) {
    this.world = world;
    this.random = new Random(parameters.seed() + 1);
    this.users = new WeightedChoice<>(world.users(), CatalogueUser::activity);
    for (int day = 0; day < parameters.days(); day++) {
      int today = day;
      List<CatalogueItem> shown =
          world.items().stream().filter(item -> item.firstDay() <= today).toList();
      itemsOfDays.add(new WeightedChoice<>(shown, ImpressionLog::weight));
    }
  }

  /** A log of this many impressions. */
  List<LoggedImpression> simulate(int count) {
    List<Shown> shown = new ArrayList<>();
    while (shown.size() < count) {
      addPage(shown, count);
    }
    double bias = bias(shown);
    List<LoggedImpression> log = new ArrayList<>();
    for (Shown one : shown) {
      double probability = logistic(bias + one.logit);
      log.add(one.logged(random.nextDouble() < probability));
    }
    log.sort(
        Comparator.comparingLong(LoggedImpression::timestampSeconds)
            .thenComparing(impression -> impression.user().number())
            .thenComparingInt(LoggedImpression::position));
    return log;
  }

  private void addPage(List<Shown> shown, int count) {
    CatalogueUser user = users.draw(random);
    int day = random.nextInt(itemsOfDays.size());
    long moment = FIRST_DAY + (long) day * SECONDS_PER_DAY + secondOfDay();
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
  private int secondOfDay() {
    double hour = 14 + random.nextGaussian() * 4;
    int seconds = (int) (hour * SECONDS_PER_HOUR);
    return Math.floorMod(seconds, SECONDS_PER_DAY);
  }

  private double logit(CatalogueUser user, CatalogueItem item, int position) {
    return world.toldLogit(user, item, position) + world.seenLogit(user, item);
  }

  /** The constant that makes the mean probability the click-through rate, by bisection. */
  private static double bias(List<Shown> shown) {
    double low = -20;
    double high = 20;
    for (int step = 0; step < 50; step++) {
      double middle = (low + high) / 2;
      double mean =
          shown.stream().mapToDouble(one -> logistic(middle + one.logit)).sum() / shown.size();
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
