package io.dicm.app.cli;

import io.dicm.app.bench.BenchReport;
import io.dicm.app.bench.ReportFields;
import io.dicm.app.bench.ReportTable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/**
 * Measures parts of DICM on this machine, against what this machine can do; no cluster is asked.
 * Each part's result is a {@link BenchReport}.
 */
final class BenchCommand implements Command {
  private static final List<BenchPart> PARTS =
      List.of(
          new ServerBench(),
          new StepBench(),
          new StrategyBench(),
          new ScaleBench(),
          new ModelsBench(),
          new ExtractBench(),
          new LayoutBench(),
          new GpuBench());

  @Override
  public String name() {
    return "bench";
  }

  @Override
  public String summary() {
    return "measure a part of DICM on this machine: "
        + PARTS.stream()
            .map(part -> "'" + part.name() + "', " + part.summary())
            .collect(Collectors.joining("; "));
  }

  @Override
  public String arguments() {
    return PARTS.stream().map(BenchPart::name).collect(Collectors.joining("|"));
  }

  @Override
  public Options options() {
    Options options = new Options();
    BenchOptions.addShared(options);
    BenchData.addOptions(options);
    PARTS.forEach(part -> part.addOptions(options));
    ReportFile.addTo(options);
    return OutputFormat.addTo(options);
  }

  @Override
  public void run(CommandContext context, CommandLine line)
      throws IOException, InterruptedException, UsageException {
    String asked = line.getArgs().length == 1 ? line.getArgs()[0] : "";
    BenchPart part =
        PARTS.stream().filter(one -> one.name().equals(asked)).findFirst().orElse(null);
    if (part == null) {
      throw new UsageException(
          "bench needs the part to measure: "
              + PARTS.stream().map(BenchPart::name).collect(Collectors.joining(" or ")));
    }
    OutputFormat format = OutputFormat.of(line);
    Optional<ReportFile> file = ReportFile.of(line);
    BenchReport report = part.measure(context, line);
    ReportFields fields = new ReportFields(report);
    context
        .out()
        .print(
            switch (format) {
              case TEXT -> new ReportTable(report).text();
              case JSON -> format.write(fields.nested());
              case PROPERTIES -> format.write(fields.flat());
            });
    if (file.isPresent()) {
      file.get().publish(fields.nested());
    }
  }
}
