package io.dicm.app.cli;

import io.dicm.trainer.importer.CatalogueParameters;
import io.dicm.trainer.importer.GeneratedCatalogue;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.hadoop.conf.Configuration;

/** A catalogue and a log made from a seed. */
final class GeneratedImport implements ImportKind {
  private final CatalogueParameters demo = CatalogueParameters.DEMO;

  @Override
  public String name() {
    return "generated";
  }

  @Override
  public String summary() {
    return "from a seed";
  }

  @Override
  public String format() {
    return "reads nothing\n";
  }

  @Override
  public void addOptions(Options options) {
    options
        .addOption(number("items", "products", demo.items()))
        .addOption(number("users", "users", demo.users()))
        .addOption(number("impressions", "shown items", demo.impressions()))
        .addOption(number("days", "length of the log", demo.days()))
        .addOption(number("seed", "seed", demo.seed()));
  }

  @Override
  public Work prepare(Configuration conf, CommandLine line) throws UsageException {
    CatalogueParameters parameters =
        new CatalogueParameters(
            Math.toIntExact(number(line, "items", demo.items())),
            Math.toIntExact(number(line, "users", demo.users())),
            Math.toIntExact(number(line, "impressions", demo.impressions())),
            Math.toIntExact(number(line, "days", demo.days())),
            number(line, "seed", demo.seed()));
    return new GeneratedCatalogue(conf, parameters)::run;
  }

  private static Option number(String name, String what, long normal) {
    return LaunchOptions.value(name, "N", "generated: " + what + " (default " + normal + ")");
  }

  private static long number(CommandLine line, String option, long normal) throws UsageException {
    String value = line.getOptionValue(option, Long.toString(normal));
    if (!value.matches("-?[0-9]{1,9}")) {
      throw new UsageException("--" + option + " was '" + value + "', needed a whole number");
    }
    return Long.parseLong(value);
  }
}
