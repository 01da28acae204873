package io.dicm.app.cli;

import io.dicm.app.launch.ContainerSettings;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.trainer.importer.GeneratedCatalogue;
import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** Lists the networks and aggregators, their parameters counted for a catalogue's features. */
final class ModelsCommand implements Command {
  private static final String INPUT = "input";

  @Override
  public String name() {
    return "models";
  }

  @Override
  public String summary() {
    return "the networks and aggregators to choose from, with their parameters counted";
  }

  @Override
  public String details() {
    return "parameters: dense ones, without and with pictures, by the features.json of --input (the"
        + " generated\ncatalogue's without it) and the papers' sizes. An aggregator's are those it"
        + " adds. floats_an_id: of a server's\nmemory, times those that the optimiser keeps beside"
        + " each.\n";
  }

  @Override
  public Options options() {
    return OutputFormat.addTo(
        new Options()
            .addOption(
                LaunchOptions.value(
                    INPUT,
                    "DIR",
                    "input directory with features.json (or " + DicmKeys.INPUT_PATH + ")")));
  }

  @Override
  public void run(CommandContext context, CommandLine line) throws IOException, UsageException {
    if (!line.getArgList().isEmpty()) {
      throw new UsageException("models takes no argument, was '" + line.getArgs()[0] + "'");
    }
    OutputFormat format = OutputFormat.of(line);
    DicmConfiguration conf = DicmConfiguration.of(context.conf());
    ModelRows models =
        new ModelRows(schema(conf, line), ContainerSettings.embeddingDimension(conf));
    context.out().print(format.write("models", ModelRows.FIELDS, models.rows()));
  }

  private static FeatureSchema schema(DicmConfiguration conf, CommandLine line)
      throws IOException, UsageException {
    String input = line.getOptionValue(INPUT, conf.text(DicmKeys.INPUT_PATH));
    return input.isEmpty()
        ? GeneratedCatalogue.features()
        : FeatureSchema.read(
            conf.hadoop(),
            new InputLayout(PathArgument.localFirst(conf.hadoop(), input)).features());
  }
}
