package io.dicm.trainer.samplejob;

import io.dicm.trainer.input.TableRecord;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.serializer.Deserializer;
import org.apache.hadoop.io.serializer.Serialization;
import org.apache.hadoop.io.serializer.Serializer;
import org.apache.hadoop.mrunit.TestDriver;

/**
 * Lets MRUnit, which copies the input of mappers by writing and reading it, copy rows that no job
 * ever writes: what is written is the number under which the row can be found again.
 */
public final class ByReferenceSerialization implements Serialization<TableRecord> {
  private static final List<TableRecord> WRITTEN = new CopyOnWriteArrayList<>();

  /** Gives a driver a copy of a configuration that has MRUnit copy rows so. */
  @SuppressWarnings(
      "deprecation") // Values added to the driver's own have Hadoop's files read anew.
  static void addTo(TestDriver<?, ?, ?> driver, Configuration conf) {
    Configuration own = new Configuration(conf);
    own.setStrings(
        "io.serializations",
        "org.apache.hadoop.io.serializer.WritableSerialization",
        ByReferenceSerialization.class.getName());
    driver.setConfiguration(own);
  }

  @Override
  public boolean accept(Class<?> type) {
    return type == TableRecord.class;
  }

  @Override
  public Serializer<TableRecord> getSerializer(Class<TableRecord> type) {
    return new Numbers();
  }

  @Override
  public Deserializer<TableRecord> getDeserializer(Class<TableRecord> type) {
    return new Rows();
  }

  private static final class Numbers implements Serializer<TableRecord> {
    private DataOutputStream out;

    @Override
    public void open(OutputStream stream) {
      out = new DataOutputStream(stream);
    }

    @Override
    public void serialize(TableRecord row) throws IOException {
      WRITTEN.add(row);
      out.writeInt(WRITTEN.lastIndexOf(row));
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }

  private static final class Rows implements Deserializer<TableRecord> {
    private DataInputStream in;

    @Override
    public void open(InputStream stream) {
      in = new DataInputStream(stream);
    }

    @Override
    public TableRecord deserialize(TableRecord reused) throws IOException {
      return WRITTEN.get(in.readInt());
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
