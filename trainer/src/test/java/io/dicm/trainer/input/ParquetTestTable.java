package io.dicm.trainer.input;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** Writes a Parquet file of any schema, row by row. */
public final class ParquetTestTable implements AutoCloseable {
  private final SimpleGroupFactory groups;
  private final ParquetWriter<Group> writer;

  /**
   * @param schema in Parquet's own notation
   * @param rowGroupBytes small ones make many row groups
   */
  public ParquetTestTable(java.nio.file.Path file, String schema, long rowGroupBytes)
      throws IOException {
    MessageType type = MessageTypeParser.parseMessageType(schema);
    this.groups = new SimpleGroupFactory(type);
    this.writer =
        ExampleParquetWriter.builder(new Path(file.toUri()))
            .withConf(new Configuration(false))
            .withType(type)
            .withRowGroupSize(rowGroupBytes)
            .withPageSize(256)
            .withMinRowCountForPageSizeCheck(1)
            .build();
  }

  /** Adds one row that {@code fill} fills. */
  public ParquetTestTable row(Consumer<Group> fill) throws IOException {
    Group group = groups.newGroup();
    fill.accept(group);
    writer.write(group);
    return this;
  }

  /** A timestamp as Impala and older Hive and Spark write it. */
  static Binary int96(int julianDay, long nanosOfDay) {
    ByteBuffer bytes = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(nanosOfDay).putInt(julianDay);
    return Binary.fromConstantByteArray(bytes.array());
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }
}
