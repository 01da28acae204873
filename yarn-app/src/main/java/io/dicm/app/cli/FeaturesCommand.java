package io.dicm.app.cli;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.layout.Workspace;
import io.dicm.feature.encode.EncoderProviders;
import io.dicm.feature.job.Tombstones;
import io.dicm.feature.store.FeatureMaintenance;
import io.dicm.feature.store.FeatureStore;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.hadoop.conf.Configuration;

/** Looks after the feature store of one extractor, in this process. */
final class FeaturesCommand implements Command {
  private static final int MOST_FILES = 1024;
  private static final int MOST_DAYS = 100_000;

  @Override
  public String name() {
    return "features";
  }

  @Override
  public String summary() {
    return "list, verify, compact or expire the feature store";
  }

  @Override
  public String arguments() {
    return "list|verify|compact|expire";
  }

  @Override
  public Options options() {
    Options options = new Options();
    options.addOption(
        LaunchOptions.value(
            "workspace", "DIR", "where the store is (or " + DicmKeys.WORKSPACE_PATH + ")"));
    options.addOption(
        LaunchOptions.value(
            "extractor", "ID", "whose vectors; without it that of the configured weights"));
    options.addOption(
        LaunchOptions.value("date", "YYYY-MM-DD", "snapshot to verify; without it the newest"));
    return options;
  }

  @Override
  public void run(CommandContext context, CommandLine line) throws IOException, UsageException {
    if (line.getArgs().length != 1) {
      throw new UsageException("features needs one of " + arguments());
    }
    Configuration conf = context.conf();
    DicmConfiguration settings = DicmConfiguration.of(conf);
    FeatureStore store = store(conf, line);
    FeatureMaintenance maintenance = new FeatureMaintenance(conf, store, Clock.systemUTC());
    switch (line.getArgs()[0]) {
      case "list" -> list(maintenance, context.out());
      case "verify" -> verify(maintenance, date(store, line), context.out());
      case "compact" -> compact(maintenance, settings, context.out());
      case "expire" -> expire(maintenance, settings, context.out());
      default ->
          throw new UsageException(
              "features has no action '" + line.getArgs()[0] + "', only " + arguments());
    }
  }

  private static FeatureStore store(Configuration conf, CommandLine line)
      throws IOException, UsageException {
    String workspace =
        line.getOptionValue("workspace", conf.getTrimmed(DicmKeys.WORKSPACE_PATH, ""));
    if (workspace.isEmpty()) {
      throw new UsageException(
          "features needs --workspace (or -D " + DicmKeys.WORKSPACE_PATH + "=...)");
    }
    String extractor = line.getOptionValue("extractor");
    if (extractor == null) {
      extractor = EncoderProviders.configured(conf).describe(conf).extractorId();
    }
    return FeatureStore.open(
        conf, new Workspace(PathArgument.parse(workspace)).features(extractor));
  }

  private static String date(FeatureStore store, CommandLine line) throws IOException {
    String date = line.getOptionValue("date");
    if (date != null) {
      return date;
    }
    return store
        .newestDate()
        .orElseThrow(
            () ->
                new DicmException(
                    ErrorCode.INPUT_MISSING,
                    "Cannot verify image vectors: there is no snapshot in "
                        + store.directory()
                        + "."));
  }

  private static void list(FeatureMaintenance maintenance, PrintStream out) throws IOException {
    out.println("date        images  files  of the day  bytes  replaced rows");
    for (FeatureMaintenance.SnapshotSize size : maintenance.list()) {
      out.printf(
          "%s  %d  %d  %d  %d  %d%n",
          size.date(),
          size.images(),
          size.files(),
          size.ownFiles(),
          size.bytes(),
          size.replacedRows());
    }
  }

  private static void verify(FeatureMaintenance maintenance, String date, PrintStream out)
      throws IOException {
    List<String> problems = maintenance.verify(date);
    problems.forEach(out::println);
    if (!problems.isEmpty()) {
      throw new DicmException(
          ErrorCode.STORE_CORRUPT,
          "The snapshot of "
              + date
              + " has "
              + problems.size()
              + " problems. Extract again with "
              + DicmKeys.FEATURES_VERIFY
              + "=digests, which replaces what is damaged.");
    }
    out.println("The snapshot of " + date + " is as it was written.");
  }

  private static void compact(
      FeatureMaintenance maintenance, DicmConfiguration settings, PrintStream out)
      throws IOException {
    FeatureMaintenance.Compaction done =
        maintenance.compact(
            settings.integer(DicmKeys.EXTRACT_REDUCERS, 1, MOST_FILES),
            Tombstones.read(settings.hadoop(), settings.text(DicmKeys.FEATURES_TOMBSTONES)));
    out.printf(
        "%s: %d images, %d files are now %d%n",
        done.date(), done.images(), done.filesBefore(), done.filesAfter());
  }

  private static void expire(
      FeatureMaintenance maintenance, DicmConfiguration settings, PrintStream out)
      throws IOException {
    FeatureMaintenance.Expiry done =
        maintenance.expire(
            LocalDate.now(ZoneOffset.UTC),
            settings.integer(DicmKeys.FEATURES_EXPIRY_DAYS, 0, MOST_DAYS),
            settings.nonNegativeLong(DicmKeys.FEATURES_KEEP_IMAGES),
            TimeUnit.HOURS.toMillis(settings.nonNegativeLong(DicmKeys.FEATURES_GRACE_HOURS)));
    out.printf(
        "snapshots dropped: %s; images dropped: %d; files deleted: %d (%d bytes)%n",
        done.snapshots(), done.images(), done.filesDeleted(), done.bytesDeleted());
  }
}
