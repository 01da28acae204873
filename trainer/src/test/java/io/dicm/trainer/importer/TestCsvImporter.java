package io.dicm.trainer.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.progress.ProgressListener;
import java.io.IOException;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestCsvImporter {
  private static final String MAPPING =
      """
      {
        "separator": ";",
        "impressions": {
          "file": "shown.csv", "user_id": "visitor", "item_id": "sku", "impression_id": "nr",
          "ts": {"column": "time", "format": "dd.MM.yyyy HH:mm:ss", "zone": "Europe/Berlin"},
          "label": {"column": "action", "equals": ["click", "buy"]},
          "columns": {"hour": "hour of day"}},
        "behaviors": {
          "file": "clicks.csv", "user_id": "who", "item_id": "what",
          "ts": {"column": "when", "format": "milliseconds"},
          "label": {"column": "stars", "at_least": 4}, "columns": {"dwell_seconds": "stayed"}},
        "items": {
          "file": "articles.csv", "id": "sku", "image_id": "photo",
          "columns": {"category": "groups", "price": "price"}, "lists": {"category": ","}},
        "users": {"file": "visitors.csv", "id": "visitor", "columns": {"city": "town"}},
        "images": "photos",
        "features": [
          {"name": "user_id", "side": "user", "kind": "id"},
          {"name": "city", "side": "user", "kind": "id"},
          {"name": "item_id", "side": "item", "kind": "id", "behavior": true, "query": true},
          {"name": "category", "side": "item", "kind": "ids"},
          {"name": "price", "side": "item", "kind": "number", "buckets": {"log": 2}},
          {"name": "hour", "side": "context", "kind": "id"}]
      }
      """;

  private final Configuration conf = new Configuration(false);

  @TempDir private java.nio.file.Path directory;
  private java.nio.file.Path target;

  @BeforeEach
  void setUp() throws IOException {
    conf.addResource("dicm-default.xml");
    target = directory.resolve("target");
    write("mapping.json", MAPPING);
    write(
        "shown.csv",
        """
        nr;visitor;sku;time;action;hour of day
        1;v1;a;01.05.2024 02:00:00;click;2
        2;v1;"b
        c";01.05.2024 02:00:01;seen;2
        3;v2;a;01.11.2024 01:00:00;buy;
        """);
    write(
        "clicks.csv",
        "stayed;who;what;when;stars\n7.5;v1;a;1714521600999;4.0\n;v1;a;1714521600999;3.9\n");
    write(
        "articles.csv",
        "sku;photo;groups;price;unused\na;pa;Shoes, Men|Boys ,;9.5;x\n\"b\nc\";pb;;;x\n");
    write("visitors.csv", "visitor;town\nv1;Köln\nv2;\n");
    Files.createDirectory(directory.resolve("photos"));
    Files.write(directory.resolve("photos/pa.png"), new byte[] {1});
  }

  @Test
  void mapsColumnsMomentsLabelsListsAndPictures() throws Exception {
    // Where the samples would look for other tables does not matter to an import.
    conf.set(DicmKeys.INPUT_ITEMS, "hive:shop.items");

    ImportSummary summary = run();

    assertThat(summary).isEqualTo(new ImportSummary(2, 1, 2, 3, 2));
    assertThat(target.resolve("impressions.csv"))
        .hasContent(
            """
            user_id,item_id,ts,label,hour,impression_id
            v1,a,1714521600,1,2,1
            v1,b c,1714521601,0,2,2
            v2,a,1730419200,1,,3
            """);
    assertThat(target.resolve("behaviors.csv"))
        .hasContent("user_id,item_id,ts,dwell_seconds\nv1,a,1714521600,7.5\n");
    assertThat(target.resolve("items.csv"))
        .hasContent(
            """
            item_id,image_id,category,price
            a,pa,Shoes|Men/Boys,9.5
            b c,,,
            """);
    assertThat(target.resolve("users.csv")).hasContent("user_id,city\nv1,Köln\nv2,\n");
    assertThat(target.resolve("images/pa.png")).hasBinaryContent(new byte[] {1});
    assertThat(target.resolve("_SUCCESS")).exists();
  }

  @Test
  void makesItemsOfALogAlone() throws Exception {
    write(
        "mapping.json",
        """
        {"impressions": {"file": "log.csv", "user_id": "u", "item_id": "i",
           "ts": {"column": "t"}, "label": {"column": "stars", "at_least": 4}},
         "features": [{"name": "item_id", "side": "item", "kind": "id"}]}
        """);
    write("log.csv", "u,i,t,stars\n1,y,2024-05-01T00:00:00+02:00,4\n1,x,1714514400,3.5\n");

    assertThat(run()).isEqualTo(new ImportSummary(2, 0, 1, 2, 1));
    assertThat(target.resolve("items.csv")).hasContent("item_id,image_id\nx,\ny,\n");
    assertThat(target.resolve("impressions.csv"))
        .hasContent("user_id,item_id,ts,label\n1,y,1714514400,1\n1,x,1714514400,0\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
      "impressions"           ~ "impression"         ~ Unrecognized field "impression"
      "visitor", "item_id"    ~ "", "item_id"        ~ mapping.json: there is no 'impressions.user_id'
      "equals": ["click", "buy"] ~ "equals": "click", "at_least": 1 ~ 'impressions.label' needs one of 'equals' and 'at_least'
      "separator": ";"        ~ "separator": "::"    ~ 'separator' was '::', needed one character
      "hour": "hour of day"   ~ "ts": "hour of day"  ~ 'impressions.columns' has 'ts', which has an entry of its own
      "item_id": "what"       ~ "item_id": "what", "impression_id": "nr" ~ behaviors have an impression_id; impressions alone
      "stayed"                ~ "dwell"              ~ clicks.csv: it has no column dwell; its columns are stayed,who
      "lists": {"category"    ~ "lists": {"groups"   ~ 'items.lists' has 'groups', needed one of our columns
      "milliseconds"          ~ "milli"              ~ Cannot use the moments of column when: Unknown pattern letter: i
      "Europe/Berlin"         ~ "Berlin"             ~ Cannot use the moments of column time: Unknown time-zone ID: Berlin
      "hour of day"}          ~ "hour"}              ~ shown.csv: it has no column hour; its columns are nr,visitor
      "file": "clicks.csv"    ~ "file": "click.csv"  ~ click.csv: there is no such file
      "city": "town"          ~ "place": "town"      ~ users.csv: it has no column city
      "kind": "ids"           ~ "kind": "list"       ~ ('category') has kind 'list', allowed id, ids, number
      dd.MM.yyyy              ~ MM/dd/yyyy           ~ shown.csv line 2: time was '01.05.2024 02:00:00', the format is MM/dd/yyyy HH:mm:ss
      "stars"                 ~ "who"                ~ clicks.csv line 2: who was 'v1', needed a finite decimal number
      """)
  void saysWhatIsWrongWithAMappingOrATable(String right, String wrong, String message)
      throws IOException {
    assertThat(MAPPING).contains(right);
    write("mapping.json", MAPPING.replace(right, wrong));

    assertThatThrownBy(this::run).isInstanceOf(DicmException.class).hasMessageContaining(message);
    assertThat(target).doesNotExist();
  }

  private ImportSummary run() throws IOException, InterruptedException {
    Path source = new Path(directory.toUri());
    CsvMapping mapping = CsvMapping.read(conf, new Path(source, "mapping.json"));
    return new CsvImporter(conf, mapping)
        .run(source, new ImportTarget(new Path(target.toUri()), false), ProgressListener.NONE);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
  }
}
