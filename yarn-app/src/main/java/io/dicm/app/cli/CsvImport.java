package io.dicm.app.cli;

import io.dicm.trainer.importer.CsvImporter;
import io.dicm.trainer.importer.CsvMapping;
import java.io.IOException;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Own CSV tables, by a mapping of their columns. */
final class CsvImport implements ImportKind {
  private static final String MAPPING = "mapping";

  @Override
  public String name() {
    return "csv";
  }

  @Override
  public String summary() {
    return "from own CSV tables by a mapping";
  }

  @Override
  public String format() {
    return """
        --from DIR has CSV tables with headers, --mapping FILE says what they are (all keys: docs/inputs.md):
          {"separator": ";",
           "impressions": {"file": "shown.csv", "user_id": "visitor", "item_id": "sku",
             "ts": {"column": "time", "format": "dd.MM.yyyy HH:mm:ss", "zone": "Europe/Berlin"},
             "label": {"column": "action", "equals": ["click", "buy"]},
             "columns": {"hour": "hour_of_day"}},
           "items": {"file": "articles.csv", "id": "sku", "image_id": "photo",
             "columns": {"category": "groups"}, "lists": {"category": ","}},
           "images": "photos",
           "features": [{"name": "item_id", "side": "item", "kind": "id"}, ...]}
        """;
  }

  @Override
  public void addOptions(Options options) {
    options.addOption(LaunchOptions.value(MAPPING, "FILE", "csv: the mapping"));
  }

  @Override
  public Work prepare(Configuration conf, CommandLine line) throws IOException, UsageException {
    CsvMapping mapping = CsvMapping.read(conf, ImportOptions.path(conf, line, MAPPING));
    Path from = ImportOptions.from(conf, line);
    return (target, progress) -> new CsvImporter(conf, mapping).run(from, target, progress);
  }
}
