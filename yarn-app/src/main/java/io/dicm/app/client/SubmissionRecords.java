package io.dicm.app.client;

import io.dicm.app.launch.InternalKeys;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.ConfigRedactor;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What each of this user's latest submissions asked for, so that it can be asked for again when the
 * application and its staging directory are gone. The cluster's site files are not part of it: they
 * are those of the moment, and no secret is kept.
 */
public final class SubmissionRecords {
  private static final Logger LOG = LoggerFactory.getLogger(SubmissionRecords.class);
  private static final int MOST_KEPT = 100_000;
  private static final String SUFFIX = ".xml";

  /** Of the cluster, on the class path. A file that {@code -conf} names has a path for a name. */
  private static final Set<String> SITE_FILES =
      Set.of(
          "core-site.xml",
          "hdfs-site.xml",
          "hdfs-rbf-site.xml",
          "yarn-site.xml",
          "mapred-site.xml",
          "hive-site.xml",
          "resource-types.xml",
          "node-resources.xml",
          "ssl-client.xml");

  private final StagingDirectory staging;
  private final int kept;

  /**
   * @param conf with DICM's defaults
   */
  public SubmissionRecords(Configuration conf) throws IOException {
    this(conf, new StagingDirectory(conf));
  }

  SubmissionRecords(Configuration conf, StagingDirectory staging) {
    this.staging = staging;
    this.kept = kept(DicmConfiguration.of(conf));
  }

  /**
   * A submission.
   *
   * @param settings what was run
   * @param properties keys and values that the command line, its files and DICM's site file gave
   */
  public record Submission(PipelineSettings settings, Map<String, String> properties) {
    public Submission {
      properties = Map.copyOf(properties);
    }
  }

  /** How many are kept, as configured. */
  static int kept(DicmConfiguration conf) {
    return conf.integer(DicmKeys.YARN_SUBMISSIONS_KEPT, 0, MOST_KEPT);
  }

  /**
   * Keeps a submission, and forgets the oldest beyond those to be kept.
   *
   * @param asked the configuration before the submission changed it
   */
  void keep(ApplicationId id, Configuration asked, PipelineSettings settings) throws IOException {
    if (kept == 0) {
      return;
    }
    Configuration record = new Configuration(false);
    ConfigRedactor redactor = new ConfigRedactor(asked);
    for (Map.Entry<String, String> entry : asked) {
      if (isAsked(asked, entry.getKey()) && !isSecret(redactor, entry)) {
        // Unresolved: variables in it may have other values the next time.
        record.set(entry.getKey(), asked.getRaw(entry.getKey()));
      }
    }
    settings.addTo(record);
    staging.create(staging.ofSubmissions());
    try (OutputStream out = staging.fileSystem().create(file(id), true)) {
      record.writeXml(out);
    }
    forgetOldest();
  }

  /** Forgets a submission, if it is there. */
  void forget(ApplicationId id) throws IOException {
    staging.fileSystem().delete(file(id), false);
  }

  /**
   * Finds a submission.
   *
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} when it is not known any more
   */
  public Submission find(ApplicationId id) throws IOException {
    Configuration record = new Configuration(false);
    try (InputStream in = staging.fileSystem().open(file(id))) {
      record.addResource(in);
      record.size(); // Reads it while it is open.
    } catch (FileNotFoundException e) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING,
          "Cannot run %s again: what it asked for is not in %s, where the latest %d submissions of a user are kept (%s)."
              .formatted(id, staging.ofSubmissions(), kept, DicmKeys.YARN_SUBMISSIONS_KEPT),
          e);
    }
    Map<String, String> properties = new TreeMap<>();
    for (Map.Entry<String, String> entry : record) {
      if (!entry.getKey().startsWith(InternalKeys.PREFIX)) {
        properties.put(entry.getKey(), record.getRaw(entry.getKey()));
      }
    }
    return new Submission(PipelineSettings.from(record), properties);
  }

  /** Ours, and what the command line or a file of its own said on anything else. */
  private static boolean isAsked(Configuration asked, String key) {
    String[] sources = asked.getPropertySources(key);
    String source = sources == null || sources.length == 0 ? "" : sources[sources.length - 1];
    if (source.endsWith("-default.xml") || key.startsWith(InternalKeys.PREFIX)) {
      return false;
    }
    return key.startsWith("dicm.") || !SITE_FILES.contains(source);
  }

  /** A password is asked for anew, or stands in a credential provider. */
  private static boolean isSecret(ConfigRedactor redactor, Map.Entry<String, String> entry) {
    return !redactor.redact(entry.getKey(), entry.getValue()).equals(entry.getValue());
  }

  private void forgetOldest() {
    try {
      FileSystem fs = staging.fileSystem();
      List<FileStatus> newestFirst =
          Arrays.stream(fs.listStatus(staging.ofSubmissions()))
              .sorted(Comparator.comparingLong(FileStatus::getModificationTime).reversed())
              .toList();
      for (FileStatus old :
          newestFirst.subList(Math.min(kept, newestFirst.size()), newestFirst.size())) {
        fs.delete(old.getPath(), false);
      }
    } catch (IOException e) {
      // The submission itself is well.
      LOG.warn("Cannot forget old submissions: {}", e.getMessage());
    }
  }

  private Path file(ApplicationId id) {
    return new Path(staging.ofSubmissions(), id + SUFFIX);
  }
}
