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
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;

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
    try (ParquetReader<Group> in =
        ParquetReader.builder(new GroupReadSupport(), file).withConf(conf).build()) {
      for (Group row = in.read(); row != null; row = in.read()) {
        reader.read(row);
        rows++;
      }
    }
    return rows;
  }

  /** Takes one row; it is valid only during the call. */
  @FunctionalInterface
  public interface RowReader {
    void read(Group row) throws IOException;
  }
}
