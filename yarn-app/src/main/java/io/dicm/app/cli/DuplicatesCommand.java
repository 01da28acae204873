package io.dicm.app.cli;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.json.JsonFiles;
import io.dicm.common.layout.Workspace;
import io.dicm.feature.duplicate.DuplicateGroup;
import io.dicm.feature.duplicate.DuplicateResult;
import io.dicm.feature.duplicate.DuplicateSearch;
import io.dicm.feature.duplicate.DuplicateSettings;
import io.dicm.feature.duplicate.NearDuplicate;
import io.dicm.feature.duplicate.NearDuplicateTable;
import io.dicm.feature.encode.EncoderProviders;
import io.dicm.feature.store.FeatureStore;
import java.io.IOException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Finds the images of the feature store that look alike, publishes the table and prints groups. */
final class DuplicatesCommand implements Command {
  private static final int LIMIT = 20;
  private static final String MAX_DISTANCE = "max-distance";
  private static final String MIN_COSINE = "min-cosine";

  /** What JSON output has beside the groups. */
  private record Report(Map<String, String> summary, List<Group> groups) {}

  /** A group, as JSON has it. */
  private record Group(String representative, long groupId, List<NearDuplicate> images) {}

  @Override
  public String name() {
    return "duplicates";
  }

  @Override
  public String summary() {
    return "groups of images in the feature store that look alike";
  }

  @Override
  public Options options() {
    Options options = new Options();
    options
        .addOption(
            LaunchOptions.value(
                "workspace", "DIR", "with the feature store (or " + DicmKeys.WORKSPACE_PATH + ")"))
        .addOption(
            LaunchOptions.value(
                "extractor", "ID", "whose vectors (default: the one that is configured)"))
        .addOption(
            LaunchOptions.value("date", "YYYY-MM-DD", "day of the partition (default: the newest)"))
        .addOption(
            BenchOptions.number(
                MAX_DISTANCE,
                "most bits of 64 in which the perceptual hashes of near images differ",
                DuplicateSettings.MAX_DISTANCE))
        .addOption(
            LaunchOptions.value(
                MIN_COSINE,
                "C",
                "least cosine of their vectors (default " + DuplicateSettings.MIN_COSINE + ")"))
        .addOption(BenchOptions.number("limit", "most groups to print, the largest first", LIMIT));
    return OutputFormat.addTo(options);
  }

  @Override
  public void run(CommandContext context, CommandLine line) throws IOException, UsageException {
    if (!line.getArgList().isEmpty()) {
      throw new UsageException(name() + " takes no argument, was '" + line.getArgs()[0] + "'");
    }
    OutputFormat format = OutputFormat.of(line);
    int limit = BenchOptions.number(line, "limit", LIMIT);
    DuplicateSettings settings =
        DuplicateSettings.of(
            BenchOptions.number(line, MAX_DISTANCE, DuplicateSettings.MAX_DISTANCE),
            minCosine(line));
    Configuration conf = context.conf();
    Workspace workspace = workspace(conf, line);
    String extractorId = extractorId(conf, line);
    FeatureStore store = FeatureStore.open(conf, workspace.features(extractorId));
    String date = date(store, line);
    DuplicateResult result = new DuplicateSearch(settings).find(store.snapshot(date));
    Path table = workspace.nearDuplicates(extractorId, date);
    new NearDuplicateTable(conf, table).publish(result, settings);
    context.out().print(text(format, summary(result, table), largest(result, limit)));
  }

  private Workspace workspace(Configuration conf, CommandLine line)
      throws IOException, UsageException {
    String workspace =
        line.getOptionValue("workspace", conf.getTrimmed(DicmKeys.WORKSPACE_PATH, ""));
    if (workspace.isEmpty()) {
      throw new UsageException(
          name() + " needs --workspace (or -D " + DicmKeys.WORKSPACE_PATH + "=...)");
    }
    return new Workspace(Qualified.path(conf, PathArgument.parse(workspace)));
  }

  private static String extractorId(Configuration conf, CommandLine line) throws IOException {
    return line.hasOption("extractor")
        ? line.getOptionValue("extractor")
        : EncoderProviders.configured(conf).describe(conf).extractorId();
  }

  private static String date(FeatureStore store, CommandLine line) throws IOException {
    if (line.hasOption("date")) {
      return line.getOptionValue("date");
    }
    return store
        .newestDate()
        .orElseThrow(
            () ->
                new DicmException(
                    ErrorCode.INPUT_MISSING,
                    "Cannot look for near-duplicates: there is no complete partition in "
                        + store.directory()
                        + ". Run the extract stage first, or name another --extractor."));
  }

  private static double minCosine(CommandLine line) throws UsageException {
    String value = line.getOptionValue(MIN_COSINE, Double.toString(DuplicateSettings.MIN_COSINE));
    try {
      return Double.parseDouble(value);
    } catch (NumberFormatException e) {
      throw new UsageException("--" + MIN_COSINE + " was '" + value + "', needed a number");
    }
  }

  private static List<DuplicateGroup> largest(DuplicateResult result, int limit) {
    return result.groups().stream()
        .sorted(
            Comparator.comparingInt((DuplicateGroup group) -> -group.images().size())
                .thenComparing(DuplicateGroup::representative))
        .limit(limit)
        .toList();
  }

  private static Map<String, String> summary(DuplicateResult result, Path table) {
    Map<String, String> summary = new LinkedHashMap<>();
    summary.put("images", Long.toString(result.images()));
    summary.put("candidate_pairs", Long.toString(result.candidatePairs()));
    summary.put("near_pairs", Long.toString(result.nearPairs()));
    summary.put("groups", Integer.toString(result.groups().size()));
    summary.put("images_in_groups", Long.toString(result.groupedImages()));
    summary.put("table", table.toString());
    return summary;
  }

  /** Properties have no groups: they are for programs that take single values. */
  private static String text(
      OutputFormat format, Map<String, String> summary, List<DuplicateGroup> groups) {
    return switch (format) {
      case TEXT -> lines(groups) + format.write(summary);
      case PROPERTIES -> format.write(summary);
      case JSON ->
          new JsonFiles(new Configuration(false))
                  .oneLine(
                      new Report(
                          summary,
                          groups.stream()
                              .map(
                                  group ->
                                      new Group(
                                          group.representative(), group.groupId(), group.images()))
                              .toList()))
              + "\n";
    };
  }

  /** A line for each group and one below it for each other image. */
  private static String lines(List<DuplicateGroup> groups) {
    StringBuilder lines = new StringBuilder();
    for (DuplicateGroup group : groups) {
      lines.append(group.representative()).append('\n');
      for (NearDuplicate image : group.images().subList(1, group.images().size())) {
        lines.append(
            String.format(
                Locale.ROOT,
                "  %s (%d bits, cosine %.4f)%n",
                image.imageId(),
                image.hammingDistance(),
                image.cosine()));
      }
    }
    return lines.isEmpty() ? "" : lines.append('\n').toString();
  }
}
