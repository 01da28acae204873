package io.dicm.common.parquet;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.conf.HadoopParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.InputFile;

/** Lists and reads Parquet tables of moderate width; wide vectors have a reader of their own. */
public final class ParquetTables {
  private ParquetTables() {}

  /** The name of a table's file by its writer's number: {@code part-00000.parquet} and so on. */
  public static String partName(int number) {
    return String.format(Locale.ROOT, "part-%05d.parquet", number);
  }

  /** The Parquet files directly in a directory, by name; hidden and marker files are left out. */
  public static List<FileStatus> files(Configuration conf, Path directory) throws IOException {
    FileSystem fs = directory.getFileSystem(conf);
    List<FileStatus> files = new ArrayList<>();
    for (FileStatus status : fs.listStatus(directory)) {
      String name = status.getPath().getName();
      if (status.isFile() && name.endsWith(".parquet") && !name.startsWith("_")) {
        files.add(status);
      }
    }
    files.sort(Comparator.comparing(FileStatus::getPath));
    return files;
  }

  /**
   * Reads a file's rows one after the other.
   *
   * @return the number of rows read
   */
  public static long read(Configuration conf, Path file, RowReader reader) throws IOException {
    long rows = 0;
    try (ParquetReader<Group> in = reader(conf, file, new GroupReadSupport()).build()) {
      for (Group row = in.read(); row != null; row = in.read()) {
        reader.read(row);
        rows++;
      }
    }
    return rows;
  }

  /**
   * A reader of a file's rows, to be tuned and built.
   *
   * @param conf what Parquet's settings are read from; its own builders would read all of Hadoop's
   *     default files first, for each file anew, even when they are told of another configuration
   */
  public static <T> ParquetReader.Builder<T> reader(
      Configuration conf, Path file, ReadSupport<T> support) throws IOException {
    return new ReaderBuilder<>(HadoopInputFile.fromPath(file, conf), conf, support);
  }

  private static final class ReaderBuilder<T> extends ParquetReader.Builder<T> {
    private final ReadSupport<T> support;

    ReaderBuilder(InputFile file, Configuration conf, ReadSupport<T> support) {
      super(file, new HadoopParquetConfiguration(conf));
      this.support = support;
    }

    @Override
    protected ReadSupport<T> getReadSupport() {
      return support;
    }
  }

  /** Takes one row; it is valid only during the call. */
  @FunctionalInterface
  public interface RowReader {
    void read(Group row) throws IOException;
  }
}
