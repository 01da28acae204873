package io.dicm.trainer.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestCsvTable {
  private final Configuration conf = new Configuration(false);
  private final List<String> values = new ArrayList<>();
  private final List<String> rejects = new ArrayList<>();

  @TempDir private java.nio.file.Path directory;

  @Test
  void readsQuotesLineBreaksAndAByteOrderMark() throws IOException {
    long rows = read("\ufeffid, name \r\n1,\"a,\"\"b\"\"\nc\"\r\n2, d \r\n");

    assertThat(rows).isEqualTo(2);
    assertThat(values).containsExactly("1=a,\"b\"\nc", "2=d");
    assertThat(rejects).isEmpty();
  }

  @Test
  void rejectsRowsWithTheirLine() throws IOException {
    long rows = read("id,name\n1,a\n2\n3,c,d\n,e\n");

    assertThat(rows).isEqualTo(4);
    assertThat(values).containsExactly("1=a");
    assertThat(rejects)
        .containsExactly(
            "table.csv line 3: wrong_field_count: 1 fields, the header has 2",
            "table.csv line 4: wrong_field_count: 3 fields, the header has 2",
            "table.csv line 5: missing_value: id is empty");
  }

  @Test
  void splitsSeveralValues() throws Exception {
    CsvRow row = new CsvRow(new TableColumns("t", List.of("c")), List.of(" a || b |"));

    assertThat(row.values("c")).containsExactly("a", "b");
    assertThat(row.values("absent")).isEmpty();
    assertThat(row.value("absent")).isEmpty();
  }

  @Test
  void saysWhatIsWrongWithATable() {
    assertError("", ErrorCode.INPUT_INVALID, "table.csv as CSV: it is empty");
    assertError("id,id\n", ErrorCode.INPUT_INVALID, "column 'id' is there twice");
    assertError("id,name\n1,\"a\"b\n", ErrorCode.INPUT_INVALID, "table.csv as CSV: ");
    assertThatThrownBy(() -> new CsvTable(conf, new Path("file:///nowhere/table.csv")))
        .hasMessageContaining("/nowhere/table.csv: there is no such file")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.INPUT_MISSING);
  }

  @Test
  void namesMissingColumns() {
    TableColumns header = new TableColumns("items.csv", List.of("item_id", "shop"));

    assertThatThrownBy(() -> header.require(List.of("item_id", "image_id", "brand")))
        .hasMessageContaining(
            "Cannot use items.csv: it has no column image_id, brand; its columns are item_id,shop");
  }

  @Test
  void parsesSingleLinesAlike() throws Exception {
    CsvLineParser parser = new CsvLineParser(new TableColumns("t", List.of("id", "name")));

    assertThat(parser.parse("1,\"a,\"\"b\"\"\"").value("name")).isEqualTo("a,\"b\"");
    assertThatThrownBy(() -> parser.parse("1,\"a\"b"))
        .extracting(e -> ((BadRowException) e).problem())
        .isEqualTo(RowProblem.BAD_QUOTING);
    assertThatThrownBy(() -> parser.parse("1"))
        .extracting(e -> ((BadRowException) e).problem())
        .isEqualTo(RowProblem.WRONG_FIELD_COUNT);
  }

  private void assertError(String text, ErrorCode code, String message) {
    assertThatThrownBy(() -> read(text))
        .hasMessageContaining(message)
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(code);
  }

  private long read(String text) throws IOException {
    java.nio.file.Path file = directory.resolve("table.csv");
    Files.writeString(file, text);
    try (CsvTable table = new CsvTable(conf, new Path(file.toUri()))) {
      return table.forEach(
          row -> values.add(row.required("id") + "=" + row.value("name")),
          (place, bad) ->
              rejects.add(place + ": " + bad.problem().reason() + ": " + bad.getMessage()));
    }
  }
}
