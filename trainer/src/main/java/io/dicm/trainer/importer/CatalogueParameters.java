package io.dicm.trainer.importer;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;

/**
 * The size of a generated catalogue.
 *
 * @param items products, each with a picture
 * @param users visitors
 * @param impressions shown items
 * @param days length of the log
 * @param seed decides everything else
 */
public record CatalogueParameters(int items, int users, int impressions, int days, long seed) {
  /** The demo's: large enough to learn from, small enough for minutes. */
  public static final CatalogueParameters DEMO =
      new CatalogueParameters(320, 400, 24_000, 10, 20_240_501L);

  private static final int MOST = 100_000_000;

  /**
   * @throws DicmException {@link ErrorCode#USAGE} naming the value that is out of its range
   */
  public CatalogueParameters {
    require("items", items, 10, 9_999);
    require("users", users, 1, 99_999);
    require("impressions", impressions, 1, MOST);
    require("days", days, 3, 365);
  }

  private static void require(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new DicmException(
          ErrorCode.USAGE,
          "Cannot generate a catalogue: "
              + name
              + " was "
              + value
              + ", allowed "
              + least
              + " to "
              + most
              + ".");
    }
  }
}
