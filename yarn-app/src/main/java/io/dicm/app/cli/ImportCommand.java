package io.dicm.app.cli;

import io.dicm.trainer.importer.CatalogueParameters;
import io.dicm.trainer.importer.GeneratedCatalogue;
import io.dicm.trainer.importer.ImportSummary;
import io.dicm.trainer.importer.ImportTarget;
import io.dicm.trainer.importer.MovieLensFeatures;
import io.dicm.trainer.importer.MovieLensImporter;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.hadoop.fs.Path;

/** Makes an input directory: from a seed, or from MovieLens ratings with posters. */
final class ImportCommand implements Command {
  private static final String CATEGORY_FEATURE = "category-feature";

  @Override
  public String name() {
    return "import";
  }

  @Override
  public String summary() {
    return "make an input directory: 'generated' from a seed, 'movielens' from ratings with posters";
  }

  @Override
  public String arguments() {
    return "generated|movielens";
  }

  @Override
  public Options options() {
    CatalogueParameters demo = CatalogueParameters.DEMO;
    Options options =
        new Options()
            .addOption(LaunchOptions.value("to", "DIR", "the input directory to make"))
            .addOption(LaunchOptions.flag("overwrite", "replace the directory if it is there"))
            .addOption(
                LaunchOptions.value(
                    "from",
                    "DIR",
                    "movielens: directory with images/, items.csv, interactions.csv"))
            .addOption(
                LaunchOptions.flag(
                    CATEGORY_FEATURE, "movielens: the films' genres are a feature too"))
            .addOption(number("items", "products", demo.items()))
            .addOption(number("users", "users", demo.users()))
            .addOption(number("impressions", "shown items", demo.impressions()))
            .addOption(number("days", "length of the log", demo.days()))
            .addOption(number("seed", "seed", demo.seed()));
    return OutputFormat.addTo(options);
  }

  private static Option number(String name, String what, long normal) {
    return LaunchOptions.value(name, "N", "generated: " + what + " (default " + normal + ")");
  }

  @Override
  public void run(CommandContext context, CommandLine line)
      throws IOException, InterruptedException, UsageException {
    if (line.getArgs().length != 1) {
      throw new UsageException("import needs one of generated and movielens");
    }
    OutputFormat format = OutputFormat.of(line);
    ImportTarget target =
        new ImportTarget(PathArgument.parse(required(line, "to")), line.hasOption("overwrite"));
    ImportSummary summary =
        switch (line.getArgs()[0]) {
          case "generated" -> {
            GeneratedCatalogue catalogue = new GeneratedCatalogue(context.conf(), parameters(line));
            yield ImportProgress.show(context.err(), progress -> catalogue.run(target, progress));
          }
          case "movielens" -> {
            MovieLensImporter importer =
                new MovieLensImporter(context.conf(), movieLensFeatures(line));
            // Downloads usually lie on this machine.
            Path from = PathArgument.localFirst(context.conf(), required(line, "from"));
            yield ImportProgress.show(
                context.err(), progress -> importer.run(from, target, progress));
          }
          default ->
              throw new UsageException(
                  "import knows generated and movielens, was '" + line.getArgs()[0] + "'");
        };
    context.out().print(format.write(result(target, summary)));
  }

  private static MovieLensFeatures movieLensFeatures(CommandLine line) {
    return line.hasOption(CATEGORY_FEATURE)
        ? MovieLensFeatures.IDS_AND_CATEGORY
        : MovieLensFeatures.IDS;
  }

  private static CatalogueParameters parameters(CommandLine line) throws UsageException {
    CatalogueParameters demo = CatalogueParameters.DEMO;
    return new CatalogueParameters(
        Math.toIntExact(number(line, "items", demo.items())),
        Math.toIntExact(number(line, "users", demo.users())),
        Math.toIntExact(number(line, "impressions", demo.impressions())),
        Math.toIntExact(number(line, "days", demo.days())),
        number(line, "seed", demo.seed()));
  }

  private static long number(CommandLine line, String option, long normal) throws UsageException {
    String value = line.getOptionValue(option, Long.toString(normal));
    if (!value.matches("-?[0-9]{1,9}")) {
      throw new UsageException("--" + option + " was '" + value + "', needed a whole number");
    }
    return Long.parseLong(value);
  }

  private static String required(CommandLine line, String option) throws UsageException {
    String value = line.getOptionValue(option, "");
    if (value.isEmpty()) {
      throw new UsageException("import needs --" + option);
    }
    return value;
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
