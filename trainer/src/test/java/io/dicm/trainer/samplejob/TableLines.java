package io.dicm.trainer.samplejob;

import io.dicm.trainer.input.BadRowException;
import io.dicm.trainer.input.CsvLineParser;
import io.dicm.trainer.input.TableColumns;
import io.dicm.trainer.input.TableRecord;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mrunit.types.Pair;

/** Lines of CSV as a mapper's input. */
record TableLines(TableColumns columns) {
  static TableLines of(String header) {
    return new TableLines(new TableColumns("table", List.of(header.split(",", -1))));
  }

  /** A whole table: the first line is the header. */
  static List<Pair<NullWritable, TableRecord>> table(List<String> lines) {
    TableLines table = of(lines.get(0));
    List<Pair<NullWritable, TableRecord>> rows = new ArrayList<>();
    long offset = lines.get(0).length() + 1L;
    for (String line : lines.subList(1, lines.size())) {
      rows.add(table.line(offset, line));
      offset += line.length() + 1;
    }
    return rows;
  }

  /** One line. */
  Pair<NullWritable, TableRecord> line(long offset, String text) {
    return new Pair<>(NullWritable.get(), record(offset, text));
  }

  private TableRecord record(long offset, String text) {
    try {
      return TableRecord.of("f", "byte", offset, new CsvLineParser(columns).parse(text));
    } catch (BadRowException bad) {
      return TableRecord.bad("f", "byte", offset, bad);
    }
  }
}
