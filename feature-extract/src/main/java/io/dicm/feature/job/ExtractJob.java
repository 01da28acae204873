package io.dicm.feature.job;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.mapreduce.JobRunner;
import io.dicm.common.progress.ProgressListener;
import io.dicm.feature.encode.EncoderProvider;
import io.dicm.feature.encode.EncoderProviders;
import io.dicm.feature.encode.ExtractorDescription;
import io.dicm.feature.store.FeatureBase;
import io.dicm.feature.store.FeatureManifest;
import io.dicm.feature.store.FeatureStore;
import io.dicm.feature.store.FeatureUpdate;
import io.dicm.feature.store.Verification;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.lib.output.FileOutputCommitter;
import org.apache.hadoop.mapreduce.lib.output.FileOutputFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The extract stage: finds out by a listing which images of {@code dicm.input.path/images} the
 * extractor's store does not know, computes their vectors in a MapReduce job and publishes the
 * day's snapshot. Without any there is no job. Safe for use by many threads, for different days.
 */
public final class ExtractJob {
  private static final Logger LOG = LoggerFactory.getLogger(ExtractJob.class);
  private static final String LISTING = "_image_names";
  private static final String KNOWN = "_known_digests";
  private static final int MOST_EXAMPLES = 3;

  private final Configuration conf;
  private final JobRunner jobs;
  private final ExtractSettings settings;

  /**
   * Reads and checks the settings.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID}
   */
  public ExtractJob(Configuration conf) {
    this(conf, new JobRunner(conf));
  }

  /**
   * Reads and checks the settings.
   *
   * @param jobs runs the job
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID}
   */
  public ExtractJob(Configuration conf, JobRunner jobs) {
    this.conf = conf;
    this.jobs = jobs;
    this.settings = ExtractSettings.of(DicmConfiguration.of(conf));
  }

  /**
   * Extracts and waits for the end. With nothing new it ends after the listing.
   *
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} without images, {@link
   *     ErrorCode#BAD_DATA_THRESHOLD_EXCEEDED} when too many are rejected, {@link
   *     ErrorCode#WEIGHTS_INVALID}, {@link ErrorCode#MEMORY_PLAN_TOO_LARGE}, {@link
   *     ErrorCode#STAGE_FAILED}; nothing is published then
   * @throws InterruptedException when the waiting thread is interrupted; the job is then killed
   */
  public ExtractSummary run(ProgressListener progress) throws IOException, InterruptedException {
    long startNanos = System.nanoTime();
    ImageListing listing = ImageListing.of(conf, settings.images());
    EncoderProvider encoder = EncoderProviders.configured(conf);
    ExtractTasks.requireMemory(settings, encoder);
    ExtractorDescription extractor = encoder.describe(conf);
    FeatureStore store =
        FeatureStore.open(conf, settings.workspace().features(extractor.extractorId()));
    FeatureBase base =
        FeatureBase.load(conf, store, settings.date(), extractor, settings.verification());
    Set<String> forgotten = Tombstones.read(conf, settings.tombstones());
    CatalogueChanges changes =
        CatalogueChanges.of(
            listing.without(forgotten), base, settings.sinceMs(), settings.limits());
    Path partition = store.partition(settings.date());
    try (DirectoryPublisher publisher = new DirectoryPublisher(conf, partition)) {
      Path staging = publisher.staging();
      FeatureUpdate update =
          new FeatureUpdate(conf, store, base, extractor, settings.date(), staging);
      changes.returned().forEach(entry -> update.put(entry.absent("")));
      changes.left().forEach(entry -> update.put(entry.absent(settings.date())));
      forgotten.forEach(update::forget);
      StagedParts parts = new StagedParts(List.of());
      if (!changes.unknown().isEmpty()) {
        KnownPictures known = KnownPictures.of(changes.unknown(), bases(store, base));
        parts = runJob(listing, changes, known, extractor, staging, progress);
        new ExtractResults(conf, base, changes, known, extractor).takeInto(update, staging);
      }
      RejectedImages rejected = RejectedImages.of(changes.rejected(), parts);
      rejected.writeKnown(conf, listing, new Path(staging, FeatureManifest.REJECTS));
      checkRejects(listing, rejected, publisher);
      boolean nothingToSay =
          parts.parts().isEmpty()
              && update.isEmpty()
              && base.date().equals(Optional.of(settings.date()));
      FeatureManifest manifest =
          nothingToSay
              ? store.manifest(settings.date())
              : update.publish(
                  publisher,
                  listing.digest(settings.limits()),
                  settings.limits(),
                  rejected.byReason());
      return summary(partition, manifest, parts, changes, startNanos);
    }
  }

  /** Where vectors may be used again from: for an earlier day also what later ones know. */
  private List<FeatureBase> bases(FeatureStore store, FeatureBase base) throws IOException {
    Optional<String> newest = store.newestDate();
    if (newest.isEmpty() || newest.equals(base.date())) {
      return List.of(base);
    }
    return List.of(
        base, FeatureBase.load(conf, store, newest.get(), base.extractor(), Verification.LENGTHS));
  }

  private StagedParts runJob(
      ImageListing listing,
      CatalogueChanges changes,
      KnownPictures known,
      ExtractorDescription extractor,
      Path staging,
      ProgressListener progress)
      throws IOException, InterruptedException {
    ImageListing unknown = new ImageListing(listing.directory(), changes.unknown());
    LOG.info("Extracting {} of {} images", unknown.size(), listing.size());
    ListingFile.write(conf, new Path(staging, LISTING), unknown);
    Job job = job(unknown, extractor, staging);
    Path digests = new Path(staging, KNOWN);
    KnownDigests.write(conf, digests, known.digests());
    job.getConfiguration().set(ExtractJobKeys.KNOWN_DIGESTS, qualified(digests).toString());
    jobs.run(job, progress);
    FileSystem fs = staging.getFileSystem(conf);
    fs.delete(new Path(staging, LISTING), false);
    fs.delete(digests, false);
    StagedParts parts = StagedParts.read(conf, staging);
    checkComplete(unknown, parts);
    return parts;
  }

  private Job job(ImageListing listing, ExtractorDescription extractor, Path staging)
      throws IOException {
    Job job = jobs.newJob("dicm extract " + settings.date());
    Configuration jobConf = job.getConfiguration();
    jobConf.set(ExtractJobKeys.LISTING, new Path(staging, LISTING).toString());
    jobConf.set(ExtractJobKeys.IMAGES, qualified(listing.directory()).toString());
    jobConf.setInt(ExtractJobKeys.SPLITS, settings.splitPlan().splits(listing.size()));
    TaskSettings.setExtractor(jobConf, extractor);
    ExtractTasks.configure(jobConf, settings);
    jobConf.setBoolean(FileOutputCommitter.SUCCESSFUL_JOB_OUTPUT_DIR_MARKER, false);
    job.setInputFormatClass(ImageInputFormat.class);
    job.setMapperClass(ExtractMapper.class);
    job.setMapOutputKeyClass(ImageKey.class);
    job.setMapOutputValueClass(ExtractedImage.class);
    job.setPartitionerClass(BucketPartitioner.class);
    job.setReducerClass(FeatureReducer.class);
    job.setNumReduceTasks(settings.reducers());
    job.setOutputKeyClass(NullWritable.class);
    job.setOutputValueClass(ExtractedImage.class);
    job.setOutputFormatClass(FeatureOutputFormat.class);
    FileOutputFormat.setOutputPath(job, staging);
    return job;
  }

  private Path qualified(Path path) throws IOException {
    return path.getFileSystem(conf).makeQualified(path);
  }

  private void checkRejects(
      ImageListing listing, RejectedImages rejected, DirectoryPublisher publisher)
      throws IOException {
    double fraction = (double) rejected.count() / listing.size();
    if (fraction > settings.maxBadFraction()) {
      throw new DicmException(
          ErrorCode.BAD_DATA_THRESHOLD_EXCEEDED,
          "Cannot publish image vectors: "
              + rejected.count()
              + " of "
              + listing.size()
              + " images were rejected "
              + rejected.byReason()
              + ", allowed by "
              + DicmKeys.INPUT_MAX_BAD_FRACTION
              + " is "
              + settings.maxBadFraction()
              + " of them; for example "
              + String.join(", ", rejected.examples(MOST_EXAMPLES))
              + ". All are listed in "
              + publisher.keep(FeatureManifest.REJECTS)
              + ".");
    }
  }

  private static void checkComplete(ImageListing unknown, StagedParts parts) {
    long found = parts.computed() + parts.reused() + parts.rejected();
    if (found != unknown.size()) {
      throw new DicmException(
          ErrorCode.INTERNAL,
          "Cannot publish image vectors: "
              + unknown.size()
              + " images went into the job and "
              + found
              + " came out.");
    }
  }

  private static ExtractSummary summary(
      Path partition,
      FeatureManifest manifest,
      StagedParts parts,
      CatalogueChanges changes,
      long startNanos) {
    ExtractSummary summary =
        new ExtractSummary(
            manifest.extractor().extractorId(),
            partition,
            manifest.imageCount(),
            parts.computed(),
            parts.reused(),
            changes.skipped().size(),
            manifest.rejectedByReason(),
            changes.unknown().isEmpty(),
            manifest.extractor().randomWeights(),
            (System.nanoTime() - startNanos) / 1e9);
    LOG.info("Extraction: {}", summary);
    return summary;
  }
}
