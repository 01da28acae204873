package io.dicm.app.cli;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.hive.HiveQueries;
import io.dicm.hive.JdbcHiveSessions;
import io.dicm.hive.TablePrinter;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** Runs a HiveQL query through HiveServer2. */
final class QueryCommand implements Command {
  @Override
  public String name() {
    return "query";
  }

  @Override
  public String summary() {
    return "a HiveQL query through HiveServer2";
  }

  @Override
  public String arguments() {
    return "HIVEQL";
  }

  @Override
  public Options options() {
    return new Options();
  }

  @Override
  public void run(CommandContext context, CommandLine line) throws UsageException {
    if (line.getArgs().length != 1) {
      throw new UsageException("query needs one query, quoted as one argument");
    }
    DicmConfiguration conf = DicmConfiguration.of(context.conf());
    HiveQueries queries =
        new HiveQueries(JdbcHiveSessions.of(conf), conf.required(DicmKeys.HIVE_DATABASE));
    context.out().print(new TablePrinter().print(queries.run(line.getArgs()[0])));
  }
}
