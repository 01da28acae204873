package io.dicm.app.cli;

import io.dicm.trainer.importer.ImportSummary;
import io.dicm.trainer.importer.ImportTarget;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** Makes an input directory of one of several kinds of data. */
final class ImportCommand implements Command {
  private static final List<ImportKind> KINDS =
      List.of(
          new GeneratedImport(),
          new MovieLensImport(),
          new AmazonImport(),
          new AlibabaImport(),
          new CsvImport());

  @Override
  public String name() {
    return "import";
  }

  @Override
  public String summary() {
    return "make an input directory: "
        + KINDS.stream()
            .map(kind -> "'" + kind.name() + "' " + kind.summary())
            .collect(Collectors.joining(", "));
  }

  @Override
  public String arguments() {
    return KINDS.stream().map(ImportKind::name).collect(Collectors.joining("|"));
  }

  @Override
  public Options options() {
    Options options = ImportOptions.shared();
    KINDS.forEach(kind -> kind.addOptions(options));
    return OutputFormat.addTo(options);
  }

  @Override
  public String details() {
    return KINDS.stream()
        .map(kind -> kind.name() + ": " + kind.format())
        .collect(Collectors.joining());
  }

  @Override
  public void run(CommandContext context, CommandLine line)
      throws IOException, InterruptedException, UsageException {
    ImportKind kind = kind(line);
    OutputFormat format = OutputFormat.of(line);
    ImportTarget target =
        new ImportTarget(
            PathArgument.parse(ImportOptions.required(line, ImportOptions.TO)),
            line.hasOption(ImportOptions.OVERWRITE));
    ImportKind.Work work = kind.prepare(context.conf(), line);
    ImportSummary summary =
        ImportProgress.show(context.err(), progress -> work.run(target, progress));
    context.out().print(format.write(result(target, summary)));
  }

  private ImportKind kind(CommandLine line) throws UsageException {
    String asked = line.getArgs().length == 1 ? line.getArgs()[0] : "";
    return KINDS.stream()
        .filter(kind -> kind.name().equals(asked))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "import needs one of "
                        + arguments()
                        + (asked.isEmpty() ? "" : ", was '" + asked + "'")));
  }

  private static Map<String, String> result(ImportTarget target, ImportSummary summary) {
    Map<String, String> result = new LinkedHashMap<>();
    result.put("directory", target.directory().toString());
    result.put("items", Long.toString(summary.items()));
    result.put("images", Long.toString(summary.images()));
    result.put("users", Long.toString(summary.users()));
    result.put("impressions", Long.toString(summary.impressions()));
    result.put("clicks", Long.toString(summary.clicks()));
    return result;
  }
}
