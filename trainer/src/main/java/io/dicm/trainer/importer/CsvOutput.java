package io.dicm.trainer.importer;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Writes one CSV table with a header. For one thread. */
final class CsvOutput implements Closeable {
  private final CsvWriter writer;

  CsvOutput(Configuration conf, Path file, String... header) throws IOException {
    this.writer =
        CsvWriter.builder()
            .lineDelimiter(LineDelimiter.LF)
            .build(file.getFileSystem(conf).create(file, true), StandardCharsets.UTF_8);
    writer.writeRecord(header);
  }

  void row(String... values) {
    writer.writeRecord(values);
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }
}
