package io.dicm.hive;

import java.util.Map;

/** The queries that come with DICM, described in {@code docs/queries.md}. */
public enum NamedQuery {
  CATEGORIES("Best and worst categories by predicted click-through", "categories"),
  VECTOR("Length and norm of a whole picture vector", "vector"),
  METRICS("Metrics of the run", "metrics"),
  SLICES("Metrics by slice", "slices"),
  CALIBRATION("Predicted against true click-through", "calibration"),
  NEIGHBORS("Nearest pictures by their codes", "neighbors"),
  LOOK_ALIKES("Pictures that look like one", "look_alikes"),
  CATEGORY_AUC("AUC by category", "category_auc"),
  DAILY_GAUC("GAUC by day", "daily_gauc"),
  COLD_START("Quality by age of the item", "cold_start"),
  STAGES("What the run's stages took", "stages"),
  COST("What the run's containers held", "cost"),
  TRAFFIC("What the training sent over the network", "traffic"),
  LEFT_OUT("What the run left out", "left_out"),
  MISSING("Items without a picture", "missing"),
  NEW_ADS("New ads that look like best sellers", "new_ads"),
  RANKING_CHANGES("Where two runs rank differently", "ranking_changes"),
  ITEMS_FOR_USER("Items that suit a user", "items_for_user"),
  DRIFT("Drift of the codes between two days", "drift");

  private final String title;
  private final String resource;

  NamedQuery(String title, String resource) {
    this.title = title;
    this.resource = "queries/" + resource + ".hql";
  }

  /** What the query tells, for people. */
  public String title() {
    return title;
  }

  /** The text, as beeline would run it with {@code --hivevar}. */
  public String text() {
    return HiveScript.resource(resource).text();
  }

  /**
   * The text with its variables replaced.
   *
   * @param variables {@code database}, {@code dt}, {@code run}, and {@code image} for {@link
   *     #NEIGHBORS} and {@link #LOOK_ALIKES}, {@code from_dt} for {@link #DRIFT}, {@code from_run}
   *     for {@link #RANKING_CHANGES}, {@code user} for {@link #ITEMS_FOR_USER}; others are ignored
   */
  String statement(Map<String, String> variables) {
    return HiveScript.resource(resource).statements(variables).get(0);
  }
}
