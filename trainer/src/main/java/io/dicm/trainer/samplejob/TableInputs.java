package io.dicm.trainer.samplejob;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.trainer.input.CsvInputFormat;
import io.dicm.trainer.input.ParquetInputFormat;
import io.dicm.trainer.input.TableRecord;
import io.dicm.trainer.input.TableSource;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.Mapper;
import org.apache.hadoop.mapreduce.lib.input.FileInputFormat;
import org.apache.hadoop.mapreduce.lib.input.MultipleInputs;

/**
 * Gives log tables to the mappers of a job.
 *
 * @param job not yet submitted
 */
record TableInputs(Job job) {
  /**
   * @param mapper of this table's rows
   * @throws DicmException {@link ErrorCode#INPUT_INVALID} for a path that Hadoop cannot tell to
   *     tasks
   */
  void add(TableSource source, Class<? extends Mapper<NullWritable, TableRecord, ?, ?>> mapper) {
    for (Path path : source.paths()) {
      requireNoComma(path, source);
      MultipleInputs.addInputPath(job, path, inputFormat(source), mapper);
    }
  }

  /** Hadoop tells the tasks of several inputs in one list that commas and semicolons part. */
  private static void requireNoComma(Path path, TableSource source) {
    if (path.toString().contains(",") || path.toString().contains(";")) {
      throw new DicmException(
          ErrorCode.INPUT_INVALID,
          "Cannot read "
              + source.name()
              + ": its path "
              + path
              + " has a comma or a semicolon, which a MapReduce job cannot take.");
    }
  }

  private static Class<? extends FileInputFormat<NullWritable, TableRecord>> inputFormat(
      TableSource source) {
    return switch (source.format()) {
      case CSV -> CsvInputFormat.class;
      case PARQUET -> ParquetInputFormat.class;
    };
  }
}
