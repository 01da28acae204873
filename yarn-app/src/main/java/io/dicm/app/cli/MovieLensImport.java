package io.dicm.app.cli;

import io.dicm.trainer.importer.MovieLensFeatures;
import io.dicm.trainer.importer.MovieLensImporter;
import java.io.IOException;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** MovieLens ratings with posters. */
final class MovieLensImport implements ImportKind {
  private static final String CATEGORY_FEATURE = "category-feature";

  @Override
  public String name() {
    return "movielens";
  }

  @Override
  public String summary() {
    return "from ratings with posters";
  }

  @Override
  public String format() {
    return """
        --from DIR has images/<itemId>.jpg and two CSV files:
          items.csv         itemId,categories
                            7,Drama|War
          interactions.csv  userId,itemId,rating,timestamp
                            1,7,4.0,964982703
        """;
  }

  @Override
  public void addOptions(Options options) {
    options.addOption(
        LaunchOptions.flag(CATEGORY_FEATURE, "movielens: the films' genres are a feature too"));
  }

  @Override
  public Work prepare(Configuration conf, CommandLine line) throws IOException, UsageException {
    MovieLensFeatures features =
        line.hasOption(CATEGORY_FEATURE)
            ? MovieLensFeatures.IDS_AND_CATEGORY
            : MovieLensFeatures.IDS;
    Path from = ImportOptions.from(conf, line);
    return (target, progress) -> new MovieLensImporter(conf, features).run(from, target, progress);
  }
}
