package io.dicm.feature.job;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.fs.FileDigest;
import io.dicm.common.mapreduce.JobRunner;
import io.dicm.common.progress.ProgressListener;
import io.dicm.feature.encode.EncoderProvider;
import io.dicm.feature.encode.EncoderProviders;
import io.dicm.feature.encode.ExtractorDescription;
import io.dicm.feature.source.ImageSources;
import io.dicm.feature.store.FeatureFile;
import io.dicm.feature.store.FeatureManifest;
import io.dicm.feature.store.FeatureStore;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
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
 * The extract stage: a MapReduce job that computes the vectors of an {@link ImageSources}' images
 * and publishes them as the day's partition of the extractor's store. The same input is not
 * extracted twice. Safe for use by many threads, for different days.
 */
public final class ExtractJob {
  private static final Logger LOG = LoggerFactory.getLogger(ExtractJob.class);
  private static final String LISTING = "_image_names";
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
   * Extracts and waits for the end.
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
    ExtractTasks.requireMemory(settings, encoder);
    ExtractorDescription extractor = encoder.describe(conf);
    FeatureStore store =
        FeatureStore.open(conf, settings.workspace().features(extractor.extractorId()));
    Path partition = store.partition(settings.date());
    String inputDigest = listing.digest(settings.limits());
    Optional<FeatureManifest> same = earlier(partition, inputDigest);
    if (same.isPresent()) {
      return summary(partition, same.get(), same.get().imageCount(), true, startNanos);
    }
    try (DirectoryPublisher publisher = new DirectoryPublisher(conf, partition)) {
      long images = runJob(listing, extractor, store, publisher.staging(), progress);
      StagedParts parts = StagedParts.read(conf, publisher.staging());
      checkRejects(images, parts, publisher);
      FeatureManifest manifest =
          FeatureManifest.of(
              extractor,
              System.currentTimeMillis(),
              inputDigest,
              parts.rejectedByReason(),
              parts.written());
      checkComplete(images, manifest);
      removeTraces(publisher.staging());
      manifest.write(conf, publisher.staging());
      publisher.publish();
      return summary(partition, manifest, parts.reused(), false, startNanos);
    }
  }

  /** Runs the job; the number of images that went into it. */
  private long runJob(
      ImageListing listing,
      ExtractorDescription extractor,
      FeatureStore store,
      Path staging,
      ProgressListener progress)
      throws IOException, InterruptedException {
    listing.copyTo(conf, new Path(staging, LISTING));
    Job job = job(listing, extractor, staging);
    job.getConfiguration().set(ExtractJobKeys.STORE, qualified(store.directory()).toString());
    job.getConfiguration().set(ExtractJobKeys.KNOWN_DATE, store.newestDate().orElse(""));
    jobs.run(job, progress);
    logRate(job);
    OptionalLong exact = listing.exactImages();
    return exact.isPresent() ? exact.getAsLong() : recordsRead(job);
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

  /** Of the attempts that count. */
  private static long recordsRead(Job job) throws IOException {
    Counters counters = job.getCounters();
    if (counters == null) {
      throw new IOException("YARN's history has no counters of " + job.getJobID());
    }
    return counters.findCounter(TaskCounter.MAP_INPUT_RECORDS).getValue();
  }

  /** Leaves in the output what belongs into the partition. */
  private void removeTraces(Path staging) throws IOException {
    FileSystem fs = staging.getFileSystem(conf);
    fs.delete(new Path(staging, LISTING), false);
    fs.delete(new Path(staging, PartStatistics.DIRECTORY), true);
  }

  private Job job(ImageListing listing, ExtractorDescription extractor, Path staging)
      throws IOException {
    Job job = jobs.newJob("dicm extract " + settings.date());
    Configuration jobConf = job.getConfiguration();
    ImageInputFormat.configure(jobConf, listing, new Path(staging, LISTING));
    TaskSettings.setExtractor(jobConf, extractor);
    ExtractTasks.configure(jobConf, settings);
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

  /**
   * The partition's manifest, when it was made from the same input and all of it is as it was
   * written; one that is not is made anew.
   */
  private Optional<FeatureManifest> earlier(Path partition, String inputDigest) throws IOException {
    if (!DirectoryPublisher.isComplete(conf, partition)) {
      return Optional.empty();
    }
    try {
      FeatureManifest manifest = FeatureManifest.read(conf, partition);
      return manifest.inputDigest().equals(inputDigest) && isIntact(partition, manifest)
          ? Optional.of(manifest)
          : Optional.empty();
    } catch (IOException | DicmException e) {
      LOG.warn("Extracting anew: {} cannot be read: {}", partition, e.getMessage());
      return Optional.empty();
    }
  }

  /** Lengths first: the digests read every file, which is worth it beside hours of computation. */
  private boolean isIntact(Path partition, FeatureManifest manifest) throws IOException {
    FileSystem fs = partition.getFileSystem(conf);
    for (FeatureFile file : manifest.files()) {
      if (fs.getFileStatus(new Path(partition, file.name())).getLen() != file.bytes()) {
        LOG.warn("Extracting anew: {} in {} has another length", file.name(), partition);
        return false;
      }
    }
    for (FeatureFile file : manifest.files()) {
      if (!FileDigest.sha256(conf, new Path(partition, file.name())).equals(file.sha256())) {
        LOG.warn("Extracting anew: {} in {} has another digest", file.name(), partition);
        return false;
      }
    }
    return true;
  }

  private void checkRejects(long images, StagedParts parts, DirectoryPublisher publisher)
      throws IOException {
    double fraction = (double) parts.rejected() / images;
    if (fraction > settings.maxBadFraction()) {
      throw new DicmException(
          ErrorCode.BAD_DATA_THRESHOLD_EXCEEDED,
          "Cannot publish image vectors: "
              + parts.rejected()
              + " of "
              + images
              + " images were rejected "
              + parts.rejectedByReason()
              + ", allowed by "
              + DicmKeys.INPUT_MAX_BAD_FRACTION
              + " is "
              + settings.maxBadFraction()
              + " of them; for example "
              + String.join(", ", parts.rejectExamples(MOST_EXAMPLES))
              + ". All are listed in "
              + publisher.keep(FeatureManifest.REJECTS)
              + ".");
    }
  }

  private static void checkComplete(long images, FeatureManifest manifest) {
    long found = manifest.imageCount() + manifest.rejectedCount();
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
      long reused,
      boolean alreadyThere,
      long startNanos) {
    ExtractSummary summary =
        new ExtractSummary(
            manifest.extractor().extractorId(),
            partition,
            manifest.imageCount(),
            manifest.imageCount() - reused,
            manifest.rejectedByReason(),
            alreadyThere,
            manifest.extractor().randomWeights(),
            (System.nanoTime() - startNanos) / 1e9);
    LOG.info("Extraction: {}", summary);
    return summary;
  }
}
