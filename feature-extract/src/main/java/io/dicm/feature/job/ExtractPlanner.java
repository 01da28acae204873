package io.dicm.feature.job;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.feature.encode.EncoderProvider;
import io.dicm.feature.encode.EncoderProviders;
import io.dicm.feature.encode.ExtractorDescription;
import io.dicm.feature.source.ImageSources;
import io.dicm.feature.store.FeatureBase;
import io.dicm.feature.store.FeatureManifest;
import io.dicm.feature.store.FeatureStore;
import java.io.IOException;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;

/**
 * Makes the plan of an extraction from the listing and the store's index; no image is opened.
 * Immutable and safe for use by many threads.
 */
public final class ExtractPlanner {
  /** Start of a container, of Java and of the network: an assumption, not a measurement. */
  private static final double TASK_START_SECONDS = 10;

  /** Shuffle, reduce and commit of a small job: an assumption, not a measurement. */
  private static final double REDUCE_SECONDS = 20;

  private static final int MOST_SERVERS = 1024;

  private final Configuration conf;
  private final ExtractSettings settings;
  private final int servers;

  /**
   * Reads and checks the settings.
   *
   * @throws DicmException {@code CONFIGURATION_INVALID}
   */
  public ExtractPlanner(Configuration conf) {
    this.conf = conf;
    this.settings = ExtractSettings.of(DicmConfiguration.of(conf));
    this.servers = DicmConfiguration.of(conf).integer(DicmKeys.TRAIN_SERVERS, 1, MOST_SERVERS);
  }

  /**
   * Lists the images and reads the index of the snapshot that the extraction would build on.
   *
   * @param imagesPerSecond what one map task computes
   * @throws DicmException as {@link ExtractJob#run} before it starts a job, but for memory that is
   *     too small: the plan tells of it
   */
  public ExtractPlan plan(double imagesPerSecond) throws IOException {
    EncoderProvider encoder = EncoderProviders.configured(conf);
    ExtractorDescription extractor = encoder.describe(conf);
    try (ImageListing listing = ImageListing.of(ImageSources.of(conf))) {
      FeatureStore store =
          FeatureStore.open(conf, settings.workspace().features(extractor.extractorId()));
      FeatureBase base =
          FeatureBase.load(conf, store, settings.date(), extractor, settings.verification());
      Set<String> forgotten = Tombstones.read(conf, settings.tombstones());
      try (CatalogueChanges changes = CatalogueChanges.of(listing, base, settings, forgotten)) {
        return plan(
            listing,
            changes.unknown(),
            newImages(changes, store, base),
            new PlannedBuckets(base, forgotten),
            encoder,
            extractor,
            imagesPerSecond);
      }
    }
  }

  private ExtractPlan plan(
      ImageListing listing,
      ImageListing unknown,
      long newImages,
      PlannedBuckets planned,
      EncoderProvider encoder,
      ExtractorDescription extractor,
      double imagesPerSecond)
      throws IOException {
    int mapTasks =
        unknown.pieces() == 0 ? 0 : settings.splitPlan().splits(unknown.images(), unknown.bytes());
    if (unknown.namesImages()) {
      unknown.forEach(piece -> planned.add(unknown.imageId(piece)));
    } else {
      planned.addSomewhere(newImages);
    }
    long[] buckets = planned.bytes((long) extractor.dimension() * Float.BYTES);
    return new ExtractPlan(
        listing.images(),
        listing.exactImages().isPresent(),
        newImages,
        listing.bytes(),
        mapTasks,
        concurrentMaps(mapTasks),
        settings.mapMemoryMb(),
        MapMemory.of(conf, settings, encoder).neededMb(),
        settings.reducers(),
        settings.reduceMemoryMb(),
        new IndexMemory(planned.knownImages(), unknown.images()).neededMb(),
        buckets,
        serverBytes(buckets),
        seconds(mapTasks, newImages, imagesPerSecond));
  }

  /**
   * Only its bytes tell whether an image within a file of many is new: there the number is
   * estimated, from the files that were modified after the snapshot and from how many it lacks.
   */
  private static long newImages(CatalogueChanges changes, FeatureStore store, FeatureBase base)
      throws IOException {
    ImageListing unknown = changes.unknown();
    if (unknown.pieces() == 0 || unknown.namesImages() || base.date().isEmpty()) {
      return unknown.images();
    }
    FeatureManifest manifest = store.manifest(base.date().get());
    long[] modified = {0};
    unknown.forEach(
        piece -> {
          if (piece.modifiedAtMs() >= manifest.createdAtMs()) {
            modified[0] += piece.images();
          }
        });
    long lacking = unknown.images() - manifest.imageCount() - manifest.rejectedCount();
    return Math.max(modified[0], lacking);
  }

  private long[] serverBytes(long[] buckets) {
    long[] bytes = new long[servers];
    for (int bucket = 0; bucket < buckets.length; bucket++) {
      bytes[bucket % servers] += buckets[bucket];
    }
    return bytes;
  }

  private int concurrentMaps(int mapTasks) {
    int limit = settings.splitPlan().maxConcurrentMaps();
    return limit == 0 ? mapTasks : Math.min(limit, mapTasks);
  }

  private double seconds(int mapTasks, long newImages, double imagesPerSecond) {
    if (newImages == 0) {
      return 0;
    }
    double rounds = Math.ceil((double) mapTasks / concurrentMaps(mapTasks));
    double computing = newImages / (imagesPerSecond * concurrentMaps(mapTasks));
    return rounds * TASK_START_SECONDS + computing + REDUCE_SECONDS;
  }
}
