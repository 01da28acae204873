package io.dicm.ams.tier;

import io.dicm.common.key.Buckets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A request for tier histograms, parted by server: each is asked about the behaviours whose images
 * it owns, for the impressions of samples that have such, and all servers' counts are added up.
 * Immutable.
 */
public final class TierSplit {
  private final TierRequest whole;
  private final List<Part> parts;

  /**
   * What one server is asked.
   *
   * @param request the question
   * @param impressions the number that each of its impressions has in the whole request
   */
  private record Part(TierRequest request, int[] impressions) {}

  private TierSplit(TierRequest whole, List<Part> parts) {
    this.whole = whole;
    this.parts = parts;
  }

  /** Parts a request. */
  public static TierSplit of(TierRequest request, int servers) {
    List<Part> parts = new ArrayList<>();
    for (int server = 0; server < servers; server++) {
      parts.add(
          request.isEmpty()
              ? new Part(TierRequest.NONE, new int[0])
              : new PartBuilder(request, server, servers).build());
    }
    return new TierSplit(request, parts);
  }

  /** What a server is asked; may be empty. */
  public TierRequest part(int server) {
    return parts.get(server).request;
  }

  /** Room for all counts, zeros: [impressions, tiers]. */
  public int[] noCounts() {
    return new int[whole.countsLength()];
  }

  /**
   * Adds a server's counts.
   *
   * @param counts of its part
   * @param all of the whole request
   */
  public void add(int server, int[] counts, int[] all) {
    Part part = parts.get(server);
    if (counts.length != part.request.countsLength()) {
      throw new IllegalStateException(
          "Server "
              + server
              + " answered "
              + counts.length
              + " counts, asked for "
              + part.request.countsLength());
    }
    int tiers = whole.tiers();
    for (int i = 0; i < part.impressions.length; i++) {
      for (int tier = 0; tier < tiers; tier++) {
        all[part.impressions[i] * tiers + tier] += counts[i * tiers + tier];
      }
    }
  }

  /** Collects one server's part. For one thread. */
  private static final class PartBuilder {
    private final TierRequest whole;
    private final Subset behaviorImages;
    private final Subset adImages;
    private final IntList behaviors = new IntList();
    private final IntList behaviorEnds = new IntList();
    private final IntList ads = new IntList();
    private final IntList impressionEnds = new IntList();
    private final IntList impressions = new IntList();

    PartBuilder(TierRequest whole, int server, int servers) {
      this.whole = whole;
      this.behaviorImages = new Subset(whole.behaviorImageKeys());
      this.adImages = new Subset(whole.adImageKeys());
      for (int place = 0; place < whole.behaviorImageKeys().length; place++) {
        if (Buckets.serverOf(whole.behaviorImageKeys()[place], servers) == server) {
          behaviorImages.take(place);
        }
      }
    }

    Part build() {
      int[] concerned = IntStream.range(0, whole.samples()).filter(this::concerns).toArray();
      for (int sample : concerned) {
        for (int i = whole.impressionsFrom(sample); i < whole.impressionEnds()[sample]; i++) {
          if (whole.ads()[i] != TierRequest.NO_IMAGE) {
            adImages.take(whole.ads()[i]);
          }
        }
      }
      int[] behaviorNumbers = behaviorImages.numbers();
      int[] adNumbers = adImages.numbers();
      for (int sample : concerned) {
        add(sample, behaviorNumbers, adNumbers);
      }
      TierRequest request =
          new TierRequest(
              whole.tiers(),
              adImages.keys(),
              behaviorImages.keys(),
              behaviors.toArray(),
              behaviorEnds.toArray(),
              ads.toArray(),
              impressionEnds.toArray());
      return request.isEmpty()
          ? new Part(TierRequest.NONE, new int[0])
          : new Part(request, impressions.toArray());
    }

    /** Whether a sample has both a behaviour of the server and an item to compare it with. */
    private boolean concerns(int sample) {
      boolean owned =
          Arrays.stream(
                  whole.behaviors(), whole.behaviorsFrom(sample), whole.behaviorEnds()[sample])
              .anyMatch(behaviorImages::has);
      return owned
          && Arrays.stream(
                  whole.ads(), whole.impressionsFrom(sample), whole.impressionEnds()[sample])
              .anyMatch(ad -> ad != TierRequest.NO_IMAGE);
    }

    private void add(int sample, int[] behaviorNumbers, int[] adNumbers) {
      for (int i = whole.behaviorsFrom(sample); i < whole.behaviorEnds()[sample]; i++) {
        if (behaviorImages.has(whole.behaviors()[i])) {
          behaviors.add(behaviorNumbers[whole.behaviors()[i]]);
        }
      }
      behaviorEnds.add(behaviors.size());
      for (int i = whole.impressionsFrom(sample); i < whole.impressionEnds()[sample]; i++) {
        if (whole.ads()[i] != TierRequest.NO_IMAGE) {
          ads.add(adNumbers[whole.ads()[i]]);
          impressions.add(i);
        }
      }
      impressionEnds.add(ads.size());
    }
  }

  /** Some of a list of keys, in their order. For one thread. */
  private static final class Subset {
    private final long[] all;
    private final boolean[] taken;

    Subset(long[] all) {
      this.all = all;
      this.taken = new boolean[all.length];
    }

    void take(int place) {
      taken[place] = true;
    }

    boolean has(int place) {
      return taken[place];
    }

    long[] keys() {
      return IntStream.range(0, all.length)
          .filter(place -> taken[place])
          .mapToLong(place -> all[place])
          .toArray();
    }

    /** The number of each place among those taken. */
    int[] numbers() {
      int[] numbers = new int[all.length];
      int next = 0;
      for (int place = 0; place < all.length; place++) {
        numbers[place] = taken[place] ? next++ : TierRequest.NO_IMAGE;
      }
      return numbers;
    }
  }
}
