package io.dicm.trainer.importer;

import java.util.Locale;
import java.util.Map;

/**
 * One visitor.
 *
 * @param number from 0
 * @param ageGroup from 0; told in users.csv
 * @param city from 0; told in users.csv, without influence
 * @param activity how often the user comes, relative to others
 * @param colorTaste log-odds by colour
 * @param patternTaste log-odds by pattern
 * @param shapeTaste log-odds by shape
 */
record CatalogueUser(
    int number,
    int ageGroup,
    int city,
    double activity,
    Map<ProductColor, Double> colorTaste,
    Map<ProductPattern, Double> patternTaste,
    Map<ProductShape, Double> shapeTaste) {
  private static final String[] AGE_GROUPS = {"18-29", "30-44", "45-59", "60+"};

  /** Number of age groups. */
  static int ageGroups() {
    return AGE_GROUPS.length;
  }

  String userId() {
    return String.format(Locale.ROOT, "user-%04d", number);
  }

  String ageGroupName() {
    return AGE_GROUPS[ageGroup];
  }

  String cityName() {
    return String.format(Locale.ROOT, "city-%02d", city);
  }
}
