package io.dicm.trainer.evaluate;

import org.apache.hadoop.io.Text;

/** What the survey counts, as the job's keys: a letter, then the rest. */
final class SurveyKeys {
  private static final char BIN = 'b';
  private static final char CATEGORY = 'c';

  /** The sum, mod 2^64, of the fingerprints of impressions and labels. */
  static final Text DIGEST = new Text("d");

  private SurveyKeys() {}

  static Text ofBin(int bin) {
    return new Text(BIN + Integer.toString(bin));
  }

  static Text ofCategory(String category) {
    return new Text(CATEGORY + category);
  }

  static boolean isBin(Text key) {
    return key.charAt(0) == BIN;
  }

  static boolean isCategory(Text key) {
    return key.charAt(0) == CATEGORY;
  }

  static int bin(Text key) {
    return Integer.parseInt(key.toString().substring(1));
  }

  static String category(Text key) {
    return key.toString().substring(1);
  }
}
