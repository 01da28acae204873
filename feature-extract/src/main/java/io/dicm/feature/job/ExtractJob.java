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
import io.dicm.feature.source.ImageSources;
import io.dicm.feature.store.FeatureBase;
import io.dicm.feature.store.FeatureManifest;
import io.dicm.feature.store.FeatureStore;
import io.dicm.feature.store.FeatureUpdate;
import io.dicm.feature.store.IndexEntry;
import io.dicm.feature.store.Verification;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapreduce.Counters;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.TaskCounter;
import org.apache.hadoop.mapreduce.lib.output.FileOutputCommitter;
import org.apache.hadoop.mapreduce.lib.output.FileOutputFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The extract stage: finds out by a listing which of an {@link ImageSources}' images the
 * extractor's store does not know, computes their vectors in a MapReduce job and publishes the
 * day's snapshot. Without any there is no job. Safe for use by many threads, for different days.
 */
public final class ExtractJob {
  private static final Logger LOG = LoggerFactory.getLogger(ExtractJob.class);
  private static final String LISTING = "_image_names";
  private static final String KNOWN = "_known_digests";
  private static final String FORGOTTEN = "_forgotten_images";
  private static final int MOST_EXAMPLES = 3;

  private final Configuration conf;
  private final JobRunner jobs;
  private final ExtractSettings settings;
  private final long heapBytes;

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
    this(conf, jobs, Runtime.getRuntime().maxMemory());
  }

  /**
   * Reads and checks the settings.
   *
   * @param heapBytes of this process, at most
   */
  ExtractJob(Configuration conf, JobRunner jobs, long heapBytes) {
    this.conf = conf;
    this.jobs = jobs;
    this.heapBytes = heapBytes;
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
    try (ImageListing listing = ImageListing.of(ImageSources.of(conf))) {
      return run(listing, progress, startNanos);
    }
  }

  private ExtractSummary run(ImageListing listing, ProgressListener progress, long startNanos)
      throws IOException, InterruptedException {
    EncoderProvider encoder = EncoderProviders.configured(conf);
    ExtractorDescription extractor = encoder.describe(conf);
    MapMemory memory = MapMemory.of(conf, settings, encoder);
    memory.requireFits(settings);
    FeatureStore store =
        FeatureStore.open(conf, settings.workspace().features(extractor.extractorId()));
    FeatureBase base =
        FeatureBase.load(conf, store, settings.date(), extractor, settings.verification());
    Set<String> forgotten = Tombstones.read(conf, settings.tombstones());
    Path partition = store.partition(settings.date());
    try (CatalogueChanges changes = CatalogueChanges.of(listing, base, settings, forgotten);
        DirectoryPublisher publisher = new DirectoryPublisher(conf, partition)) {
      Path staging = publisher.staging();
      FeatureUpdate update =
          new FeatureUpdate(conf, store, base, extractor, settings.date(), staging);
      changes.returned().forEach(entry -> update.put(entry.absent("")));
      changes.left().forEach(entry -> update.put(entry.absent(settings.date())));
      FinishedJob job = FinishedJob.NONE;
      List<IndexEntry> lost = List.copyOf(changes.lost());
      String inputDigest = changes.inputDigest();
      if (changes.unknown().pieces() > 0) {
        new IndexMemory(base.entries().size(), changes.unknown().images()).requireFits(heapBytes);
        KnownPictures known = KnownPictures.of(changes.unknown(), bases(store, base));
        LOG.info("Extracting {} of {} images", changes.unknown().images(), listing.images());
        job = runJob(changes.unknown(), forgotten, known, extractor, memory, staging, progress);
        ExtractResults results =
            new ExtractResults(conf, base, changes.unknown(), known, extractor);
        results.takeInto(update, staging);
        lost = results.notMet(lost);
        if (changes.jobMeetsAll()) {
          results.leaveOthers(update, settings.date());
        }
        if (results.hasImagesToTryAgain()) {
          // The same input is not all known then.
          inputDigest = "";
        }
      }
      warnOfLost(lost);
      forgotten.forEach(update::forget);
      RejectedImages rejected = RejectedImages.of(changes.rejected(), job.parts());
      rejected.writeKnown(conf, listing, new Path(staging, FeatureManifest.REJECTS));
      checkRejects(listed(listing, changes, base, job), rejected, publisher);
      boolean nothingToSay =
          job.parts().parts().isEmpty()
              && update.isEmpty()
              && base.date().equals(Optional.of(settings.date()));
      FeatureManifest manifest =
          nothingToSay
              ? store.manifest(settings.date())
              : update.publish(publisher, inputDigest, changes.limits(), rejected.byReason());
      return summary(partition, manifest, job.parts(), changes, lost.size(), startNanos);
    }
  }

  /**
   * What a job did.
   *
   * @param parts what it left
   * @param images images that went into it
   */
  private record FinishedJob(StagedParts parts, long images) {
    private static final FinishedJob NONE = new FinishedJob(new StagedParts(List.of()), 0);
  }

  private static void warnOfLost(List<IndexEntry> lost) {
    if (!lost.isEmpty()) {
      LOG.warn(
          "{} images are lost with damaged files and no longer in the catalogue, for example {}",
          lost.size(),
          lost.stream().limit(MOST_EXAMPLES).map(IndexEntry::imageId).toList());
    }
  }

  /** Images in the listing; where it cannot tell, those that the job found. */
  private static long listed(
      ImageListing listing, CatalogueChanges changes, FeatureBase base, FinishedJob job) {
    if (listing.exactImages().isPresent()) {
      return listing.images();
    }
    return changes.unknown().pieces() > 0
        ? job.images() + changes.skippedImages()
        : base.entries().stream().filter(entry -> entry.absentSince().isEmpty()).count();
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

  private FinishedJob runJob(
      ImageListing unknown,
      Set<String> forgotten,
      KnownPictures known,
      ExtractorDescription extractor,
      MapMemory memory,
      Path staging,
      ProgressListener progress)
      throws IOException, InterruptedException {
    unknown.copyTo(conf, new Path(staging, LISTING));
    Job job = job(unknown, extractor, memory, staging);
    Path digests = new Path(staging, KNOWN);
    KnownDigests.write(conf, digests, known.digests());
    job.getConfiguration().set(ExtractJobKeys.KNOWN_DIGESTS, qualified(digests).toString());
    Path forgottenImages = new Path(staging, FORGOTTEN);
    boolean mayMeetForgotten = !unknown.namesImages() && !forgotten.isEmpty();
    if (mayMeetForgotten) {
      Tombstones.write(conf, forgottenImages, new TreeSet<>(forgotten));
      job.getConfiguration().set(ExtractJobKeys.FORGOTTEN, qualified(forgottenImages).toString());
    }
    jobs.run(job, progress);
    logRate(job);
    FileSystem fs = staging.getFileSystem(conf);
    fs.delete(new Path(staging, LISTING), false);
    fs.delete(digests, false);
    fs.delete(forgottenImages, false);
    StagedParts parts = StagedParts.read(conf, staging);
    long images =
        unknown.exactImages().isPresent()
            ? unknown.images()
            : count(job, TaskCounter.MAP_INPUT_RECORDS);
    checkComplete(
        images, mayMeetForgotten ? count(job, ExtractCounter.IMAGES_FORGOTTEN) : 0, parts);
    return new FinishedJob(parts, images);
  }

  private static void logRate(Job job) {
    try {
      Counters counters = job.getCounters();
      if (counters != null) {
        long encoded = counters.findCounter(ExtractCounter.IMAGES_ENCODED).getValue();
        long ms = counters.findCounter(ExtractCounter.MAP_MS).getValue();
        double rate = ms == 0 ? 0 : 1000.0 * encoded / ms;
        LOG.info(
            "{} images encoded, {} images/s of one map task",
            encoded,
            String.format(Locale.ROOT, "%.2f", rate));
      }
    } catch (IOException e) {
      // The job itself is done well; only figures for people are missing.
      LOG.warn("Cannot read the counters of {}: {}", job.getJobID(), e.getMessage());
    }
  }

  /** A counter over the attempts that count. */
  private static long count(Job job, Enum<?> counter) throws IOException {
    Counters counters = job.getCounters();
    if (counters == null) {
      throw new IOException("YARN's history has no counters of " + job.getJobID());
    }
    return counters.findCounter(counter).getValue();
  }

  private Job job(
      ImageListing listing, ExtractorDescription extractor, MapMemory memory, Path staging)
      throws IOException {
    Job job = jobs.newJob("dicm extract " + settings.date());
    Configuration jobConf = job.getConfiguration();
    ImageInputFormat.configure(jobConf, listing, new Path(staging, LISTING));
    TaskSettings.setExtractor(jobConf, extractor);
    ExtractTasks.configure(jobConf, settings, memory);
    WeightsCache.add(job);
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

  private void checkRejects(long listed, RejectedImages rejected, DirectoryPublisher publisher)
      throws IOException {
    double fraction = (double) rejected.count() / Math.max(1, listed);
    if (fraction > settings.maxBadFraction()) {
      throw new DicmException(
          ErrorCode.BAD_DATA_THRESHOLD_EXCEEDED,
          "Cannot publish image vectors: "
              + rejected.count()
              + " of "
              + listed
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

  private static void checkComplete(long images, long forgotten, StagedParts parts) {
    long found = forgotten + parts.computed() + parts.reused() + parts.rejected();
    if (found != images) {
      throw new DicmException(
          ErrorCode.INTERNAL,
          "Cannot publish image vectors: "
              + images
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
      long lost,
      long startNanos) {
    ExtractSummary summary =
        new ExtractSummary(
            manifest.extractor().extractorId(),
            partition,
            manifest.imageCount(),
            parts.computed(),
            parts.reused(),
            changes.skippedImages(),
            lost,
            manifest.rejectedByReason(),
            changes.unknown().pieces() == 0,
            manifest.extractor().randomWeights(),
            (System.nanoTime() - startNanos) / 1e9);
    LOG.info("Extraction: {}", summary);
    return summary;
  }
}
