package io.dicm.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.cli.DefaultParser;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestImportCommand {
  private final ImportCommand command = new ImportCommand();

  @TempDir private java.nio.file.Path directory;

  @Test
  void importsOwnTablesByAMapping() throws Exception {
    write(
        "mapping.json",
        """
        {"impressions": {"file": "log.csv", "user_id": "u", "item_id": "i",
           "ts": {"column": "t"}, "label": {"column": "l", "equals": "yes"}},
         "features": [{"name": "item_id", "side": "item", "kind": "id"}]}
        """);
    write("log.csv", "u,i,t,l\n1,x,5,yes\n1,y,6,no\n");

    String printed =
        run("csv", "--from", path(""), "--mapping", path("mapping.json"), "--to", path("in"));

    assertThat(printed).contains("impressions", "2").contains("clicks", "1");
    assertThat(directory.resolve("in/impressions.csv")).exists();
  }

  @Test
  void importsAmazonReviewsWithAThresholdForLikes() throws Exception {
    write(
        "r.json",
        "{\"reviewerID\": \"u\", \"asin\": \"a\", \"overall\": 4.0, \"unixReviewTime\": 5}\n");

    run("amazon", "--reviews", path("r.json"), "--liked", "4.5", "--to", path("in"));

    assertThat(directory.resolve("in/impressions.csv"))
        .hasContent("user_id,item_id,ts,label\nu,a,5,0\n");
  }

  @Test
  void helpShowsASampleOfEveryFormat() {
    assertThat(CommandUsage.of(command))
        .contains(
            "generated|movielens|amazon|alibaba|csv",
            "userId,itemId,rating,timestamp",
            "\"unixReviewTime\": 1252800000",
            "16,394 bytes",
            "user,time_stamp,adgroup_id,pid,nonclk,clk",
            "\"label\": {\"column\": \"action\", \"equals\": [\"click\", \"buy\"]}",
            "--image-features");
  }

  @Test
  void saysWhatIsMissingOrWrong() {
    assertUsage("import needs one of generated|movielens|amazon|alibaba|csv, was 'tsv'", "tsv");
    assertUsage("import needs --to", "csv");
    assertUsage("import needs --reviews", "amazon", "--to", "x");
    assertUsage("import needs --from", "alibaba", "--to", "x");
    assertUsage("import needs --mapping", "csv", "--to", "x");
    assertUsage(
        "--liked was '9', needed a rating",
        "amazon",
        "--to",
        "x",
        "--reviews",
        "r",
        "--liked",
        "9");
    assertUsage(
        "--date was 'today', needed YYYY-MM-DD",
        "amazon",
        "--to",
        "x",
        "--reviews",
        "r",
        "--image-features",
        "f",
        "--date",
        "today");
    assertUsage("--items was 'few'", "generated", "--to", "x", "--items", "few");
  }

  private void assertUsage(String message, String... arguments) {
    assertThatThrownBy(() -> run(arguments))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining(message);
  }

  private String run(String... arguments) throws Exception {
    Configuration conf = new Configuration();
    conf.addResource("dicm-default.xml");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    List<String> all = Arrays.asList(arguments);
    command.run(
        new CommandContext(conf, stream, stream),
        new DefaultParser().parse(command.options(), all.toArray(String[]::new)));
    return out.toString(StandardCharsets.UTF_8);
  }

  private String path(String name) {
    return directory.resolve(name).toUri().toString();
  }

  private void write(String name, String text) throws Exception {
    Files.writeString(directory.resolve(name), text);
  }
}
