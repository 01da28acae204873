package io.dicm.trainer.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestTableFinder {
  private final Configuration conf = new Configuration(false);

  @TempDir private java.nio.file.Path root;

  @BeforeEach
  void setUp() {
    conf.addResource("dicm-default.xml");
  }

  @Test
  void findsAFileOfEitherFormatOrADirectory() throws IOException {
    write("items.csv", "item_id\n");
    write("users.parquet/part-0", "PAR1");
    write("users.parquet/_SUCCESS", "");
    write("users.parquet/.part-0.crc", "crc");
    write("impressions/a.csv", "x\n");
    write("impressions/b.csv", "x\n");

    assertThat(find(InputTable.ITEMS))
        .isEqualTo(source("items.csv", TableFormat.CSV, part("items.csv", Map.of())));
    assertThat(find(InputTable.USERS))
        .isEqualTo(source("users.parquet", TableFormat.PARQUET, part("users.parquet", Map.of())));
    assertThat(find(InputTable.IMPRESSIONS))
        .isEqualTo(source("impressions", TableFormat.CSV, part("impressions", Map.of())));
    assertThat(finder().find(InputTable.BEHAVIORS)).isEmpty();
  }

  @Test
  void goesWhereTheConfigurationSays() throws IOException {
    write("logs/clicks.csv", "x\n");
    write("impressions.csv", "x\n");
    conf.set(DicmKeys.INPUT_IMPRESSIONS, root.resolve("logs/clicks.csv").toUri().toString());

    assertThat(find(InputTable.IMPRESSIONS).name()).isEqualTo("clicks.csv");
  }

  @Test
  void readsPartitionsAsHiveNamesThem() throws IOException {
    write("impressions/dt=2024-05-01/shop=a%3Ab/f.csv", "x\n");
    write("impressions/dt=2024-05-02/shop=c+d/f.csv", "x\n");

    assertThat(find(InputTable.IMPRESSIONS).parts())
        .containsExactly(
            part("impressions/dt=2024-05-01/shop=a%3Ab", Map.of("dt", "2024-05-01", "shop", "a:b")),
            part("impressions/dt=2024-05-02/shop=c+d", Map.of("dt", "2024-05-02", "shop", "c+d")));
  }

  @Test
  void prunesLogsByDayAndTakesTheNewestListOfItems() throws IOException {
    for (int day = 1; day <= 9; day++) {
      for (String table : List.of("impressions", "behaviors", "items")) {
        write(table + "/dt=2024-05-0" + day + "/f.csv", "x\n");
      }
    }
    conf.set(DicmKeys.INPUT_FROM_DATE, "2024-05-05");
    conf.set(DicmKeys.INPUT_TO_DATE, "2024-05-06");
    conf.set(DicmKeys.SAMPLES_WINDOW_DAYS, "2");

    assertThat(days(InputTable.IMPRESSIONS)).containsExactly("2024-05-05", "2024-05-06");
    assertThat(days(InputTable.BEHAVIORS))
        .as("the window of the first day's impressions too")
        .containsExactly("2024-05-03", "2024-05-04", "2024-05-05", "2024-05-06");
    assertThat(days(InputTable.ITEMS)).containsExactly("2024-05-06");
    conf.set(DicmKeys.SAMPLES_WINDOW_DAYS, "0");
    assertThat(days(InputTable.BEHAVIORS)).hasSize(6).startsWith("2024-05-01");
    conf.unset(DicmKeys.INPUT_TO_DATE);
    assertThat(days(InputTable.IMPRESSIONS)).hasSize(5).endsWith("2024-05-09");
  }

  @Test
  void refusesDaysThatCannotBeHad() throws IOException {
    write("impressions/dt=2024-05-01/f.csv", "x\n");
    conf.set(DicmKeys.INPUT_FROM_DATE, "2024-05-02");
    refuses(
        InputTable.IMPRESSIONS,
        ErrorCode.INPUT_MISSING,
        "impressions: it has no partition of the days from 2024-05-02 to the end");
    conf.set(DicmKeys.INPUT_TO_DATE, "2024-05-01");
    refuses(
        InputTable.IMPRESSIONS,
        ErrorCode.CONFIGURATION_INVALID,
        "dicm.input.to-date: 2024-05-01 is before dicm.input.from-date, which is 2024-05-02");
    conf.set(DicmKeys.INPUT_TO_DATE, "yesterday");
    refuses(
        InputTable.IMPRESSIONS,
        ErrorCode.CONFIGURATION_INVALID,
        "dicm.input.to-date: was 'yesterday', needed YYYY-MM-DD");
  }

  @Test
  void refusesToPruneALogWithoutDaysButNotAListOfItems() throws IOException {
    write("impressions.csv", "x\n");
    write("items.csv", "x\n");
    conf.set(DicmKeys.INPUT_FROM_DATE, "2024-05-02");

    refuses(
        InputTable.IMPRESSIONS,
        ErrorCode.INPUT_INVALID,
        "impressions.csv from 2024-05-02 to the end: it is not partitioned by dt=YYYY-MM-DD");
    assertThat(find(InputTable.ITEMS).name()).isEqualTo("items.csv");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
      items.csv ORC    ; items.csv as part of items.csv: it is an ORC file, tables are CSV or Parquet
      items/a.orc ORC  ; it is an ORC file
      items/0000_0 Obj~ ; it is an Avro file
      items/0000_0 SEQ ; it is a SequenceFile
      items/f.csv ! ; it is compressed by gzip
      items/0000_0 a,b ; its name ends neither with .csv nor with .parquet
      items.parquet a,b ; it is not a Parquet file
      items/x/f.csv a  ; directories in a table are partitions, named column=value
      items/dt=today/f.csv a ; a partition has dt='today', needed YYYY-MM-DD
      """)
  void saysWhatIsNoTable(String file, String message) throws IOException {
    String start = file.substring(file.indexOf(' ') + 1);
    write(
        file.substring(0, file.indexOf(' ')),
        start.replace("~", "\u0001").replace("!", "\u001f\u008b"));

    refuses(InputTable.ITEMS, ErrorCode.INPUT_INVALID, message);
  }

  @Test
  void refusesTwoOfATableAndTwoFormatsInOne() throws IOException {
    write("items.csv", "x\n");
    write("items/f.csv", "x\n");
    write("users/f.csv", "x\n");
    write("users/f.parquet", "PAR1");
    write("behaviors/f.csv", "x\n");
    write("behaviors/dt=2024-05-01/f.csv", "x\n");
    Files.createDirectory(root.resolve("impressions"));

    refuses(InputTable.ITEMS, ErrorCode.INPUT_INVALID, "Cannot read the items: there are file:");
    refuses(InputTable.USERS, ErrorCode.INPUT_INVALID, "it holds CSV and Parquet files");
    refuses(InputTable.BEHAVIORS, ErrorCode.INPUT_INVALID, "it holds both files and directories");
    refuses(InputTable.IMPRESSIONS, ErrorCode.INPUT_MISSING, "there is no file in it");
  }

  @Test
  void aTableOfHiveIsWhereTheClientWasToldThatItIs() throws IOException {
    conf.set(DicmKeys.INPUT_ITEMS, "hive:shop.items");
    refuses(
        InputTable.ITEMS, ErrorCode.CONFIGURATION_INVALID, "hive:shop.items (dicm.input.items)");
    TableSource told =
        source("shop.items", TableFormat.PARQUET, part("items", Map.of("dt", "2024-05-01")));

    TableFinder.tell(conf, InputTable.ITEMS, told);

    assertThat(TableFinder.hiveTable(conf, InputTable.ITEMS)).contains("shop.items");
    assertThat(TableFinder.hiveTable(conf, InputTable.USERS)).isEmpty();
    assertThat(find(InputTable.ITEMS)).isEqualTo(told);
  }

  @Test
  void saysWhenAPartThatHiveNamedIsNotThereOrHasDirectories() throws IOException {
    write("items/delta_1/f.parquet", "PAR1");
    TableSource gone = source("shop.items", TableFormat.PARQUET, part("gone", Map.of()));
    TableSource deep = source("shop.items", TableFormat.PARQUET, part("items", Map.of()));

    assertThatThrownBy(() -> reader(gone))
        .hasMessageContaining("gone as part of shop.items: it is not there");
    assertThatThrownBy(() -> reader(deep))
        .hasMessageContaining("delta_1 as part of shop.items: it is a directory");
  }

  private TableReader reader(TableSource source) throws IOException {
    return new TableReader(conf, new TableScan(InputTable.ITEMS, source, List.of("item_id")));
  }

  private void refuses(InputTable table, ErrorCode code, String message) {
    assertThatThrownBy(() -> find(table))
        .hasMessageContaining(message)
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(code);
  }

  private List<String> days(InputTable table) throws IOException {
    return find(table).parts().stream().map(part -> part.partition().get("dt")).toList();
  }

  private TableFinder finder() {
    return new TableFinder(conf, new InputLayout(new Path(root.toUri())));
  }

  private TableSource find(InputTable table) throws IOException {
    return finder().require(table);
  }

  private TablePart part(String name, Map<String, String> partition) {
    return new TablePart("file:" + root.resolve(name), partition);
  }

  private static TableSource source(String name, TableFormat format, TablePart part) {
    return new TableSource(name, format, List.of(part));
  }

  private void write(String name, String text) throws IOException {
    java.nio.file.Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
