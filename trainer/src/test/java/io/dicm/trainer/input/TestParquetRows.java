package io.dicm.trainer.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestParquetRows {
  private static final long ONE_GROUP = 1 << 20;

  private final Configuration conf = new Configuration(false);

  @TempDir private java.nio.file.Path directory;
  private java.nio.file.Path file;

  @BeforeEach
  void setUp() {
    file = directory.resolve("t.parquet");
  }

  @Test
  void givesScalarsAsCsvWouldHaveThem() throws IOException {
    String schema =
        """
        message t {
          optional binary text (STRING); optional binary bytes; optional binary choice (ENUM);
          optional int32 small; optional int64 large; optional int32 tiny (INTEGER(8,false));
          optional float single; optional double wide; optional boolean flag;
          optional int32 day (DATE); optional int64 millis (TIMESTAMP(MILLIS,true));
          optional int64 micros (TIMESTAMP(MICROS,false)); optional int96 old;
          optional int32 cents (DECIMAL(9,2)); optional binary amount (DECIMAL(20,3));
        }
        """;
    try (ParquetTestTable table = new ParquetTestTable(file, schema, ONE_GROUP)) {
      table.row(
          row ->
              row.append("text", " größe|x ")
                  .append("bytes", "b")
                  .append("choice", "A")
                  .append("small", -5)
                  .append("large", 1L << 60)
                  .append("tiny", 200)
                  .append("single", 2.5f)
                  .append("wide", 5.0)
                  .append("flag", true)
                  .append("day", 19_844)
                  .append("millis", 1_714_521_600_999L)
                  .append("micros", 1_714_521_600_000_001L)
                  .append("old", ParquetTestTable.int96(2_440_589, 3_600_999_999_999L))
                  .append("cents", 1_250)
                  .append("amount", Binary.fromConstantByteArray(new byte[] {0x04, (byte) 0xd2})));
      table.row(row -> row.append("wide", Double.NaN).append("flag", false));
    }
    List<String> columns =
        List.of(
            "text", "bytes", "choice", "small", "large", "tiny", "single", "wide", "flag", "day",
            "millis", "micros", "old", "cents", "amount", "none");

    List<List<String>> rows = read(columns);

    assertThat(rows.get(0))
        .containsExactly(
            "größe|x",
            "b",
            "A",
            "-5",
            "1152921504606846976",
            "200",
            "2.5",
            "5",
            "1",
            "2024-05-01",
            "1714521600",
            "1714521600",
            "90000",
            "12.5",
            "1.234",
            "");
    assertThat(rows.get(1)).containsOnly("", "0").filteredOn("0"::equals).hasSize(1);
  }

  @Test
  void readsListsHoweverTheyWereWritten() throws IOException {
    String schema =
        """
        message t {
          optional group three (LIST) { repeated group list { optional binary element (STRING); } }
          optional group two (LIST) { repeated binary array (STRING); }
          repeated binary plain (STRING);
          optional group numbers (LIST) { repeated group bag { optional int64 array_element; } }
          optional binary text (STRING);
        }
        """;
    try (ParquetTestTable table = new ParquetTestTable(file, schema, ONE_GROUP)) {
      table.row(
          row -> {
            Group three = row.addGroup("three");
            three.addGroup("list").append("element", "a|b");
            three.addGroup("list");
            three.addGroup("list").append("element", " c ");
            row.addGroup("two").append("array", "d").append("array", "e");
            row.append("plain", "f").append("plain", "g");
            row.addGroup("numbers").addGroup("bag").append("array_element", 7L);
            row.append("text", "h| i|");
          });
      table.row(row -> row.addGroup("three"));
    }
    List<String> columns = List.of("three", "two", "plain", "numbers", "text");

    try (ParquetRows rows = ParquetRows.ofWhole(conf, path(), columns)) {
      TableRow row = rows.next();
      assertThat(columns.stream().map(row::values))
          .containsExactly(
              List.of("a|b", "c"),
              List.of("d", "e"),
              List.of("f", "g"),
              List.of("7"),
              List.of("h", "i"));
      assertThat(row.value("two")).isEqualTo("d|e");
      TableRow empty = rows.next();
      assertThat(columns.stream().map(empty::values)).containsOnly(List.of());
      assertThat(rows.next()).isNull();
    }
  }

  @Test
  void rangesThatCoverTheFileGiveEachRowOnceWithItsNumber() throws IOException {
    try (ParquetTestTable table =
        new ParquetTestTable(file, "message t { required binary id (STRING); }", 2_000)) {
      for (int i = 0; i < 5_000; i++) {
        String id = "row-" + i * 7_919L % 5_003;
        table.row(row -> row.append("id", id));
      }
    }
    List<String> whole = new ArrayList<>();
    read(List.of("id")).forEach(row -> whole.add(row.get(0)));
    long length = Files.size(file);
    List<String> pieces = new ArrayList<>();
    int filled = 0;

    for (long start = 0; start < length; start += 3_000) {
      try (ParquetRows rows =
          ParquetRows.ofRange(conf, path(), start, start + 3_000, List.of("id"))) {
        int before = pieces.size();
        for (TableRow row = rows.next(); row != null; row = rows.next()) {
          assertThat(rows.position()).isEqualTo(pieces.size());
          pieces.add(row.value("id"));
        }
        filled += pieces.size() > before ? 1 : 0;
      }
    }

    assertThat(pieces).isEqualTo(whole).hasSize(5_000);
    assertThat(filled).as("ranges with rows").isGreaterThan(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "optional group x (MAP) { repeated group key_value"
            + " { required binary key; optional int32 value; } }",
        "optional group x { optional int32 a; optional int32 b; }",
        "optional int32 x (TIME(MILLIS,true));",
        "optional fixed_len_byte_array(16) x (UUID);"
      })
  void namesAColumnThatIsAskedForAndCannotBeRead(String column) throws IOException {
    String schema = "message t { optional binary id; " + column + " }";
    try (ParquetTestTable table = new ParquetTestTable(file, schema, ONE_GROUP)) {
      table.row(row -> row.append("id", "a"));
    }

    assertThat(read(List.of("id"))).containsExactly(List.of("a"));
    assertThatThrownBy(() -> read(List.of("id", "x")))
        .hasMessageContaining("Cannot read column x of file:")
        .hasMessageContaining("needed a string, a number, a boolean")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.INPUT_INVALID);
  }

  @Test
  void aColumnThatNobodyAskedForIsAnErrorOfTheProgram() throws IOException {
    try (ParquetTestTable table =
        new ParquetTestTable(file, "message t { optional binary id; }", ONE_GROUP)) {
      table.row(row -> row.append("id", "a"));
    }
    try (ParquetRows rows = ParquetRows.ofWhole(conf, path(), List.of("id"))) {
      TableRow row = rows.next();

      assertThatThrownBy(() -> row.value("hour"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("Column hour is not among those that are read");
    }
  }

  @Test
  void saysWhatIsNoWholeFile() throws IOException {
    try (ParquetTestTable table =
        new ParquetTestTable(file, "message t { optional binary id; }", ONE_GROUP)) {
      table.row(row -> row.append("id", "a"));
    }
    Files.delete(directory.resolve(".t.parquet.crc"));
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 9));

    assertThatThrownBy(() -> read(List.of("id")))
        .hasMessageContaining("t.parquet: it is not a whole Parquet file")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.INPUT_INVALID);
  }

  private Path path() {
    return new Path(file.toUri());
  }

  private List<List<String>> read(List<String> columns) throws IOException {
    List<List<String>> read = new ArrayList<>();
    try (ParquetRows rows = ParquetRows.ofWhole(conf, path(), columns)) {
      for (TableRow row = rows.next(); row != null; row = rows.next()) {
        read.add(columns.stream().map(row::value).toList());
      }
    }
    return read;
  }
}
